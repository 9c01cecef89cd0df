// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Seeded mutations of valid files: no exception, no endless loop, and the same answer however the file is read. */
final class CaptureFuzzTest {
    private static final int ROUNDS = 150;
    private static final long START = 1_700_000_000_000_000L;

    @TempDir
    Path directory;

    private static List<byte[]> originals() throws IOException {
        List<byte[]> originals = new ArrayList<>();
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (int magic : new int[] {PcapWriter.MICROSECONDS, PcapWriter.NANOSECONDS, PcapWriter.IXIA_HARDWARE}) {
                originals.add(pcap(new PcapWriter().magic(magic).order(order)));
            }
            originals.add(pcap(new PcapWriter()
                    .magic(PcapWriter.MODIFIED)
                    .extraRecordHeader(8)
                    .order(order)));
            originals.add(pcap(new PcapWriter().extraRecordHeader(4).order(order)));
            originals.add(pcap(new PcapWriter().version(2, 3).order(order)));
            originals.add(pcapng(order));
        }
        byte[] pcapng = pcapng(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        for (int member = 0; member < 2; member++) {
            try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
                out.write(pcapng, member * pcapng.length / 2, pcapng.length / 2);
            }
        }
        originals.add(gzip.toByteArray());
        originals.add(Zstd.compress(pcapng));
        return originals;
    }

    private static byte[] pcap(PcapWriter writer) {
        for (int i = 0; i < 12; i++) {
            writer.packet((START + i) * 1000, new byte[10 + i * 20], 1500);
        }
        return writer.bytes();
    }

    private static byte[] pcapng(ByteOrder order) {
        PcapngWriter writer = new PcapngWriter().section(order);
        writer.networkInterface(1, 0).networkInterface(276, 262_144, 9, 5);
        for (int i = 0; i < 8; i++) {
            writer.packet(i & 1, START + i, new byte[10 + i * 20], 1500)
                    .simplePacket(new byte[8], 9)
                    .oldPacket(1, START, new byte[5], 6)
                    .block(5, new byte[16]);
        }
        return writer.section()
                .networkInterface(1, 0)
                .packet(0, START, new byte[60])
                .bytes();
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, at);
                case 3 -> bytes = spliced(bytes, at, random);
                default -> {
                    for (int k = at & ~3; k < Math.min(bytes.length, (at & ~3) + 4); k++) {
                        bytes[k] = (byte) (random.nextInt(3) == 0 ? 0x7f : 0xff);
                    }
                }
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, Random random) {
        byte[] inserted = new byte[1 + random.nextInt(40)];
        random.nextBytes(inserted);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(inserted);
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }

    @Test
    @Timeout(120)
    void everyMutationEndsInAResult() throws IOException {
        long seed = 20_261_124;
        Path file = directory.resolve("capture");
        Path again = directory.resolve("again");
        List<byte[]> originals = originals();
        for (int kind = 0; kind < originals.size(); kind++) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] bytes = mutate(originals.get(kind), new Random(seed + kind * 100_000L + round));
                Files.write(file, bytes);
                String what = "seed " + seed + ", kind " + kind + ", round " + round;
                ReadPackets read = ReadPackets.of(file);
                assertThat(read.result().packets())
                        .as(what)
                        .isEqualTo(read.packets().size());
                assertThat(read.packets()).as(what).allMatch(packet -> packet.originalLength() >= 0);
                assertThat(read.result().error() == null || read.result().truncatedAt() == -1)
                        .as(what)
                        .isTrue();
                assertSame(ReadPackets.of(2, 1024, file), read, what);
                if (round % 10 == 0) {
                    Files.write(again, bytes);
                    List<ReadResult> merged =
                            ReadPackets.of(1, 1024, file, again).results();
                    assertThat(merged.get(0).packets())
                            .as(what)
                            .isEqualTo(merged.get(1).packets());
                }
            }
        }
    }

    /** Of damaged zstd data, how much comes out before the damage depends on the room there is for it. */
    private static void assertSame(ReadPackets actual, ReadPackets expected, String what) {
        String error = expected.result().error();
        if (error == null || !error.contains("damaged zstd data")) {
            assertThat(actual).as(what).isEqualTo(expected);
            return;
        }
        int both = Math.min(actual.packets().size(), expected.packets().size());
        assertThat(actual.packets().subList(0, both))
                .as(what)
                .isEqualTo(expected.packets().subList(0, both));
        assertThat(actual.result().error()).as(what).isNotNull();
    }
}
