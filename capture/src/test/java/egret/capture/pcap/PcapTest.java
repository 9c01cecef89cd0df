// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PcapTest {
    private static final long FIRST = 1_700_000_000_123_456_000L;
    private static final long SECOND = 1_700_000_001_000_007_000L;

    @TempDir
    Path directory;

    private static PcapWriter withTwoPackets(PcapWriter writer) {
        return writer.packet(FIRST, frame("first frame")).packet(SECOND, frame("second"), 1500);
    }

    static byte[] frame(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private void assertTwoPackets(PcapWriter writer, int linkType) {
        ReadPackets read = ReadPackets.of(writer.write(directory.resolve("capture")));
        assertThat(read.packets())
                .containsExactly(
                        new ReadPackets.Seen(0, 1, FIRST, linkType, 0, 11, 11, "first frame"),
                        new ReadPackets.Seen(0, 2, SECOND, linkType, 0, 6, 1500, "second"));
        assertThat(read.result().error()).isNull();
        assertThat(read.result().truncatedAt()).isEqualTo(-1);
        assertThat(read.result().packets()).isEqualTo(2);
        assertThat(read.result().bytes()).isEqualTo(writer.bytes().length);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {PcapWriter.MICROSECONDS, PcapWriter.NANOSECONDS, PcapWriter.IXIA_HARDWARE, PcapWriter.IXIA_SOFTWARE
            })
    void readsBothByteOrders(int magic) {
        assertTwoPackets(withTwoPackets(new PcapWriter().magic(magic)), 1);
        assertTwoPackets(withTwoPackets(new PcapWriter().magic(magic).order(ByteOrder.BIG_ENDIAN)), 1);
    }

    @Test
    void keepsNanoseconds() {
        Path file = new PcapWriter()
                .magic(PcapWriter.NANOSECONDS)
                .packet(FIRST + 789, frame("x"))
                .write(directory.resolve("capture"));
        assertThat(ReadPackets.of(file).timestamps()).containsExactly(FIRST + 789);
    }

    @Test
    void readsSecondsAsUnsigned() {
        long year2100 = 4_102_444_800_000_001_000L;
        Path file = new PcapWriter().packet(year2100, frame("x")).write(directory.resolve("capture"));
        assertThat(ReadPackets.of(file).timestamps()).containsExactly(year2100);
    }

    @Test
    void readsTheModifiedFormatWithEitherRecordHeader() {
        assertTwoPackets(
                withTwoPackets(new PcapWriter().magic(PcapWriter.MODIFIED).extraRecordHeader(8)), 1);
        assertTwoPackets(
                withTwoPackets(new PcapWriter().magic(PcapWriter.MODIFIED).extraRecordHeader(12)), 1);
    }

    @Test
    void tellsVariantsWithTheStandardMagicNumberByTheirRecords() {
        assertTwoPackets(withTwoPackets(new PcapWriter().extraRecordHeader(8)), 1);
        assertTwoPackets(withTwoPackets(new PcapWriter().extraRecordHeader(4)), 1);
    }

    @Test
    void takesTheLinkTypeFromTheLowBitsOnly() {
        assertTwoPackets(withTwoPackets(new PcapWriter().network(0x2400_0000 | 276)), 276);
    }

    @Test
    void readsOldVersionsWithTheirLengthsTheOtherWayRound() {
        assertTwoPackets(withTwoPackets(new PcapWriter().version(2, 2).lengthsSwapped()), 1);
        assertTwoPackets(withTwoPackets(new PcapWriter().version(543, 0).lengthsSwapped()), 1);
        assertTwoPackets(withTwoPackets(new PcapWriter().version(2, 3).lengthsSwapped()), 1);
        assertTwoPackets(withTwoPackets(new PcapWriter().version(2, 3)), 1);
    }

    @Test
    void readsCapturesOfAix() {
        PcapWriter writer = new PcapWriter()
                .version(2, 2)
                .lengthsSwapped()
                .network(6)
                .nanosPerFraction(1)
                .order(ByteOrder.BIG_ENDIAN);
        assertTwoPackets(withTwoPackets(writer), 1);
    }

    @Test
    void acceptsRecordsLongerThanTheSnaplenOfTheFile() {
        assertTwoPackets(withTwoPackets(new PcapWriter().snaplen(0)), 1);
        assertTwoPackets(withTwoPackets(new PcapWriter().snaplen(4)), 1);
    }

    @Test
    void acceptsLargeRecordsOnlyWhenTheSnaplenAnnouncesThem() {
        byte[] large = new byte[500_000];
        Path announced = new PcapWriter()
                .snaplen(524_288)
                .packet(FIRST, large)
                .packet(SECOND, frame("x"))
                .write(directory.resolve("announced"));
        assertThat(ReadPackets.of(announced).result().packets()).isEqualTo(2);

        Path notAnnounced =
                new PcapWriter().packet(SECOND, frame("x")).packet(FIRST, large).write(directory.resolve("not"));
        ReadResult result = ReadPackets.of(notAnnounced).result();
        assertThat(result.packets()).isEqualTo(1);
        assertThat(result.error())
                .isEqualTo(notAnnounced + ", byte 41: a record of 500000 captured bytes (at most 262144 are possible)");
    }

    @Test
    void stopsAtACorruptRecordAfterThePacketsBeforeIt() {
        Path file = withTwoPackets(new PcapWriter())
                .record(SECOND, -1, 60, frame("lost"))
                .write(directory.resolve("capture"));
        ReadPackets read = ReadPackets.of(file);
        assertThat(read.frames()).containsExactly("first frame", "second");
        assertThat(read.result().error())
                .isEqualTo(file + ", byte 73: a record of 4294967295 captured bytes (at most 262144 are possible)");
        assertThat(read.result().bytes()).isEqualTo(73);
        assertThat(read.result().truncatedAt()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 20})
    void usesWhatIsThereOfAFileThatEndsInARecord(int length) {
        byte[] cut = new byte[length];
        if (length >= 16) {
            cut[8] = 40;
        }
        Path file = withTwoPackets(new PcapWriter()).raw(cut).write(directory.resolve("capture"));
        ReadPackets read = ReadPackets.of(file);
        assertThat(read.frames()).containsExactly("first frame", "second");
        assertThat(read.result().truncatedAt()).isEqualTo(73);
        assertThat(read.result().error()).isNull();
    }

    @Test
    void givesAnOriginalLengthAboveTheIntegersAsTheLargest() {
        Path file = new PcapWriter().packet(FIRST, frame("x"), -5).write(directory.resolve("capture"));
        assertThat(ReadPackets.of(file).packets().get(0).originalLength()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void refusesVersionsBeforeTwo() {
        Path file = withTwoPackets(new PcapWriter().version(1, 9)).write(directory.resolve("capture"));
        assertThat(ReadPackets.of(file).result().error())
                .contains("version 1.9")
                .contains("byte 24");
    }
}
