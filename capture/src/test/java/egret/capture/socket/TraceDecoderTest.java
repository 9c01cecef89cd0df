// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceDecoderTest {
    private final TraceEvent event = new TraceEvent();

    @TempDir
    Path events;

    private TraceDecoder decoder() throws SocketSourceException {
        TraceBytes.writeFormats(events);
        return new TraceDecoder(events, true);
    }

    private boolean decode(TraceDecoder decoder, byte[] bytes) {
        ByteBuffer page = ByteBuffer.allocateDirect(bytes.length + 3)
                .order(ByteOrder.nativeOrder())
                .put(3, bytes);
        return decoder.decode(page, 3, bytes.length, event);
    }

    @Test
    void readsWhatProcessesDo() throws SocketSourceException {
        TraceDecoder decoder = decoder();
        assertThat(decoder.tellsLastExit()).isTrue();
        assertThat(decode(decoder, TraceBytes.newTask(10, 11, true))).isTrue();
        assertThat(event.kind).isEqualTo(TraceEvent.Kind.NEW_TASK);
        assertThat(event.thread).isEqualTo(10);
        assertThat(event.other).isEqualTo(11);
        assertThat(event.flag).isTrue();
        assertThat(decode(decoder, TraceBytes.newTask(10, 12, false))).isTrue();
        assertThat(event.flag).isFalse();
        assertThat(decode(decoder, TraceBytes.executed(10, 13, "/usr/bin/curl")))
                .isTrue();
        assertThat(event.path).isEqualTo("/usr/bin/curl");
        assertThat(event.other).isEqualTo(13);
        assertThat(decode(decoder, TraceBytes.exited(14, true))).isTrue();
        assertThat(event.thread).isEqualTo(14);
        assertThat(event.flag).isTrue();
    }

    @Test
    void readsStatesOfSockets() throws SocketSourceException {
        assertThat(decode(decoder(), TraceBytes.state(10, -5, 2, 1, 40_000, 443)))
                .isTrue();
        assertThat(event.socket).isEqualTo(-5);
        assertThat(event.oldState).isEqualTo(2);
        assertThat(event.newState).isEqualTo(1);
        assertThat(event.sourcePort).isEqualTo(40_000);
        assertThat(event.destinationPort).isEqualTo(443);
        assertThat(event.sourceHigh).isZero();
        assertThat(event.sourceLow).isEqualTo(0xffff_c000_0201L);
        assertThat(event.destinationLow).isEqualTo(0xffff_c633_6402L);
    }

    @Test
    void staysInsideOfEvents() throws SocketSourceException {
        TraceDecoder decoder = decoder();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[][] samples = {
            TraceBytes.newTask(1, 2, true),
            TraceBytes.executed(1, 2, "/bin/true"),
            TraceBytes.exited(1, false),
            TraceBytes.state(1, 2, 2, 1, 3, 4)
        };
        for (byte[] sample : samples) {
            for (int length = 0; length < sample.length; length++) {
                ByteBuffer cut = ByteBuffer.allocate(length)
                        .order(ByteOrder.nativeOrder())
                        .put(0, sample, 0, length);
                decoder.decode(cut, 0, length, event);
            }
            for (int round = 0; round < 5_000; round++) {
                byte[] changed = sample.clone();
                for (int change = 0; change < 3; change++) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                }
                decoder.decode(ByteBuffer.wrap(changed).order(ByteOrder.nativeOrder()), 0, changed.length, event);
                assertThat(event.path.length()).as("seed " + seed).isLessThanOrEqualTo(changed.length);
            }
        }
    }

    @Test
    void saysWhatThisKernelLacks() throws IOException {
        TraceBytes.writeFormats(events);
        Path format = events.resolve(TraceDecoder.STATE).resolve("format");
        Files.writeString(
                format, Files.readString(format).replace("skaddr;\toffset:8;\tsize:8", "skaddr;\toffset:8;\tsize:4"));
        assertThatThrownBy(() -> new TraceDecoder(events, true))
                .isInstanceOf(SocketSourceException.class)
                .hasMessage("the kernel's event sock/inet_sock_set_state has no skaddr of 8 bytes");
        Files.delete(format);
        assertThatThrownBy(() -> new TraceDecoder(events, true))
                .hasMessage("this kernel does not trace sock/inet_sock_set_state");
        assertThat(assertDecodesWithoutSockets()).isTrue();
    }

    private boolean assertDecodesWithoutSockets() {
        try {
            return !decode(new TraceDecoder(events, false), TraceBytes.state(1, 2, 2, 1, 3, 4));
        } catch (SocketSourceException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void readsFormatsOfAnyText() throws SocketSourceException {
        assertThatThrownBy(() -> new TraceFormat("x", "ID: \n").id()).isInstanceOf(SocketSourceException.class);
        assertThatThrownBy(() -> new TraceFormat("x", "ID: 1\n\tfield:int a;\toffset:-4;\tsize:4;").offset("a", 4))
                .isInstanceOf(SocketSourceException.class);
        assertThatThrownBy(() -> new TraceFormat("x", "field:int a;offset:999999999;size:4;").offset("a", 4))
                .isInstanceOf(SocketSourceException.class);
        TraceFormat format = new TraceFormat("x", "ID: 17\nfield:__u8 a[4];offset:8;size:4;\nfield:;offset:1;size:1;");
        assertThat(format.id()).isEqualTo(17);
        assertThat(format.offset("a", 4)).isEqualTo(8);
        assertThat(format.length()).isEqualTo(12);
    }
}
