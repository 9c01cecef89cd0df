// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static egret.capture.pcap.PcapTest.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class CaptureFilesTest {
    @TempDir
    Path directory;

    private Path file(byte[]... parts) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return Files.write(directory.resolve("capture.bin"), whole.toByteArray());
    }

    /** A pcap of so many packets of 1000 bytes that do not compress. */
    private static PcapWriter capture(int packets) {
        java.util.Random random = new java.util.Random(packets);
        PcapWriter writer = new PcapWriter();
        for (int i = 0; i < packets; i++) {
            byte[] frame = new byte[1000];
            random.nextBytes(frame);
            writer.packet(1_700_000_000_000_000_000L + i * 1000L, frame);
        }
        return writer;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    @Test
    void readsGzipOfSeveralMembersLikeThePlainFile() throws IOException {
        byte[] plain = capture(900).bytes();
        ReadPackets expected = ReadPackets.of(file(plain));
        assertThat(expected.packets()).hasSize(900);

        Path zipped = file(
                gzip(part(plain, 0, 10)),
                gzip(part(plain, 10, 300_001)),
                gzip(new byte[0]),
                gzip(part(plain, 300_001, plain.length)),
                new byte[512]);
        assertThat(ReadPackets.of(zipped)).isEqualTo(expected);
    }

    @Test
    void readsGzipHeadersWithAllFields() throws IOException {
        byte[] zipped = gzip(capture(2).bytes());
        byte[] header = {
            0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0, 3, 0, 1, 2, 3, 'n', 0, 'c', 'o', 0, 9, 9
        };
        assertThat(ReadPackets.of(file(header, part(zipped, 10, zipped.length))).packets())
                .hasSize(2);
        for (int length = 4; length < header.length; length++) {
            assertThat(ReadPackets.of(file(part(header, 0, length))).result().error())
                    .endsWith("is empty");
        }
    }

    @Test
    void readsZstdOfSeveralFramesLikeThePlainFile() throws IOException {
        byte[] plain = capture(900).bytes();
        ReadPackets expected = ReadPackets.of(file(plain));
        byte[] skippable = {0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        Path zipped = file(
                skippable,
                Zstd.compress(part(plain, 0, 5)),
                Zstd.compress(part(plain, 5, 300_001)),
                skippable,
                Zstd.compress(part(plain, 300_001, plain.length)));
        assertThat(ReadPackets.of(zipped)).isEqualTo(expected);
    }

    @Test
    void usesWhatIsThereOfACompressedFileThatIsCut() throws IOException {
        byte[] plain = capture(900).bytes();
        for (byte[] zipped : List.of(gzip(plain), Zstd.compress(plain))) {
            ReadPackets read = ReadPackets.of(file(part(zipped, 0, zipped.length / 2)));
            assertThat(read.result().error()).isNull();
            assertThat(read.packets().size()).isBetween(300, 460);
            assertThat(read.result().truncatedAt())
                    .isEqualTo(24 + 1016L * read.packets().size());
        }
    }

    @Test
    void reportsAGzipFileThatEndsBetweenRecordsAsCut() throws IOException {
        byte[] zipped = gzip(capture(3).bytes());
        ReadPackets read = ReadPackets.of(file(part(zipped, 0, zipped.length - 3)));
        assertThat(read.packets()).hasSize(3);
        assertThat(read.result().truncatedAt()).isEqualTo(24 + 3 * 1016);
    }

    @Test
    void deliversWhatCameBeforeDamage() throws IOException {
        byte[] plain = capture(900).bytes();
        for (byte[] zipped : List.of(gzip(plain), Zstd.compress(plain))) {
            Arrays.fill(zipped, zipped.length / 2, zipped.length / 2 + 100, (byte) 0xff);
            ReadPackets read = ReadPackets.of(file(zipped));
            assertThat(read.result().error()).contains("capture.bin, byte ");
            assertThat(read.packets().size()).isBetween(300, 450);
        }
        byte[] wrongSum = gzip(plain);
        wrongSum[wrongSum.length - 6] ^= 1;
        assertThat(ReadPackets.of(file(wrongSum)).packets()).hasSize(900);
        assertThat(ReadPackets.of(file(wrongSum)).result().error()).contains("damaged gzip data (wrong check sum)");
        byte[] compressible = new PcapWriter().packet(0, new byte[200_000]).bytes();
        byte[] wrongCode = gzip(compressible);
        wrongCode[wrongCode.length / 2] ^= 0x55;
        assertThat(ReadPackets.of(file(wrongCode)).result().error()).contains("damaged gzip data");
        Path trailed = file(gzip(plain), frame("trailer!!!"));
        assertThat(ReadPackets.of(trailed).packets()).hasSize(900);
        assertThat(ReadPackets.of(trailed).result().error()).contains("not gzip");
    }

    @Test
    void saysInOneSentenceWhatIsNotACapture() throws IOException {
        assertError(directory.resolve("missing"), "does not exist");
        assertError(directory, "is a directory, not a capture file");
        assertError(file(), "is empty");
        assertError(file(gzip(new byte[0])), "is empty");
        assertError(file(frame("abc")), "ends after 3 bytes, inside the first 4");
        assertError(file(part(new PcapWriter().bytes(), 0, 23)), "ends after 23 bytes, inside the first 24");
        assertError(file(frame("GET / HTTP/1.1")), "is not a capture that is read", "0x47455420");
        assertError(file(gzip(frame("GET / HTTP/1.1"))), "is not a capture that is read", "0x47455420");
        assertError(file(frame("\n\r\r\n")), "ends after 4 bytes, inside the first 28");
    }

    private static void assertError(Path path, String... parts) {
        ReadPackets read = ReadPackets.of(path);
        assertThat(read.result().error()).startsWith(path + " ").contains(parts);
        assertThat(read.result().packets()).isZero();
        assertThat(read.packets()).isEmpty();
    }

    @Test
    void saysThatPermissionIsMissing() throws IOException {
        Path file = file(capture(1).bytes());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeTrue(!file.toFile().canRead(), "skipped: this user may read everything");
        assertError(file, "may not be read: no permission");
    }

    @Test
    void oneUnreadableFileDoesNotHideTheOthers() throws IOException {
        Path good = file(capture(4).bytes());
        ReadPackets read = ReadPackets.of(directory.resolve("missing"), good, directory);
        assertThat(read.packets()).hasSize(4).allMatch(packet -> packet.file() == 1);
        assertThat(read.results()).extracting(ReadResult::packets).containsExactly(0L, 4L, 0L);
        assertThat(read.results().get(1).error()).isNull();
        assertThat(read.results().get(0).error()).contains("does not exist");
        assertThat(read.results().get(2).error()).contains("is a directory");
    }

    @Test
    @Timeout(20)
    void readsAPipeAsItsBytesCome() throws Exception {
        Path pipe = directory.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "skipped: no mkfifo here");
        byte[] bytes = capture(300).bytes();
        Thread writer = new Thread(() -> {
            try (OutputStream out = Files.newOutputStream(pipe)) {
                for (int at = 0; at < bytes.length; at += 777) {
                    out.write(bytes, at, Math.min(777, bytes.length - at));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        ReadPackets piped = ReadPackets.of(2, 4096, pipe);
        writer.join();
        assertThat(piped.packets()).isEqualTo(ReadPackets.of(file(bytes)).packets());
        assertThat(piped.result().bytes()).isEqualTo(bytes.length);
    }

    /** Run by {@link #readsStandardInput} in a process of its own. */
    static final class StandardInput {
        public static void main(String[] arguments) {
            ReadPackets read = ReadPackets.of(Path.of("-"));
            System.out.print(read.packets().size() + " " + read.result().error());
        }
    }

    @Test
    @Timeout(60)
    void readsStandardInput() throws Exception {
        assertThat(standardInput(file(capture(300).bytes()))).isEqualTo("300 null");
        assertThat(standardInput(file())).isEqualTo("0 standard input is empty");
    }

    private static String standardInput(Path from) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandardInput.class.getName())
                .redirectInput(from.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void readsWhatIsAppendedMeanwhile() throws IOException {
        byte[] bytes = capture(10).bytes();
        Path file = file(part(bytes, 0, 5_000));
        List<Long> numbers = new ArrayList<>();
        ReadResult result = CaptureFiles.read(
                        List.of(file.toString()),
                        1,
                        packet -> {
                            numbers.add(packet.number);
                            if (packet.number == 1) {
                                append(file, part(bytes, 5_000, bytes.length));
                            }
                        },
                        ReadPackets.NO_PROGRESS)
                .get(0);
        assertThat(numbers).hasSize(10);
        assertThat(result.truncatedAt()).isEqualTo(-1);
    }

    private static void append(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void reportsProgressUpToTheSizeOnDisk() throws IOException {
        Path file = file(gzip(capture(900).bytes()));
        Path other = capture(700).write(directory.resolve("other"));
        for (List<Path> files : List.of(List.of(file), List.of(other), List.of(file, other))) {
            long size = 0;
            for (Path path : files) {
                size += Files.size(path);
            }
            List<Long> done = new ArrayList<>();
            List<Long> totals = new ArrayList<>();
            CaptureFiles.read(files.stream().map(Path::toString).toList(), 2, packet -> {}, (bytesDone, bytesTotal) -> {
                done.add(bytesDone);
                totals.add(bytesTotal);
            });
            assertThat(done).isSorted().hasSizeGreaterThan(2);
            assertThat(done.get(done.size() - 1)).isEqualTo(size);
            assertThat(totals).containsOnly(size);
        }
    }

    @Test
    void stopsWhenAsked() throws IOException {
        Path file = file(capture(2_000).bytes());
        ReadProgress stopAtOnce = new ReadProgress() {
            @Override
            public void read(long bytesDone, long bytesTotal) {}

            @Override
            public boolean stop() {
                return true;
            }
        };
        for (int threads = 1; threads <= 2; threads++) {
            for (List<String> files : List.of(List.of(file.toString()), List.of(file.toString(), file.toString()))) {
                for (ReadResult result : CaptureFiles.read(files, threads, packet -> {}, stopAtOnce, 8192, 0)) {
                    assertThat(result.packets()).isLessThan(100);
                    assertThat(result.error()).isNull();
                    assertThat(result.truncatedAt()).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void passesOnWhatTheSinkThrows() throws IOException {
        Path file = file(capture(100).bytes());
        for (int threads = 1; threads <= 3; threads++) {
            for (List<String> files : List.of(List.of(file.toString()), List.of(file.toString(), file.toString()))) {
                int used = threads;
                assertThatThrownBy(() -> CaptureFiles.read(
                                files,
                                used,
                                packet -> {
                                    if (packet.number == 50) {
                                        throw new IllegalStateException("full");
                                    }
                                },
                                ReadPackets.NO_PROGRESS,
                                4096,
                                0))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("full");
            }
        }
    }
}
