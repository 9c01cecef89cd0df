// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static egret.capture.socket.BpfAssembler.FRAME;
import static egret.capture.socket.BpfAssembler.R0;
import static egret.capture.socket.BpfAssembler.R1;
import static egret.capture.socket.BpfAssembler.R2;
import static egret.capture.socket.BpfAssembler.R6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import egret.capture.socket.BpfPrograms.Detail;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BpfAssemblerTest {
    private static final long EXIT = 0x95;
    private static final long RETURN_ONE = 0x1_0000_00b7L;

    private static long only(BpfAssembler assembler) {
        ByteBuffer program = assembler.assemble();
        assertThat(program.capacity()).isEqualTo(8);
        return program.getLong(0);
    }

    @Test
    void writesTheKernelsEncodings() {
        // As in include/linux/filter.h: opcode, registers (from in the high half), offset, immediate.
        assertThat(only(new BpfAssembler().move(R6, R1))).isEqualTo(0x0000_0000_0000_16bfL);
        assertThat(only(new BpfAssembler().add(R6, R1))).isEqualTo(0x0000_0000_0000_160fL);
        assertThat(only(new BpfAssembler().set(R2, -1))).isEqualTo(0xffff_ffff_0000_02b7L);
        assertThat(only(new BpfAssembler().load4(R1, R6, 68))).isEqualTo(0x0000_0000_0044_6161L);
        assertThat(only(new BpfAssembler().load8(R1, FRAME, -8))).isEqualTo(0x0000_0000_fff8_a179L);
        assertThat(only(new BpfAssembler().store8(FRAME, -16, R0))).isEqualTo(0x0000_0000_fff0_0a7bL);
        assertThat(only(new BpfAssembler().storeNumber4(FRAME, -4, 7))).isEqualTo(0x0000_0007_fffc_0a62L);
        assertThat(only(new BpfAssembler().atomicAdd8(R1, 0, R2))).isEqualTo(0x0000_0000_0000_21dbL);
        assertThat(only(new BpfAssembler().fromNetwork2(R1))).isEqualTo(0x0000_0010_0000_01dcL);
        assertThat(only(new BpfAssembler().call(BpfFunction.GET_SOCKET_COOKIE))).isEqualTo(0x0000_002e_0000_0085L);
        assertThat(only(new BpfAssembler().exit())).isEqualTo(EXIT);
        assertThat(new BpfAssembler()
                        .label("x")
                        .jumpIfGreater(R2, R6, "x")
                        .assemble()
                        .getLong(0))
                .isEqualTo(0x0000_0000_ffff_622dL);
    }

    @Test
    void writesMapsInTwoInstructions() {
        ByteBuffer map = new BpfAssembler().map(R1, 5).mapValue(R2, 6).assemble();
        assertThat(map.getLong(0)).isEqualTo(0x0000_0005_0000_1118L);
        assertThat(map.getLong(8)).isZero();
        assertThat(map.getLong(16)).isEqualTo(0x0000_0006_0000_2218L);
        assertThat(map.getLong(24)).isZero();
    }

    @Test
    void jumpsForwardsAndBackwards() {
        ByteBuffer program = new BpfAssembler()
                .label("start")
                .jumpIfEqual(R1, 3, "end")
                .jump("start")
                .label("end")
                .exit()
                .assemble();
        assertThat(program.getLong(0)).isEqualTo(0x0000_0003_0001_0115L);
        assertThat(program.getLong(8)).isEqualTo(0x0000_0000_fffe_0005L);
    }

    @Test
    void refusesLabelsThatAreMissingOrTwice() {
        assertThatThrownBy(() -> new BpfAssembler().jump("nowhere").assemble()).hasMessage("no label nowhere");
        assertThatThrownBy(() -> new BpfAssembler().label("here").label("here")).hasMessage("label twice: here");
    }

    /** Any other result would refuse the socket's call, or drop its packet. */
    @Test
    void everyProgramEndsOnceAndWithOne() {
        BpfPrograms programs = new BpfPrograms(3, 4);
        for (ByteBuffer program : List.of(
                programs.connect(Detail.NAME, false),
                programs.connect(Detail.NOTHING, true),
                programs.send(Detail.USER, BpfRecord.AF_INET, 5),
                programs.send(Detail.NAME, BpfRecord.AF_INET6, 5),
                programs.create(Detail.NOTHING),
                programs.socketOperations(true),
                programs.socketOperations(false),
                programs.egress(5))) {
            int exits = 0;
            for (int at = 0; at < program.capacity(); at += 8) {
                exits += (program.getLong(at) & 0xff) == EXIT ? 1 : 0;
            }
            assertThat(exits).isEqualTo(1);
            assertThat(program.getLong(program.capacity() - 8)).isEqualTo(EXIT);
            assertThat(program.getLong(program.capacity() - 16)).isEqualTo(RETURN_ONE);
        }
    }

    @Test
    void tellsTheVerifiersLastWord() {
        assertThat(BpfCalls.reason(
                        log("0: (85) call 14\nunknown func bpf_get_current_pid_tgid#14\nprocessed 3 insns\n")))
                .isEqualTo("unknown func bpf_get_current_pid_tgid#14");
        assertThat(BpfCalls.reason(log(""))).isEmpty();
        assertThat(BpfCalls.reason(ByteBuffer.allocate(3).put(0, new byte[] {'a', 'b', 'c'})))
                .isEqualTo("abc");
        assertThat(BpfCalls.reason(log("x".repeat(500)))).hasSize(160);
    }

    private static ByteBuffer log(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(bytes.length + 10)
                .order(ByteOrder.nativeOrder())
                .put(0, bytes);
    }
}
