// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static egret.capture.pcap.PcapTest.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureMergeTest {
    @TempDir
    Path directory;

    private static final long START = 1_700_000_000_000_000_000L;

    @Test
    void deliversPacketsOfTheSameTimeInTheOrderOfTheFiles() {
        Path first = new PcapWriter()
                .packet(START, frame("a"))
                .packet(START + 2000, frame("d"))
                .write(directory.resolve("1"));
        Path second = new PcapngWriter()
                .section()
                .networkInterface(113, 0)
                .packet(0, START / 1000, frame("b"))
                .packet(0, START / 1000 + 1, frame("c"))
                .packet(0, START / 1000 + 2, frame("e"))
                .write(directory.resolve("2"));
        ReadPackets read = ReadPackets.of(first, second);
        assertThat(read.frames()).containsExactly("a", "b", "c", "d", "e");
        assertThat(read.packets()).extracting(ReadPackets.Seen::file).containsExactly(0, 1, 1, 0, 1);
        assertThat(read.packets()).extracting(ReadPackets.Seen::number).containsExactly(1L, 1L, 2L, 2L, 3L);
        assertThat(read.packets()).extracting(ReadPackets.Seen::linkType).containsExactly(1, 113, 113, 1, 113);
    }

    @Test
    void keepsTheOrderOfAFileWhoseTimeGoesBack() {
        Path first = new PcapWriter()
                .packet(START + 9000, frame("b"))
                .packet(START, frame("c"))
                .write(directory.resolve("1"));
        Path second = new PcapWriter()
                .packet(START + 5000, frame("a"))
                .packet(START + 9000, frame("d"))
                .write(directory.resolve("2"));
        assertThat(ReadPackets.of(first, second).frames()).containsExactly("a", "b", "c", "d");
    }

    /** 100 files are more than stay open: most are looked at, closed, and opened again. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 100})
    void mergesLikeASortOfAllPackets(int files) {
        long seed = 42 + files;
        Random random = new Random(seed);
        List<Path> paths = new ArrayList<>();
        List<ReadPackets.Seen> expected = new ArrayList<>();
        for (int file = 0; file < files; file++) {
            PcapWriter writer = new PcapWriter();
            long time = START + random.nextInt(20) * 1000;
            int packets = random.nextInt(5) == 0 ? 0 : random.nextInt(200);
            for (int i = 1; i <= packets; i++) {
                String frame = file + ":" + i + "x".repeat(random.nextInt(300));
                writer.packet(time, frame(frame));
                expected.add(new ReadPackets.Seen(file, i, time, 1, 0, frame.length(), frame.length(), frame));
                time += random.nextInt(3) * 1000L;
            }
            paths.add(writer.write(directory.resolve(String.valueOf(file))));
        }
        expected.sort(Comparator.comparingLong(ReadPackets.Seen::timestampNanos)
                .thenComparingInt(ReadPackets.Seen::file)
                .thenComparingLong(ReadPackets.Seen::number));
        ReadPackets read = ReadPackets.of(1, 2048, paths.toArray(new Path[0]));
        assertThat(read.packets()).as("seed %d", seed).isEqualTo(expected);
        assertThat(read.results()).hasSize(files).allMatch(result -> result.error() == null);
    }

    @Test
    void goesOnWithTheOthersAfterAFileBreaks() {
        Path broken = new PcapWriter()
                .packet(START, frame("a"))
                .record(START, -1, 0, new byte[0])
                .write(directory.resolve("1"));
        Path cut = new PcapWriter()
                .packet(START + 1000, frame("b"))
                .record(START, 9, 9, new byte[8])
                .write(directory.resolve("2"));
        Path whole = new PcapWriter()
                .packet(START + 2000, frame("c"))
                .packet(START + 3000, frame("d"))
                .write(directory.resolve("3"));
        ReadPackets read = ReadPackets.of(broken, cut, whole);
        assertThat(read.frames()).containsExactly("a", "b", "c", "d");
        assertThat(read.results().get(0).error()).contains(broken + ", byte 41: a record of 4294967295");
        assertThat(read.results().get(1).truncatedAt()).isEqualTo(41);
        assertThat(read.results().get(2).packets()).isEqualTo(2);
    }

    @Test
    void readsNothingFromNoFile() {
        assertThat(ReadPackets.of().results()).isEmpty();
    }
}
