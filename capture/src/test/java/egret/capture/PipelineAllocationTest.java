// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import egret.capture.Conversation.Segment;
import egret.capture.decode.FrameBuilder;
import egret.capture.pcap.RawPacket;
import egret.capture.protocol.HelloBuilder;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The hot path allocates nothing between two intervals. */
final class PipelineAllocationTest {
    private static final int SEQUENCE = 14 + 20 + 4;

    /** A packet that is sent again and again, each time behind the one before. */
    private record Stream(RawPacket packet, int step) {
        void next() {
            int sequence = packet.bytes.getInt(SEQUENCE);
            packet.bytes.putInt(SEQUENCE, sequence + step);
        }
    }

    @Test
    void followedAndOtherConnectionsCostNoAllocation() {
        Counted counted = new Counted();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            // Watched, not watched, a copy behind a NAT, joined in mid-stream.
            byte[] random = new byte[32];
            new Random(i).nextBytes(random);
            String name = i % 4 == 1 ? "www.example.org" : "registry-1.docker.io";
            Conversation conversation = new Conversation("10.0.1." + i, 40_000, "198.51.100.10", 443).begins(i * 77, i);
            if (i % 4 != 3) {
                conversation
                        .opened()
                        .client(HelloBuilder.curl(name, "http/1.1")
                                .random(random)
                                .record());
            }
            conversation.exchange(1);
            List<Segment> segments = new ArrayList<>(conversation.segments());
            if (i % 4 == 2) {
                conversation.segments().forEach(s -> segments.add(s.natted("203.0.113.5", 5000, 0)));
            }
            for (Segment segment : segments) {
                counted.frame(Conversation.START, Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
            }
            int before = segments.size();
            conversation.client(Conversation.records(23, 400)).server(Conversation.records(23, 600, 500));
            List<Segment> all = conversation.segments();
            for (Segment segment : all.subList(all.size() - 2, all.size())) {
                streams.add(stream(segment));
                if (i % 4 == 2 && before > 0) {
                    streams.add(stream(segment.natted("203.0.113.5", 5000, 0)));
                }
            }
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(counted, streams, 100_000);
        threads.getCurrentThreadAllocatedBytes();

        long before = threads.getCurrentThreadAllocatedBytes();
        run(counted, streams, 100_000);
        long after = threads.getCurrentThreadAllocatedBytes();

        assertThat(after - before).isZero();
        counted.finish();
        long requests = counted.allRows().stream()
                .mapToLong(row -> row.requests().count())
                .sum();
        assertThat(requests).isGreaterThan(30_000);
    }

    private static Stream stream(Segment segment) {
        FrameBuilder frame = Counted.ip(segment).ethernet();
        byte[] bytes = frame.bytes();
        RawPacket raw = new RawPacket();
        raw.bytes = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        raw.capturedLength = bytes.length;
        raw.originalLength = bytes.length;
        raw.linkType = frame.linkType();
        raw.timestampNanos = Conversation.START + 1000;
        return new Stream(raw, segment.payload().length);
    }

    private static void run(Counted counted, List<Stream> streams, int count) {
        int size = streams.size();
        int at = 0;
        for (int i = 0; i < count; i++) {
            Stream stream = streams.get(at);
            counted.pipeline.packet(stream.packet());
            stream.next();
            at = at + 1 == size ? 0 : at + 1;
        }
    }
}
