// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.linux.NetlinkSocket;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DiagAnswerTest {
    private static final int ROUNDS = 20_000;
    private static final int LENGTH = DiagAnswer.BYTES + 8 + 12;

    private final DiagAnswer answer = new DiagAnswer();

    @Test
    void readsUserInodeAndCgroup() {
        assertThat(answer.read(bytes(), 0, LENGTH)).isTrue();

        assertThat(answer.state).isEqualTo(2);
        assertThat(answer.sourcePort).isEqualTo(40_000);
        assertThat(answer.destinationPort).isEqualTo(443);
        assertThat(answer.uid).isEqualTo(1000);
        assertThat(answer.inode).isEqualTo(0xf000_0001L);
        assertThat(answer.cgroupId).isEqualTo(0x1_0000_0005L);
    }

    @Test
    void knowsNoUserOfASocketThatForgotIt() {
        ByteBuffer bytes = bytes();
        bytes.putInt(64, 0).putInt(68, 0);

        assertThat(answer.read(bytes, 0, DiagAnswer.BYTES)).isTrue();

        assertThat(answer.uid).isEqualTo(-1);
        assertThat(answer.inode).isZero();
        assertThat(answer.cgroupId).isZero();
    }

    @Test
    void readsNothingPastTheEndWhateverTheBytes() {
        for (int length = 0; length < DiagAnswer.BYTES; length++) {
            assertThat(answer.read(bytes(), 0, length)).isFalse();
        }
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            ByteBuffer bytes = bytes();
            for (int i = random.nextInt(5); i >= 0; i--) {
                bytes.put(DiagAnswer.BYTES + random.nextInt(20), (byte) random.nextInt(30));
            }
            int to = random.nextInt(LENGTH + 10);
            assertThat(answer.read(bytes, 0, to)).as("seed " + seed).isEqualTo(to >= DiagAnswer.BYTES && to <= LENGTH);
        }
    }

    private static ByteBuffer bytes() {
        ByteBuffer bytes = NetlinkSocket.buffer(LENGTH);
        bytes.put(0, (byte) 2).put(1, (byte) 2);
        bytes.put(4, (byte) 0x9c).put(5, (byte) 0x40).put(6, (byte) 1).put(7, (byte) 0xbb);
        bytes.putInt(64, 1000).putInt(68, 0xf000_0001);
        bytes.putShort(72, (short) 5).putShort(74, (short) 8);
        bytes.putShort(80, (short) 12).putShort(82, (short) 21).putLong(84, 0x1_0000_0005L);
        return bytes;
    }
}
