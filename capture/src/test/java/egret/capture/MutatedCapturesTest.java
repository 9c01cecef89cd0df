// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.count.EvidenceGaps;
import egret.capture.pcap.CaptureFiles;
import egret.capture.pcap.PcapWriter;
import egret.capture.protocol.HelloBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes of a capture are, the pipeline gets to its end and its figures make sense. */
final class MutatedCapturesTest {
    private static final int ROUNDS = 1500;

    @TempDir
    Path directory;

    @Test
    void neverStopThePipeline() throws IOException {
        byte[] original = capture();
        Path file = directory.resolve("mutated.pcap");
        for (int seed = 0; seed < ROUNDS; seed++) {
            byte[] bytes = mutated(original, new Random(seed));
            Files.write(file, bytes);
            Counted counted = new Counted();
            try {
                CaptureFiles.read(List.of(file.toString()), 1, counted.pipeline, (done, total) -> {});
                counted.finish();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            EvidenceGaps gaps = counted.gaps();
            assertThat(gaps.midStreamWithoutName()).as("seed " + seed).isBetween(0L, gaps.midStream());
            assertThat(gaps.named()).as("seed " + seed).isBetween(0L, gaps.connections() + gaps.midStream());
            assertThat(gaps.failed()).as("seed " + seed).isBetween(0L, gaps.connections());
            assertThat(gaps.withoutHello()).as("seed " + seed).isBetween(0L, gaps.connections());
        }
    }

    private static byte[] capture() {
        List<Segment> segments = new ArrayList<>();
        byte[] hello =
                HelloBuilder.curl("registry-1.docker.io", "h2", "http/1.1").record();
        List<Segment> inside = new Conversation("10.0.1.11", 40_000, "198.51.100.10", 443)
                .opened()
                .client(hello, 300)
                .exchange(2)
                .closed()
                .segments();
        segments.addAll(inside);
        inside.forEach(s -> segments.add(s.natted("203.0.113.5", 1234, 500_000)));
        segments.addAll(new Conversation("10.0.1.12", 40_001, "10.0.0.9", 3128)
                .opened()
                .client("CONNECT auth.docker.io:443 HTTP/1.1\r\n\r\n")
                .server("HTTP/1.1 200 OK\r\n\r\n")
                .client(HelloBuilder.dockerd("auth.docker.io").record())
                .exchange(1)
                .segments());
        segments.addAll(new Conversation("10.0.1.13", 40_002, "198.51.100.10", 80)
                .opened()
                .client("GET / HTTP/1.1\r\nHost: hub.docker.com\r\n\r\n")
                .reset(false)
                .segments());
        segments.addAll(new Conversation("10.0.1.14", 40_003, "198.51.100.10", 443)
                .syn()
                .reset(false)
                .segments());
        segments.sort(Comparator.comparingLong(Segment::nanos));
        PcapWriter writer = new PcapWriter();
        writer.packet(
                Conversation.START,
                DnsAnswer.of("registry-1.docker.io", "198.51.100.10").bytes());
        for (Segment segment : segments) {
            writer.packet(segment.nanos(), Counted.ip(segment).ethernet().bytes());
        }
        return writer.bytes();
    }

    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(20);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
                case 3 -> {
                    int count = Math.min(bytes.length - at, 1 + random.nextInt(60));
                    byte[] copy = Arrays.copyOfRange(bytes, at, at + count);
                    System.arraycopy(copy, 0, bytes, random.nextInt(bytes.length - count + 1), count);
                }
                default -> {
                    if (random.nextInt(8) == 0) {
                        bytes = Arrays.copyOf(bytes, Math.max(30, at));
                    }
                }
            }
        }
        return bytes;
    }
}
