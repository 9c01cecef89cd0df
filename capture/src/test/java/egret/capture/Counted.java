// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.Conversation.Segment;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.SourceCounter;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.decode.FrameBuilder;
import egret.capture.decode.PacketTotals;
import egret.capture.flow.NameTable;
import egret.capture.origin.Origins;
import egret.capture.pcap.RawPacket;
import egret.rules.Clients;
import egret.rules.InsideNetworks;
import egret.rules.Rules;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What a {@link SourceCounter} makes of packets, summed over its messages. */
final class Counted {
    private static final Clients CLIENTS = Clients.builtin();

    final List<SourceCounts> messages = new ArrayList<>();
    private final NameTable names = new NameTable();
    private final PacketTotals totals = new PacketTotals();
    final SourceCounter counter;
    final CapturePipeline pipeline;
    private final RawPacket raw = new RawPacket();

    Counted() {
        this(Rules.builtin(), Origins.NONE);
    }

    Counted(Origins origins) {
        this(Rules.builtin(), origins);
    }

    Counted(Rules rules) {
        this(rules, Origins.NONE);
    }

    private Counted(Rules rules, Origins origins) {
        counter = new SourceCounter(
                new SourceCounter.Agent("agent", "boot", Vantage.FILE),
                rules,
                CLIENTS,
                InsideNetworks.guess(),
                names,
                totals,
                origins,
                messages::add);
        pipeline = new CapturePipeline(names, totals, counter);
    }

    /** In the order of their times. */
    @SafeVarargs
    static Counted of(List<Segment>... conversations) {
        return of(Origins.NONE, conversations);
    }

    @SafeVarargs
    static Counted of(Origins origins, List<Segment>... conversations) {
        List<Segment> all = new ArrayList<>();
        for (List<Segment> conversation : conversations) {
            all.addAll(conversation);
        }
        all.sort(Comparator.comparingLong(Segment::nanos));
        return inOrder(origins, all, Counted::ethernet);
    }

    /** In the order given. */
    static Counted inOrder(List<Segment> segments, Function<Segment, List<FrameBuilder>> framing) {
        return inOrder(Origins.NONE, segments, framing);
    }

    private static Counted inOrder(
            Origins origins, List<Segment> segments, Function<Segment, List<FrameBuilder>> framing) {
        Counted counted = new Counted(origins);
        for (Segment segment : segments) {
            for (FrameBuilder frame : framing.apply(segment)) {
                counted.frame(segment.nanos(), frame, Integer.MAX_VALUE);
            }
        }
        return counted.finish();
    }

    static List<FrameBuilder> ethernet(Segment segment) {
        return List.of(ip(segment).ethernet());
    }

    static FrameBuilder ip(Segment segment) {
        return segment.tcp().ipv4(segment.source(), segment.destination(), segment.ttl(), 0, 0, new byte[0]);
    }

    void frame(long nanos, FrameBuilder frame, int snaplen) {
        byte[] bytes = frame.bytes();
        int length = Math.min(snaplen, bytes.length);
        raw.bytes = ByteBuffer.allocateDirect(length).put(bytes, 0, length);
        raw.offset = 0;
        raw.capturedLength = length;
        raw.originalLength = bytes.length;
        raw.linkType = frame.linkType();
        raw.timestampNanos = nanos;
        raw.number++;
        pipeline.packet(raw);
    }

    Counted finish() {
        pipeline.finish();
        return this;
    }

    /** {@code source name connections+failed requests}, summed over clients. */
    Map<String, String> rows() {
        Map<String, long[]> sums = new TreeMap<>();
        for (SourceCounts message : messages) {
            for (SourceCounts.Row row : message.rows()) {
                long[] sum = sums.computeIfAbsent(row.source() + " " + row.serverName(), key -> new long[3]);
                sum[0] += row.connections();
                sum[1] += row.failed();
                sum[2] += row.requests().count();
            }
        }
        Map<String, String> rows = new TreeMap<>();
        sums.forEach((key, sum) -> rows.put(key, sum[0] + "+" + sum[1] + " " + sum[2]));
        return rows;
    }

    List<SourceCounts.Row> allRows() {
        List<SourceCounts.Row> rows = new ArrayList<>();
        messages.forEach(message -> rows.addAll(message.rows()));
        return rows;
    }

    /** The last egress address that a row tells, "" if none does. */
    String egress() {
        String egress = "";
        for (SourceCounts.Row row : allRows()) {
            egress = row.egress() == null ? egress : row.egress().toString();
        }
        return egress;
    }

    EvidenceGaps gaps() {
        EvidenceGaps sum = EvidenceGaps.NONE;
        for (SourceCounts message : messages) {
            sum = sum.plus(message.gaps());
        }
        return sum;
    }

    /** Connections and failures of what is not watched. */
    String others() {
        long connections = 0;
        long failed = 0;
        for (SourceCounts message : messages) {
            for (SourceCounts.Other other : message.others()) {
                connections += other.connections();
                failed += other.failed();
            }
        }
        return connections + "+" + failed;
    }
}
