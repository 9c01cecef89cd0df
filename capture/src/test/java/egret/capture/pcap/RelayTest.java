// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RelayTest {
    private static final long START = 1_700_000_000_000_000L;

    @TempDir
    Path directory;

    /** Records from 0 bytes to many blocks long. */
    private static byte[] frame(Random random) {
        byte[] frame = new byte[random.nextInt(20) == 0 ? random.nextInt(70_000) : random.nextInt(1_500)];
        random.nextBytes(frame);
        return frame;
    }

    private static byte[] pcap(long seed) {
        Random random = new Random(seed);
        PcapWriter writer = new PcapWriter();
        for (int i = 0; i < 600; i++) {
            writer.packet((START + i) * 1000, frame(random));
        }
        return writer.bytes();
    }

    private static byte[] pcapng(long seed) {
        Random random = new Random(seed);
        PcapngWriter writer = new PcapngWriter();
        for (int section = 0; section < 3; section++) {
            writer.section(section == 1 ? java.nio.ByteOrder.BIG_ENDIAN : java.nio.ByteOrder.LITTLE_ENDIAN);
            writer.networkInterface(1, 0).networkInterface(113, 0, 9, 0);
            for (int i = 0; i < 200; i++) {
                writer.packet(random.nextInt(2), START + i, frame(random));
                if (random.nextInt(10) == 0) {
                    writer.block(0x4242, new byte[random.nextInt(40_000)]);
                }
            }
        }
        return writer.bytes();
    }

    private void assertSameAsOneThread(byte[] bytes, String what) throws IOException {
        Path file = Files.write(directory.resolve("capture"), bytes);
        ReadPackets expected = ReadPackets.of(file);
        for (int blockSize : new int[] {512, 4096, 10_000, 65_536}) {
            assertThat(ReadPackets.of(1, blockSize, file))
                    .as("%s, block %d", what, blockSize)
                    .isEqualTo(expected);
            for (int threads = 2; threads <= 4; threads++) {
                assertThat(ReadPackets.of(threads, blockSize, file))
                        .as("%s, block %d, %d threads", what, blockSize, threads)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void givesWhatOneThreadGives() throws IOException {
        assertSameAsOneThread(pcap(1), "pcap");
        assertSameAsOneThread(pcapng(2), "pcapng");
    }

    @Test
    void givesWhatOneThreadGivesOfCutAndBrokenFiles() throws IOException {
        for (byte[] whole : List.of(pcap(3), pcapng(4))) {
            assertSameAsOneThread(Arrays.copyOf(whole, whole.length - 7), "cut");
            assertSameAsOneThread(Arrays.copyOf(whole, 4096 * 10), "cut at the end of a block");
            byte[] broken = whole.clone();
            Arrays.fill(broken, broken.length / 2, broken.length / 2 + 80_000, (byte) 0xff);
            assertSameAsOneThread(broken, "broken");
        }
    }

    @Test
    void usesEveryThreadOneAtATime() throws IOException {
        Path file = Files.write(directory.resolve("capture"), pcap(5));
        Set<Thread> threads = new HashSet<>();
        int[] inside = {0};
        CaptureFiles.read(
                List.of(file.toString()),
                3,
                packet -> {
                    assertThat(inside[0]++).isZero();
                    threads.add(Thread.currentThread());
                    inside[0]--;
                },
                ReadPackets.NO_PROGRESS,
                4096,
                0);
        assertThat(threads).hasSize(3).contains(Thread.currentThread());
    }

    @Test
    void leavesWhatLiesBeforeAPositionToTheCaller() throws IOException {
        Path file = Files.write(directory.resolve("capture"), pcap(7));
        List<Long> expected = new ArrayList<>();
        CaptureFiles.read(
                List.of(file.toString()), 1, packet -> expected.add(packet.timestampNanos), ReadPackets.NO_PROGRESS);
        List<Long> times = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        CaptureFiles.read(
                List.of(file.toString()),
                3,
                packet -> {
                    times.add(packet.timestampNanos);
                    threads.add(Thread.currentThread());
                },
                ReadPackets.NO_PROGRESS,
                4096,
                100_000);
        assertThat(times).isEqualTo(expected);
        assertThat(threads.subList(0, 10)).containsOnly(Thread.currentThread());
        assertThat(new HashSet<>(threads)).hasSize(3);
    }

    @Test
    void endsAtTheFirstShortBlockOfAGrowingFile() throws IOException {
        byte[] bytes = pcap(6);
        Path file = Files.write(directory.resolve("capture"), Arrays.copyOf(bytes, 50_000));
        long[] seen = {0};
        ReadResult result = CaptureFiles.read(
                        List.of(file.toString()),
                        2,
                        packet -> {
                            assertThat(packet.number).isEqualTo(++seen[0]);
                            if (seen[0] == 1) {
                                append(file, Arrays.copyOfRange(bytes, 50_000, bytes.length));
                            }
                        },
                        ReadPackets.NO_PROGRESS,
                        4096,
                        0)
                .get(0);
        assertThat(result.packets()).isEqualTo(seen[0]);
        assertThat(result.error()).isNull();
        assertThat(result.bytes()).isLessThanOrEqualTo(bytes.length);
    }

    private static void append(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes, java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
