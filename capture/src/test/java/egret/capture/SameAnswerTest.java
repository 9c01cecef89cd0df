// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.decode.FrameBuilder;
import egret.capture.decode.Packet;
import egret.capture.protocol.HelloBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** However the packets of a connection come, its name, source and counts are the same. */
final class SameAnswerTest {
    private static final String NAME = "registry-1.docker.io";
    private static final String CLIENT = "10.0.1.11";
    private static final String SERVER = "198.51.100.10";

    private static HelloBuilder hello() {
        return HelloBuilder.curl(NAME, "http/1.1");
    }

    private static Conversation to(int port) {
        return new Conversation(CLIENT, 40_000, SERVER, port);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Map<String, Conversation> conversations() {
        byte[] hello = hello().record();
        byte[] large = hello().mlKemKeyShare().record();
        Map<String, Conversation> all = new LinkedHashMap<>();
        all.put("one segment", to(443).opened().client(hello).exchange(2).closed());
        all.put("two segments", to(443).opened().client(large, 1000).exchange(2).closed());
        all.put("many segments", to(443).opened().client(hello, 40).exchange(2).closed());
        all.put(
                "hello over records",
                to(443).opened().client(hello().records(60, 100)).exchange(2).closed());
        all.put(
                "ChangeCipherSpec before",
                to(443).opened()
                        .client(Conversation.join(Conversation.records(20, 1), hello))
                        .exchange(2)
                        .closed());
        all.put("fast open", to(443).syn(hello).synAck().exchange(2).closed());
        all.put(
                "CONNECT",
                to(3128).opened()
                        .client("CONNECT " + NAME + ":443 HTTP/1.1\r\nHost: " + NAME + ":443\r\n\r\n")
                        .server("HTTP/1.1 200 OK\r\n\r\n")
                        .client(hello)
                        .exchange(2)
                        .closed());
        all.put(
                "SOCKS4",
                to(1080).opened()
                        .client(Conversation.join(
                                new byte[] {4, 1, 1, (byte) 187, 0, 0, 0, 1, 0}, ascii(NAME), new byte[1]))
                        .server(new byte[] {0, 90, 0, 0, 0, 0, 0, 0})
                        .client(hello)
                        .exchange(2)
                        .closed());
        all.put(
                "SOCKS5",
                to(1080).opened()
                        .client(new byte[] {5, 2, 0, 2})
                        .server(new byte[] {5, 2})
                        .client(new byte[] {1, 1, 'u', 1, 'p'})
                        .server(new byte[] {1, 0})
                        .client(Conversation.join(
                                new byte[] {5, 1, 0, 3, (byte) NAME.length()}, ascii(NAME), new byte[] {1, (byte) 187}))
                        .server(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
                        .client(hello)
                        .exchange(2)
                        .closed());
        all.put(
                "HTTP",
                to(80).opened()
                        .client("GET /v2/ HTTP/1.1\r\nHost: " + NAME + "\r\n\r\n")
                        .server("HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n")
                        .closed());
        return all;
    }

    private static String row(String kind) {
        return "1+0 " + (kind.equals("HTTP") ? 1 : 2);
    }

    private static void holds(String variant, UnaryOperator<List<Segment>> change) {
        holds(variant, change, Counted::ethernet);
    }

    private static void holds(
            String variant, UnaryOperator<List<Segment>> change, Function<Segment, List<FrameBuilder>> framing) {
        conversations().forEach((kind, conversation) -> {
            Counted counted = Counted.inOrder(change.apply(conversation.segments()), framing);
            assertThat(counted.rows()).as(kind + ", " + variant).isEqualTo(Map.of(CLIENT + " " + NAME, row(kind)));
            assertThat(counted.gaps().connections()).as(kind + ", " + variant).isEqualTo(1);
            assertThat(counted.gaps().named()).as(kind + ", " + variant).isEqualTo(1);
            assertThat(counted.gaps().midStreamWithoutName())
                    .as(kind + ", " + variant)
                    .isZero();
        });
    }

    @Test
    void asItWasSent() {
        holds("as sent", segments -> segments);
    }

    @Test
    void withTheSegmentsOfOneSideReordered() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            holds("reordered, seed " + seed, segments -> reordered(segments, random));
        }
    }

