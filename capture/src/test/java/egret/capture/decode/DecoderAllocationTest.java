// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import egret.capture.pcap.RawPacket;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecoderAllocationTest {
    @Test
    void decodingAllocatesNothing() {
        List<RawPacket> packets = new ArrayList<>();
        for (FrameBuilder frame : Samples.frames().values()) {
            packets.add(raw(frame));
        }
        for (FrameBuilder fragment : FrameBuilder.udp(1, 2, Samples.text(5000))
                .ipv4Fragments(Samples.SOURCE, Samples.DESTINATION, 5, 1480, 2960, 4440)) {
            packets.add(raw(fragment.ethernet()));
        }
        for (FrameBuilder fragment : FrameBuilder.tcp(1, 2, 3, Packet.ACK, Samples.text(3000))
                .ipv6Fragments(Samples.SOURCE6, Samples.DESTINATION6, 5, 1400, 2800)) {
            packets.add(raw(fragment.gre(0).ipv4("10.0.0.1", "10.0.0.2").ethernet()));
        }
        PacketDecoder decoder = new PacketDecoder();
        Packet packet = new Packet();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(decoder, packet, packets, 100_000);
        threads.getCurrentThreadAllocatedBytes();

        long before = threads.getCurrentThreadAllocatedBytes();
        run(decoder, packet, packets, 100_000);
        long after = threads.getCurrentThreadAllocatedBytes();

        assertThat(after - before).isZero();
    }

    private static RawPacket raw(FrameBuilder frame) {
        byte[] bytes = frame.bytes();
        return Sight.raw(bytes, bytes.length, bytes.length, frame.linkType(), 0);
    }

    private static void run(PacketDecoder decoder, Packet packet, List<RawPacket> packets, int count) {
        int size = packets.size();
        int at = 0;
        for (int i = 0; i < count; i++) {
            decoder.decode(packets.get(at), packet);
            at = at + 1 == size ? 0 : at + 1;
        }
    }
}
