// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.provider.MethodSource;

/** A capture file of any format, read twice in different ways. */
class CaptureFilesFuzz {
    private static final long START = 1_700_000_000_000_000_000L;

    static Stream<byte[]> seeds() {
        byte[] frame = new byte[60];
        return Stream.of(
                new PcapWriter()
                        .packet(START, frame)
                        .packet(START + 1000, frame, 1500)
                        .bytes(),
                new PcapWriter()
                        .magic(PcapWriter.NANOSECONDS)
                        .order(ByteOrder.BIG_ENDIAN)
                        .packet(START, frame)
                        .bytes(),
                new PcapWriter()
                        .magic(PcapWriter.MODIFIED)
                        .extraRecordHeader(8)
                        .packet(START, frame)
                        .packet(START, frame)
                        .bytes(),
                new PcapngWriter()
                        .section()
                        .networkInterface(1, 0)
                        .networkInterface(276, 262_144, 9, 5)
                        .packet(0, START / 1000, frame)
                        .simplePacket(frame, 1500)
                        .oldPacket(1, START, frame, 60)
                        .section(ByteOrder.BIG_ENDIAN)
                        .networkInterface(1, 64)
                        .packet(0, START / 1000, frame)
                        .bytes(),
                Zstd.compress(new PcapWriter().packet(START, frame).bytes()),
                gzip(new PcapWriter().packet(START, frame).bytes()));
    }

    private static byte[] gzip(byte... bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void reads(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("egret", ".capture");
        try {
            Files.write(file, bytes);
            ReadPackets once = ReadPackets.of(file);
            if (once.result().packets() != once.packets().size()) {
                throw new AssertionError("packets delivered and counted differ");
            }
            ReadPackets again = ReadPackets.of(2, 1024, file);
            if (!again.equals(once) && !damagedZstd(bytes, once, again)) {
                throw new AssertionError("two threads read something else");
            }
        } finally {
            Files.delete(file);
        }
    }

    /** What came out of the call that finds the damage is lost, which is more with larger blocks. */
    private static boolean damagedZstd(byte[] bytes, ReadPackets once, ReadPackets again) {
        boolean zstd = bytes.length > 3 && (bytes[0] & 0xff) == 0x28 && (bytes[1] & 0xff) == 0xb5;
        return zstd && once.result().error() != null && again.result().error() != null;
    }
}