    /** Segments that one side sends without hearing from the other. */
    private static List<Segment> reordered(List<Segment> segments, Random random) {
        List<Segment> out = new ArrayList<>();
        for (int from = 0; from < segments.size(); ) {
            int to = from + 1;
            while (to < segments.size()
                    && plain(segments.get(from))
                    && plain(segments.get(to))
                    && segments.get(to).fromClient() == segments.get(from).fromClient()) {
                to++;
            }
            List<Segment> run = new ArrayList<>(segments.subList(from, to));
            Collections.shuffle(run, random);
            out.addAll(run);
            from = to;
        }
        return out;
    }

    private static boolean plain(Segment segment) {
        return segment.carries() && (segment.flags() & (Packet.SYN | Packet.FIN | Packet.RST)) == 0;
    }

    @Test
    void withEverySegmentRetransmitted() {
        holds("retransmitted at once", segments -> {
            List<Segment> out = new ArrayList<>();
            segments.forEach(segment -> out.addAll(List.of(segment, segment)));
            return out;
        });
        holds("retransmitted later", segments -> {
            List<Segment> out = new ArrayList<>();
            for (int i = 0; i < segments.size(); i++) {
                out.add(segments.get(i));
                if (i >= 2) {
                    out.add(segments.get(i - 2));
                }
            }
            return out;
        });
    }

    @Test
    void withSegmentsThatOverlap() {
        holds("overlapping", segments -> {
            List<Segment> out = new ArrayList<>();
            for (Segment segment : segments) {
                int size = segment.payload().length;
                if (size < 2) {
                    out.add(segment);
                    continue;
                }
                out.add(segment.part(0, size / 2 + 1));
                out.add(segment.part(size / 3 + (segment.syn() ? 1 : 0), size));
            }
            return out;
        });
    }

    @Test
    void inSegmentsOfAnySize() {
        for (int size : new int[] {1, 2, 3, 5, 7, 11, 64, 100, 333, 1460}) {
            holds("cut into " + size, segments -> cut(segments, size));
        }
    }

    private static List<Segment> cut(List<Segment> segments, int size) {
        List<Segment> out = new ArrayList<>();
        for (Segment segment : segments) {
            int length = segment.payload().length;
            for (int at = 0; at < Math.max(1, length); at += size) {
                out.add(segment.part(at, Math.min(length, at + size)));
            }
        }
        return out;
    }

    @Test
    void inFragments() {
        holds("fragments", segments -> segments, segment -> {
            if (segment.payload().length < 100) {
                return Counted.ethernet(segment);
            }
            List<FrameBuilder> out = new ArrayList<>();
            for (FrameBuilder part : segment.tcp()
                    .ipv4Fragments(segment.source(), segment.destination(), segment.sequence() & 0xffff, 48, 96)) {
                out.add(part.ethernet());
            }
            return out;
        });
    }

    @Test
    void insideOtherLayers() {
        Map<String, Function<FrameBuilder, FrameBuilder>> wraps = new TreeMap<>();
        wraps.put("vlan", ip -> ip.vlan(5).ethernet());
        wraps.put("two vlans", ip -> ip.vlan(5).vlan(0x88a8, 6).ethernet());
        wraps.put(
                "vxlan",
                ip -> ip.ethernet().vxlan(7).ipv4("192.0.2.1", "192.0.2.2").ethernet());
        wraps.put(
                "geneve",
                ip -> ip.ethernet()
                        .geneve(7, new byte[4])
                        .ipv4("192.0.2.1", "192.0.2.2")
                        .ethernet());
        wraps.put("gre", ip -> ip.gre(0).ipv4("192.0.2.1", "192.0.2.2").ethernet());
        wraps.put(
                "erspan",
                ip -> ip.ethernet().erspan(2).ipv4("192.0.2.1", "192.0.2.2").ethernet());
        wraps.put("ip in ip", ip -> ip.ipv6("2001:db8::1", "2001:db8::2").ethernet());
        wraps.put("sll2", FrameBuilder::sll2);
        wraps.put("raw", FrameBuilder::raw);
        wraps.forEach(
                (name, wrap) -> holds(name, segments -> segments, segment -> List.of(wrap.apply(Counted.ip(segment)))));
    }

