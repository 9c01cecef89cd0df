// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static egret.capture.pcap.PcapTest.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PcapngTest {
    private static final long MICROS = 1_700_000_000_123_456L;
    private static final long NANOS = MICROS * 1000;

    @TempDir
    Path directory;

    private ReadPackets read(PcapngWriter writer) {
        return ReadPackets.of(writer.write(directory.resolve("capture")));
    }

    private static ReadPackets.Seen seen(long number, long nanos, int linkType, int index, int original, String frame) {
        return new ReadPackets.Seen(0, number, nanos, linkType, index, frame.length(), original, frame);
    }

    @Test
    void readsAllPacketBlocksOfSectionsInBothByteOrders() {
        PcapngWriter writer = new PcapngWriter();
        long micros = MICROS;
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            writer.section(order)
                    .networkInterface(1, 0)
                    .networkInterface(113, 0)
                    .packet(1, micros, frame("enhanced"), 1400)
                    .oldPacket(1, micros + 1, frame("old"), 1400)
                    .simplePacket(frame("simple"), 6);
            micros += 2;
        }
        ReadPackets read = read(writer);
        assertThat(read.packets())
                .containsExactly(
                        seen(1, NANOS, 113, 1, 1400, "enhanced"),
                        seen(2, NANOS + 1000, 113, 1, 1400, "old"),
                        seen(3, NANOS + 1000, 1, 0, 6, "simple"),
                        seen(4, NANOS + 2000, 113, 3, 1400, "enhanced"),
                        seen(5, NANOS + 3000, 113, 3, 1400, "old"),
                        seen(6, NANOS + 3000, 1, 2, 6, "simple"));
        assertThat(read.result().error()).isNull();
        assertThat(read.result().truncatedAt()).isEqualTo(-1);
        assertThat(read.result().bytes()).isEqualTo(writer.bytes().length);
    }

    @Test
    void cutsSimplePacketsAtTheSnaplen() {
        ReadPackets read = read(new PcapngWriter()
                .section()
                .networkInterface(1, 5)
                .simplePacket(frame("abcde\0\0"), 900)
                .simplePacket(frame("abc"), 3));
        assertThat(read.frames()).containsExactly("abcde", "abc");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1700000000, 0, 1700000000000000000",
        "3, 1700000000123, 0, 1700000000123000000",
        "6, 1700000000123456, 0, 1700000000123456000",
        "9, 1700000000123456789, 0, 1700000000123456789",
        "12, 1700000000123456789, 0, 1700000000123456",
        "19, -1, 0, 1844674407",
        "28, -1, 0, 1",
        "29, -1, 0, 0",
        "127, -1, 0, 0",
        "6, 123456, 1700000000, 1700000000123456000",
        "6, 5000000, -3, 2000000000",
        "6, 5000000, -7, -2000000000",
        "128, 1700000000, 0, 1700000000000000000",
        "129, 3400000001, 0, 1700000000500000000",
        "138, 1740800000512, 0, 1700000000500000000",
        "160, 7301444403200000000, 0, 1700000000000000000",
        "161, 7301444403200000000, 0, 850000000000000000",
        "192, -1, 0, 999999999",
        "255, -1, 0, 0",
        "6, -1, 0, 9223372036854775807",
        "6, 9223372036854775807, 0, 9223372036854775807",
        "128, -1, 0, 9223372036854775807",
        "9, 9223372036854775807, 9000000000, 9223372036854775807",
    })
    void convertsEveryClock(int resolution, long timestamp, long offsetSeconds, long nanos) {
        ReadPackets read = read(new PcapngWriter()
                .section()
                .networkInterface(1, 0, resolution, offsetSeconds)
                .packet(0, timestamp, frame("x")));
        assertThat(read.timestamps()).containsExactly(nanos);
    }

    @Test
    void skipsOtherBlocksWhateverTheirLength() {
        ReadPackets read = read(new PcapngWriter()
                .section()
                .block(4, new byte[20])
                .networkInterface(1, 0)
                .block(0x7fff_fff0, new byte[3_000_000])
                .packet(0, MICROS, frame("one"))
                .block(5, new byte[0])
                .packet(0, MICROS, frame("two")));
        assertThat(read.frames()).containsExactly("one", "two");
        assertThat(read.result().error()).isNull();
    }

    @Test
    void numbersFramesAsWiresharkDoes() {
        ReadPackets read = read(new PcapngWriter()
                .section()
                .networkInterface(1, 0)
                .block(5, new byte[8])
                .block(9, new byte[40])
                .packet(0, MICROS, frame("second"))
                .block(0xbad, new byte[300_000])
                .packet(0, MICROS, frame("fourth")));
        assertThat(read.packets().stream().map(ReadPackets.Seen::number)).containsExactly(2L, 4L);
        assertThat(read.result().packets()).isEqualTo(2);
    }

    @Test
    void doesNotBufferTheCommentsOfAPacket() {
        ReadPackets read = read(new PcapngWriter()
                .section()
                .networkInterface(1, 0)
                .packet(0, MICROS, frame("talked about"), 12, 12, 8_000_000)
                .packet(0, MICROS, frame("not")));
        assertThat(read.frames()).containsExactly("talked about", "not");
        assertThat(read.result().error()).isNull();
    }

    @Test
    void reportsWhereTheBlockBeginsThatTheFileEndsIn() {
        PcapngWriter writer =
                new PcapngWriter().section().networkInterface(1, 0).packet(0, MICROS, frame("whole"));
        int cutAt = writer.bytes().length;
        byte[] whole = writer.block(4, new byte[900_000]).bytes();
        for (int length : new int[] {cutAt + 1, cutAt + 11, cutAt + 12, cutAt + 500_000, whole.length - 1}) {
            ReadPackets read = read(new PcapngWriter().raw(java.util.Arrays.copyOf(whole, length)));
            assertThat(read.frames()).containsExactly("whole");
            assertThat(read.result().truncatedAt()).as("cut at %d", length).isEqualTo(cutAt);
            assertThat(read.result().error()).isNull();
        }
    }

    private void assertRefused(PcapngWriter rest, String reason) {
        PcapngWriter writer =
                new PcapngWriter().section().networkInterface(1, 0).packet(0, MICROS, frame("before"));
        int at = writer.bytes().length;
        ReadPackets read = read(writer.raw(rest.bytes()));
        assertThat(read.frames()).containsExactly("before");
        assertThat(read.result().error())
                .startsWith(directory.resolve("capture") + ", byte " + at + ": ")
                .contains(reason);
    }

    private static byte[] ints(int... values) {
        java.nio.ByteBuffer buffer =
                java.nio.ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    @Test
    void refusesHostileLengthsAndIndexes() {
        assertRefused(new PcapngWriter().raw(ints(5, 0, 0)), "a block of 0 bytes");
        assertRefused(new PcapngWriter().raw(ints(5, 11, 0)), "a block of 11 bytes");
        assertRefused(new PcapngWriter().raw(ints(5, 13, 0)), "a block of 13 bytes");
        assertRefused(new PcapngWriter().raw(ints(5, -4, 0)), "a block of 4294967292 bytes");
        assertRefused(new PcapngWriter().raw(ints(5, 0x7fff_fffc, 0)), "a block of 2147483644 bytes");
        assertRefused(new PcapngWriter().raw(ints(5, 16, 0, 20)), "16 at its start and 20 at its end");
        assertRefused(new PcapngWriter().raw(ints(6, 12, 12)), "a packet block of 12 bytes");
        assertRefused(new PcapngWriter().raw(ints(3, 12, 12)), "a simple packet block of 12 bytes");
        assertRefused(new PcapngWriter().raw(ints(1, 12, 12)), "an interface description of 12 bytes");
        assertRefused(new PcapngWriter().packet(1, 0, frame("x")), "a packet of interface 1");
        assertRefused(new PcapngWriter().packet(-1, 0, frame("x")), "a packet of interface 4294967295");
        assertRefused(new PcapngWriter().packet(0, 0, frame("x"), 5, 5, 0), "a packet of 5 captured bytes");
        assertRefused(new PcapngWriter().packet(0, 0, frame("x"), -1, 5, 0), "a packet of 4294967295 captured bytes");
        assertRefused(new PcapngWriter().raw(ints(0x0a0d0d0a, 28, 7, 1, 0, 0, 28)), "byte order mark");
        assertRefused(new PcapngWriter().raw(ints(0x0a0d0d0a, 28, 0x1a2b3c4d, 2, 0, 0, 28)), "version 2");
        assertRefused(new PcapngWriter().raw(ints(0x0a0d0d0a, 16, 0x1a2b3c4d, 1)), "section header of 16 bytes");
    }

    @Test
    void forgetsTheInterfacesOfTheSectionBefore() {
        ReadPackets read = read(
                new PcapngWriter().section().networkInterface(1, 0).section().packet(0, MICROS, frame("x")));
        assertThat(read.packets()).isEmpty();
        assertThat(read.result().error()).contains("byte 76: a packet of interface 0");
    }

    @Test
    void survivesInterfaceOptionsThatLie() {
        PcapngWriter writer = new PcapngWriter().section();
        writer.block(1, ints(1, 0, 9 | 0xffff << 16, 0));
        writer.block(1, ints(1, 0, 9 | 2 << 16, 0));
        writer.block(1, ints(1, 0, 14 | 1 << 16, 0, 9 | 1 << 16));
        writer.packet(0, MICROS, frame("a")).packet(1, MICROS, frame("b")).packet(2, MICROS, frame("c"));
        assertThat(read(writer).timestamps()).containsExactly(NANOS, NANOS, NANOS);
    }
}
