// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptureAllocationTest {
    private static final int PACKETS = 150_000;
    private static final int WARM = 50_000;

    @TempDir
    Path directory;

    /** Measures from one packet to a later one of the same file. */
    private static final class Meter implements PacketSink {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private long packets;
        private long start;
        private long allocated;

        @Override
        public void packet(RawPacket packet) {
            packets++;
            if (packets == WARM) {
                start = threads.getCurrentThreadAllocatedBytes();
            } else if (packets == PACKETS) {
                allocated = threads.getCurrentThreadAllocatedBytes() - start;
            }
        }
    }

    private static void assertNothingAllocated(Path... files) {
        Meter meter = new Meter();
        List<String> paths = java.util.Arrays.stream(files).map(Path::toString).toList();
        CaptureFiles.read(paths, 1, meter, ReadPackets.NO_PROGRESS);
        assertThat(meter.packets).isGreaterThanOrEqualTo(PACKETS);
        assertThat(meter.allocated).as("bytes for %d packets", PACKETS - WARM).isZero();
    }

    @Test
    void readsPacketsWithoutAllocation() {
        byte[] frame = new byte[90];
        PcapWriter pcap = new PcapWriter();
        PcapngWriter pcapng =
                new PcapngWriter().section().networkInterface(1, 0).networkInterface(1, 0, 0x8a, 3);
        for (int i = 0; i < PACKETS; i++) {
            pcap.packet(1_700_000_000_000_000_000L + i * 1000L, frame);
            pcapng.packet(i & 1, 1_700_000_000_000_000L + i, frame);
        }
        Path first = pcap.write(directory.resolve("pcap"));
        Path second = pcapng.write(directory.resolve("pcapng"));
        assertNothingAllocated(first);
        assertNothingAllocated(second);
        assertNothingAllocated(first, second);
    }
}