    @Test
    void overIpv6() {
        conversations().forEach((kind, conversation) -> {
            Counted counted = Counted.inOrder(
                    conversation.segments(),
                    segment -> List.of(segment.tcp()
                            .ipv6(mapped(segment.source()), mapped(segment.destination()))
                            .ethernet()));
            assertThat(counted.rows()).as(kind).isEqualTo(Map.of("fc00::10:0:1:11 " + NAME, row(kind)));
        });
    }

    private static String mapped(String ipv4) {
        return "fc00::" + ipv4.replace('.', ':');
    }

    @Test
    void withEveryPacketTwice() {
        holds("mirrored", segments -> {
            List<Segment> out = new ArrayList<>();
            segments.forEach(segment -> out.addAll(List.of(segment, segment)));
            return out;
        });
    }

    @Test
    void fromTheHelloOn() {
        conversations().forEach((kind, conversation) -> {
            if (kind.startsWith("SOCKS") || kind.equals("fast open") || kind.equals("ChangeCipherSpec before")) {
                return; // Nothing tells that they begin.
            }
            Counted counted = Counted.inOrder(
                    conversation.segments().stream().filter(s -> !s.syn()).toList(), Counted::ethernet);
            assertThat(counted.rows()).as(kind).isEqualTo(Map.of(CLIENT + " " + NAME, row(kind)));
            assertThat(counted.gaps().midStream()).as(kind).isEqualTo(1);
            assertThat(counted.gaps().midStreamWithoutName()).as(kind).isZero();
        });
    }

    @Test
    void fromTheAnswerToTheSynOn() {
        conversations().forEach((kind, conversation) -> {
            List<Segment> segments = conversation.segments();
            if (kind.equals("fast open")) {
                return;
            }
            Counted counted = Counted.inOrder(segments.subList(1, segments.size()), Counted::ethernet);
            assertThat(counted.rows()).as(kind).isEqualTo(Map.of(CLIENT + " " + NAME, row(kind)));
            List<Segment> swapped = new ArrayList<>(segments);
            Collections.swap(swapped, 0, 1);
            counted = Counted.inOrder(swapped, Counted::ethernet);
            assertThat(counted.rows()).as(kind).isEqualTo(Map.of(CLIENT + " " + NAME, row(kind)));
            assertThat(counted.gaps().connections()).as(kind).isEqualTo(1);
            assertThat(counted.gaps().midStream()).as(kind).isZero();
        });
    }

    @Test
    void cutBehindTheName() {
        for (String kind : new String[] {"one segment", "CONNECT", "HTTP", "fast open"}) {
            Counted counted = new Counted();
            for (Segment segment : conversations().get(kind).segments()) {
                counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), 256);
            }
            assertThat(counted.finish().rows().keySet()).as(kind).containsExactly(CLIENT + " " + NAME);
            assertThat(counted.gaps().connections()).as(kind).isEqualTo(1);
        }
    }

    @Test
    void countsAgainWhenThePortsAreUsedAgain() {
        conversations().forEach((kind, conversation) -> {
            for (boolean closed : new boolean[] {true, false}) {
                List<Segment> segments = new ArrayList<>();
                for (Segment segment : conversation.segments()) {
                    if (closed || (segment.flags() & Packet.FIN) == 0) {
                        segments.add(segment);
                    }
                }
                for (Segment segment : conversation.segments()) {
                    segments.add(moved(segment));
                }
                Counted counted = Counted.inOrder(segments, Counted::ethernet);
                assertThat(counted.rows())
                        .as(kind + (closed ? " closed" : " open"))
                        .isEqualTo(Map.of(CLIENT + " " + NAME, kind.equals("HTTP") ? "2+0 2" : "2+0 4"));
                assertThat(counted.gaps().connections()).isEqualTo(2);
            }
        });
    }

    /** Half a minute later, with other sequence numbers and another random. */
    private static Segment moved(Segment s) {
        byte[] payload = s.payload().clone();
        for (int i = 0; i + 12 < payload.length; i++) {
            if (payload[i] == 22 && payload[i + 1] == 3 && payload[i + 5] == 1) {
                payload[i + 12] ^= 0x55;
            }
        }
        return new Segment(
                s.nanos() + 30_000 * Conversation.MILLI,
                s.fromClient(),
                s.source(),
                s.sourcePort(),
                s.destination(),
                s.destinationPort(),
                s.ttl(),
                s.sequence() + 500_000_000,
                s.acknowledgment() + 500_000_000,
                s.flags(),
                s.options(),
                payload);
    }
}
