// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.count.Basis;
import egret.capture.count.SourceCounts;
import egret.capture.protocol.HelloBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests inside connections, counted from records that come in pieces, in any order, or not at all. */
final class RequestsTest {
    private static final byte[] HELLO =
            HelloBuilder.curl("registry-1.docker.io", "http/1.1").record();

    private static Conversation conversation(int requests) {
        return new Conversation("10.0.1.11", 40_000, "198.51.100.10", 443)
                .opened()
                .client(HELLO)
                .exchange(requests)
                .closed();
    }

    private static long requests(Counted counted) {
        return counted.allRows().stream()
                .mapToLong(row -> row.requests().count())
                .sum();
    }

    private static Basis basis(Counted counted) {
        Basis basis = Basis.EXACT;
        for (SourceCounts.Row row : counted.allRows()) {
            basis = basis.compareTo(row.requests().basis()) >= 0
                    ? basis
                    : row.requests().basis();
        }
        return basis;
    }

    @Test
    void areExactInAnHttp1Connection() {
        Counted counted = Counted.of(conversation(10).segments());

        assertThat(requests(counted)).isEqualTo(10);
        assertThat(basis(counted)).isEqualTo(Basis.EXACT);
    }

    @Test
    void areTheSameWhenSegmentsAreCutAndSwapped() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<Segment> segments = new ArrayList<>();
            for (Segment segment : conversation(10).segments()) {
                cut(segment, random, segments);
            }
            for (int i = 6; i + 1 < segments.size(); i++) {
                Segment one = segments.get(i);
                Segment other = segments.get(i + 1);
                if (one.carries()
                        && other.carries()
                        && one.fromClient() == other.fromClient()
                        && random.nextBoolean()) {
                    Collections.swap(segments, i, i + 1);
                }
            }
            Counted counted = Counted.inOrder(segments, Counted::ethernet);

            assertThat(requests(counted)).as("seed " + seed).isEqualTo(10);
            assertThat(basis(counted)).as("seed " + seed).isEqualTo(Basis.EXACT);
        }
    }

    private static void cut(Segment segment, Random random, List<Segment> into) {
        int length = segment.payload().length;
        int at = 0;
        do {
            int to = Math.min(length, at + 1 + random.nextInt(900));
            into.add(segment.part(at, to));
            at = to;
        } while (at < length);
    }

    @Test
    void areAtLeastSoManyBehindALostHeader() {
        for (boolean fromClient : new boolean[] {true, false}) {
            List<Segment> segments = new ArrayList<>(conversation(10).segments());
            int lost = 12;
            while (segments.get(lost).fromClient() != fromClient) {
                lost++;
            }
            segments.remove(lost);
            Counted counted = Counted.inOrder(segments, Counted::ethernet);

            assertThat(requests(counted)).isBetween(8L, 10L);
            assertThat(basis(counted)).isEqualTo(Basis.AT_LEAST);
        }
    }

    @Test
    void areExactWhenOnlyTheMiddleOfARecordIsLost() {
        List<Segment> segments = new ArrayList<>();
        for (Segment segment : conversation(5).segments()) {
            if (!segment.fromClient() && segment.payload().length > 2000 && segments.size() > 8) {
                segments.add(segment.part(0, 100));
                segments.add(segment.part(300, segment.payload().length));
            } else {
                segments.add(segment);
            }
        }
        Counted counted = Counted.inOrder(segments, Counted::ethernet);

        assertThat(requests(counted)).isEqualTo(5);
        assertThat(basis(counted)).isEqualTo(Basis.EXACT);
    }

    @Test
    void surviveSequenceNumbersThatMakeNoSense() {
        List<Segment> segments = new ArrayList<>(conversation(10).segments());
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            Segment s = segments.get(8 + random.nextInt(20));
            segments.add(
                    8 + random.nextInt(segments.size() - 8),
                    new Segment(
                            s.nanos(),
                            s.fromClient(),
                            s.source(),
                            s.sourcePort(),
                            s.destination(),
                            s.destinationPort(),
                            s.ttl(),
                            random.nextInt(),
                            0,
                            16,
                            s.options(),
                            new byte[1000]));
        }
        Counted counted = Counted.inOrder(segments, Counted::ethernet);

        assertThat(counted.rows()).hasSize(1);
        assertThat(basis(counted)).isEqualTo(Basis.AT_LEAST);
    }

    @Test
    void areEstimatedWhenTheSnaplenCutsTheRecords() {
        Counted counted = new Counted();
        for (Segment segment : conversation(10).segments()) {
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), 300);
        }
        counted.finish();

        assertThat(requests(counted)).isBetween(9L, 11L);
        assertThat(basis(counted)).isNotEqualTo(Basis.EXACT);
    }

    @Test
    void areCountedInClearText() {
        String get = "GET /v2/ HTTP/1.1\r\nHost: registry-1.docker.io\r\n\r\n";
        Conversation clear = new Conversation("10.0.1.11", 40_000, "198.51.100.10", 80)
                .opened()
                .client(get)
                .server("HTTP/1.1 301 Moved\r\n\r\n")
                .client(get + get)
                .server("HTTP/1.1 301 Moved\r\n\r\n")
                .client(get)
                .client(get)
                .closed();
        List<Segment> segments = new ArrayList<>(clear.segments());

        assertThat(requests(Counted.inOrder(segments, Counted::ethernet))).isEqualTo(5);
        Collections.swap(segments, 6, 7);
        assertThat(requests(Counted.inOrder(segments, Counted::ethernet))).isEqualTo(5);
    }
}
