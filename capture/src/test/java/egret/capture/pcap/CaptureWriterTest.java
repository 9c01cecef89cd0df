// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptureWriterTest {
    private static final List<CapturedInterface> INTERFACES =
            List.of(new CapturedInterface("eth0", 1, 4096), new CapturedInterface("any", 276, 0));
    private static final long START = 1_700_000_000_123_456_789L;
    private static final int WAIT_SECONDS = 20;

    @TempDir
    Path directory;

    private final RawPacket packet = new RawPacket();

    private RawPacket packet(int number, int captured, int original) {
        if (packet.bytes.capacity() < captured + 8) {
            packet.bytes = ByteBuffer.allocateDirect(captured + 8);
        }
        packet.offset = number % 8;
        for (int i = 0; i < Math.min(captured, 40); i++) {
            packet.bytes.put(packet.offset + i, (byte) (number + i));
        }
        packet.capturedLength = captured;
        packet.originalLength = original;
        packet.interfaceIndex = number % 2;
        packet.linkType = INTERFACES.get(number % 2).linkType();
        packet.timestampNanos = START + number * 1_000L;
        return packet;
    }

    private CaptureWriter writer(String name, Rotation rotation, PacketComments comments) throws IOException {
        return CaptureWriter.open(directory.resolve(name).toString(), INTERFACES, rotation, comments);
    }

    @Test
    void writesWhatTheReaderReads() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<ReadPackets.Seen> expected = new ArrayList<>();
        CaptureWriter writer = writer("a", Rotation.NONE, each -> each.timestampNanos % 7 == 0 ? "owner é" : null);
        try (writer) {
            for (int i = 0; i < 20_000; i++) {
                int captured = random.nextInt(random.nextInt(100) == 0 ? 60_000 : 200);
                RawPacket raw = packet(i, captured, captured + random.nextInt(3) * 100);
                byte[] frame = new byte[captured];
                raw.bytes.get(raw.offset, frame);
                expected.add(new ReadPackets.Seen(
                        0,
                        i + 1,
                        raw.timestampNanos,
                        raw.linkType,
                        raw.interfaceIndex,
                        captured,
                        raw.originalLength,
                        new String(frame, StandardCharsets.ISO_8859_1)));
                writer.packet(raw);
                if (i % 256 == 0) {
                    caughtUp(writer, i + 1 - 5000);
                }
            }
        }
        Path file = directory.resolve("a");
        assertThat(writer.counts()).isEqualTo(new WriteCounts(20_000, 0, Files.size(file), 1, null));
        ReadPackets read = ReadPackets.of(file);
        assertThat(read.packets()).as("seed %d", seed).isEqualTo(expected);
        assertThat(read.result().error()).isNull();
    }

    /** The disk of a loaded machine may be behind: what is tested here is not that. */
    private static void caughtUp(CaptureWriter writer, long packets) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (writer.counts().packets() < packets && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    @Test
    void isReadableBeforeItIsClosed() throws IOException {
        try (CaptureWriter writer = writer("a", Rotation.NONE, PacketComments.NONE)) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            while (writer.counts().bytes() == 0 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(ReadPackets.of(directory.resolve("a")).result().error()).isNull();
            writer.packet(packet(0, 60, 60));
            writer.time(START + 999_999_999L);
            writer.time(START + 1_000_000_000L);
            caughtUp(writer, 1);
            assertThat(ReadPackets.of(directory.resolve("a")).packets()).hasSize(1);
        }
    }

    @Test
    void goesOnInTheNextFileAndOverwritesTheFirst() throws IOException {
        int files = 11;
        CaptureWriter writer = writer("ring", new Rotation(10_000, files), PacketComments.NONE);
        try (writer) {
            for (int i = 0; i < 1_500; i++) {
                writer.packet(packet(i, 100, 100));
                caughtUp(writer, i - 500);
            }
        }
        WriteCounts counts = writer.counts();
        assertThat(counts.packets()).isEqualTo(1_500);
        assertThat(counts.lost()).isZero();
        assertThat(counts.files()).isBetween(12L, 21L);
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            Path file = directory.resolve(i < 10 ? "ring0" + i : "ring" + i);
            assertThat(Files.size(file)).isBetween(i == (counts.files() - 1) % files ? 1L : 10_001L, 10_140L);
            ReadPackets read = ReadPackets.of(file);
            assertThat(read.result().error()).isNull();
            read.packets().forEach(each -> seen.add((int) ((each.timestampNanos() - START) / 1000)));
        }
        try (var list = Files.list(directory)) {
            assertThat(list).hasSize(files);
        }
        seen.sort(null);
        assertThat(seen).doesNotHaveDuplicates().last().isEqualTo(1_499);
        assertThat(seen.get(0)).as("the last ones are kept").isEqualTo(1_500 - seen.size());
    }

    @Test
    void namesFilesAsTcpdumpDoes() {
        assertThat(Rotation.NONE.name("a", 0)).isEqualTo("a");
        Rotation endless = new Rotation(1_000_000, 0);
        assertThat(List.of(endless.name("a", 0), endless.name("a", 1), endless.name("a", 12)))
                .containsExactly("a", "a1", "a12");
        Rotation ring = new Rotation(1_000_000, 100);
        assertThat(List.of(ring.name("a", 0), ring.name("a", 99), ring.name("a", 100)))
                .containsExactly("a00", "a99", "a00");
        assertThat(new Rotation(1, 1).name("a", 5)).isEqualTo("a0");
        assertThatThrownBy(() -> new Rotation(0, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Takes so many bytes and is full then. */
    private static final class FullDisk implements WritableByteChannel {
        private int left;

        FullDisk(int left) {
            this.left = left;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (left == 0) {
                throw new IOException("No space left on device");
            }
            int taken = Math.min(left, bytes.remaining());
            bytes.position(bytes.position() + taken);
            left -= taken;
            return taken;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void endsWritingOnAFullDiskAndCountsTheRest() throws IOException {
        CaptureWriter writer = CaptureWriter.open(
                "x", INTERFACES, Rotation.NONE, PacketComments.NONE, name -> new FullDisk(1_000_000));
        try (writer) {
            for (int i = 0; i < 30_000; i++) {
                writer.packet(packet(i, 100, 100));
            }
        }
        WriteCounts counts = writer.counts();
        assertThat(counts.problem()).isEqualTo("writing x ended: No space left on device");
        assertThat(counts.packets()).isEqualTo((1_000_000 - 180) / 132);
        assertThat(counts.packets() + counts.lost()).isEqualTo(30_000);
    }

    @Test
    void leavesAReadableFileOnADiskThatIsReallyFull() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/proc/sys/kernel/hostname")), "mounting a small disk needs root");
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "none", disk.toString()) == 0, "tmpfs cannot be mounted");
        try {
            CaptureWriter writer = writer("disk/a", Rotation.NONE, PacketComments.NONE);
            try (writer) {
                for (int i = 0; i < 20_000; i++) {
                    writer.packet(packet(i, 101, 101));
                }
            }
            WriteCounts counts = writer.counts();
            assertThat(counts.problem()).endsWith("a ended: No space left on device");
            assertThat(counts.packets()).isPositive();
            assertThat(counts.packets() + counts.lost()).isEqualTo(20_000);
            ReadPackets read = ReadPackets.of(disk.resolve("a"));
            assertThat(read.result().error()).isNull();
            assertThat(read.packets()).hasSize((int) counts.packets());
            assertThat(counts.bytes()).isEqualTo(Files.size(disk.resolve("a")));
        } finally {
            run("umount", disk.toString());
        }
    }

    @Test
    void losesPacketsRatherThanWaitForASlowDisk() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<Integer> lengths = new ArrayList<>();
        WritableByteChannel slow = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                lengths.add(bytes.remaining());
                bytes.position(bytes.limit());
                return lengths.get(lengths.size() - 1);
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        CaptureWriter writer =
                CaptureWriter.open("x", INTERFACES, new Rotation(3_000_000, 0), PacketComments.NONE, name -> slow);
        try (writer) {
            assertThat(blocked.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 40_000; i++) {
                writer.packet(packet(i, 1_000, 1_000));
            }
            assertThat(writer.counts().lost()).isGreaterThan(20_000);
            release.countDown();
        }
        WriteCounts counts = writer.counts();
        assertThat(counts.problem()).isNull();
        assertThat(counts.packets() + counts.lost()).isEqualTo(40_000);
        assertThat(counts.packets()).isBetween(10_000L, 17_000L);
        assertThat(lengths.stream().mapToLong(each -> each).sum()).isEqualTo(counts.bytes());
    }

    @Test
    void refusesAFileThatCannotBeCreated() {
        assertThatThrownBy(() -> writer("missing/a", Rotation.NONE, PacketComments.NONE))
                .isInstanceOf(IOException.class);
    }

    @Test
    void countsWhatItCannotWrite() throws IOException {
        CaptureWriter writer = writer("a", Rotation.NONE, PacketComments.NONE);
        try (writer) {
            RawPacket other = packet(0, 10, 10);
            other.linkType = 101;
            writer.packet(other);
            other.interfaceIndex = 2;
            writer.packet(other);
            writer.packet(packet(0, 300_000, 300_000));
        }
        assertThat(writer.counts().lost()).isEqualTo(2);
        assertThat(ReadPackets.of(directory.resolve("a")).packets().get(0).capturedLength())
                .as("at most tcpdump's snaplen")
                .isEqualTo(262_144);
    }

    @Test
    void staysReadableWhereverItIsCut() throws IOException {
        try (CaptureWriter writer = writer("a", Rotation.NONE, each -> "who")) {
            for (int i = 0; i < 5; i++) {
                writer.packet(packet(i, 61, 61));
            }
        }
        byte[] whole = Files.readAllBytes(directory.resolve("a"));
        int before = 0;
        for (int end = 160; end <= whole.length; end++) {
            Path cut = Files.write(directory.resolve("cut"), java.util.Arrays.copyOf(whole, end));
            int packets = ReadPackets.of(cut).packets().size();
            assertThat(packets).isBetween(before, before + 1);
            before = packets;
        }
        assertThat(before).isEqualTo(5);
    }

    @Test
    void showsOwnersInWireshark() throws Exception {
        assumeTrue(run("tshark", "--version") == 0, "tshark is not installed");
        String long1 = "x".repeat(5000);
        try (CaptureWriter writer = writer("a", Rotation.NONE, each -> switch ((int) (each.timestampNanos - START)) {
            case 0 -> "curl[4711] in container web, service shop_web ✓";
            case 2000 -> long1;
            default -> null;
        })) {
            for (int i = 0; i < 4; i++) {
                RawPacket ethernet = packet(i * 2, 60, 60);
                writer.packet(ethernet);
            }
        }
        Process tshark = new ProcessBuilder(
                        "tshark",
                        "-r",
                        directory.resolve("a").toString(),
                        "-T",
                        "fields",
                        "-e",
                        "frame.number",
                        "-e",
                        "frame.interface_name",
                        "-e",
                        "frame.time_epoch",
                        "-e",
                        "frame.comment")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(out.lines())
                .containsExactly(
                        "1\teth0\t1700000000.123456789\tcurl[4711] in container web, service shop_web ✓",
                        "2\teth0\t1700000000.123458789\t" + long1.substring(0, PcapngBlocks.LONGEST_COMMENT),
                        "3\teth0\t1700000000.123460789\t",
                        "4\teth0\t1700000000.123462789\t");
    }

    @Test
    void cutsCommentsBetweenCharacters() {
        assertThat(new String(PcapngBlocks.utf8("aé✓", 3), StandardCharsets.UTF_8))
                .isEqualTo("aé");
        assertThat(new String(PcapngBlocks.utf8("aé✓", 5), StandardCharsets.UTF_8))
                .isEqualTo("aé");
        assertThat(new String(PcapngBlocks.utf8("aé✓", 6), StandardCharsets.UTF_8))
                .isEqualTo("aé✓");
    }

    @Test
    void allocatesNothingPerPacket() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (CaptureWriter writer = writer("a", Rotation.NONE, PacketComments.NONE)) {
            RawPacket raw = packet(0, 100, 100);
            long before = 0;
            for (int i = 0; i < 120_000; i++) {
                if (i == 20_000) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                writer.packet(raw);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated)
                    .as("100,000 packets, and at most the buffers' objects")
                    .isLessThan(20_000);
        }
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 127;
        }
    }

    @Test
    void tellsAtTheStartThatTheNextFileCannotBeWritten() throws IOException {
        Files.createDirectory(directory.resolve("n1")); // which refuses even root
        assertThatThrownBy(() -> writer("n", new Rotation(1000, 0), each -> null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("n1, cannot be written");
        Files.writeString(directory.resolve("m1"), "kept");
        writer("m", new Rotation(1000, 0), each -> null).close();
        assertThat(directory.resolve("m1")).hasContent("kept");
    }
}
