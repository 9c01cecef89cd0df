// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.protocol.HelloBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One connection counts once, wherever and however often it is seen. */
final class CopiesTest {
    private static final String NAME = "registry-1.docker.io";
    private static final String CLIENT = "10.0.1.11";
    private static final String SERVER = "198.51.100.10";
    private static final String NAT = "203.0.113.5";
    private static final Map<String, String> ONCE = Map.of(CLIENT + " " + NAME, "1+0 2");

    private static byte[] hello(long seed) {
        byte[] random = new byte[32];
        new Random(seed).nextBytes(random);
        return HelloBuilder.curl(NAME, "http/1.1").random(random).record();
    }

    private static Conversation pull() {
        return new Conversation(CLIENT, 40_000, SERVER, 443)
                .opened()
                .client(hello(1))
                .exchange(2)
                .closed();
    }

    /** Each segment so many nanoseconds later, behind the NAT. */
    private static List<Segment> natted(List<Segment> segments, int port, long later) {
        return segments.stream()
                .map(segment -> segment.natted(NAT, port, segment.fromClient() ? later : -later))
                .toList();
    }

    private static List<Segment> without(List<Segment> segments, boolean syns) {
        return segments.stream().filter(segment -> segment.syn() != syns).toList();
    }

    @Test
    void countsOnceOnBothSidesOfANat() {
        for (int port : new int[] {40_000, 61_234}) {
            List<Segment> inside = pull().segments();

            Counted counted = Counted.of(inside, natted(inside, port, 20_000));

            assertThat(counted.rows()).isEqualTo(ONCE);
            assertThat(counted.egress()).isEqualTo(NAT);
            assertThat(counted.gaps().connections()).isEqualTo(1);
            assertThat(counted.gaps().copies()).isEqualTo(1);
            assertThat(counted.gaps().midStreamWithoutName()).isZero();
        }
    }

    @Test
    void findsTheSourceByTheTtlWhenTheOutsideComesFirst() {
        List<Segment> inside = pull().segments();

        Counted counted = Counted.of(inside, natted(inside, 61_234, -20_000));

        assertThat(counted.rows()).isEqualTo(ONCE);
        assertThat(counted.egress()).isEqualTo(NAT);
    }

    @Test
    void countsOnceWhenSeenThreeTimes() {
        List<Segment> inside = pull().segments();
        List<Segment> outside = natted(inside, 61_234, 20_000);
        List<Segment> further = outside.stream()
                .map(s -> s.natted("203.0.113.77", 2222, 30_000))
                .toList();

        Counted counted = Counted.of(inside, outside, further, outside);

        assertThat(counted.rows()).isEqualTo(ONCE);
        assertThat(counted.gaps().copies()).isEqualTo(2);
    }

    @Test
    void joinsByTheHelloWhenTheSynsAreLost() {
        List<Segment> inside = without(pull().segments(), true);

        Counted counted = Counted.of(inside, natted(inside, 61_234, 20_000));

        assertThat(counted.rows()).isEqualTo(ONCE);
        assertThat(counted.egress()).isEqualTo(NAT);
        assertThat(counted.gaps().midStream()).isEqualTo(2);
        assertThat(counted.gaps().relayed()).isEqualTo(1);
        assertThat(counted.gaps().midStreamWithoutName()).isZero();
    }

    @Test
    void joinsByTheHelloWhenOneSynIsLost() {
        for (boolean insideLost : new boolean[] {true, false}) {
            List<Segment> whole = pull().segments();
            List<Segment> inside = insideLost ? without(whole, true) : whole;
            List<Segment> outside = natted(insideLost ? whole : without(whole, true), 61_234, 20_000);

            Counted counted = Counted.of(inside, outside);

            assertThat(counted.rows()).as("inside lost: " + insideLost).isEqualTo(ONCE);
            assertThat(counted.egress()).isEqualTo(NAT);
            assertThat(counted.gaps().midStreamWithoutName()).isZero();
        }
    }

    @Test
    void joinsTheConnectionThatAProxyMakesForItsClient() {
        Conversation tunnel = new Conversation(CLIENT, 40_000, "10.0.0.9", 8888)
                .opened()
                .client("CONNECT " + NAME + ":443 HTTP/1.1\r\n\r\n")
                .later(20)
                .server("HTTP/1.1 200 OK\r\n\r\n")
                .client(hello(1))
                .exchange(2)
                .closed();
        Conversation own = new Conversation("10.0.0.9", 50_000, SERVER, 443)
                .at(5)
                .opened()
                .at(24)
                .client(hello(1))
                .exchange(2)
                .closed();
        List<Segment> outside = own.segments().stream()
                .map(segment -> segment.natted(NAT, 50_001, 1000))
                .toList();

        Counted counted = Counted.of(tunnel.segments(), own.segments(), outside);

        assertThat(counted.rows()).isEqualTo(ONCE);
        assertThat(counted.egress()).isEqualTo(NAT);
        assertThat(counted.gaps().connections()).isEqualTo(2);
        assertThat(counted.gaps().relayed()).isEqualTo(1);
        assertThat(counted.gaps().named()).isEqualTo(1);
        assertThat(counted.others()).isEqualTo("0+0");
    }

    @Test
    void givesAllCopiesTheSameKey() {
        Set<Long> keys = new HashSet<>();
        List<Segment> inside = pull().segments();
        for (List<Segment> alone : List.of(inside, natted(inside, 61_234, 0))) {
            Counted counted = new Counted();
            for (Segment segment : alone) {
                counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
            }
            counted.finish().allRows().forEach(row -> {
                for (long key : row.connectionKeys()) {
                    keys.add(key);
                }
            });
        }
        assertThat(keys).hasSize(1).doesNotContain(0L);
    }

    @Test
    void keepsConnectionsApartWhoseSynHasNoOptions() {
        List<List<Segment>> scans = new ArrayList<>();
        for (int host = 1; host <= 5; host++) {
            scans.add(new Conversation("10.0.1." + host, 40_000, SERVER, 443)
                    .withoutOptions()
                    .begins(12_345, 0)
                    .opened()
                    .client(hello(host))
                    .exchange(1)
                    .closed()
                    .segments());
        }

        Counted counted = Counted.of(scans.get(0), scans.get(1), scans.get(2), scans.get(3), scans.get(4));

        assertThat(counted.rows()).hasSize(5).containsValue("1+0 1");
        assertThat(counted.gaps().copies()).isZero();
    }

    @Test
    void keepsHostsApartThatBeginWithTheSameSequenceNumber() {
        List<Segment> one = new Conversation(CLIENT, 40_000, SERVER, 443)
                .begins(12_345, 1)
                .opened()
                .client(hello(1))
                .exchange(1)
                .closed()
                .segments();
        List<Segment> other = new Conversation("10.0.1.12", 40_000, SERVER, 443)
                .begins(12_345, 2)
                .opened()
                .client(hello(2))
                .exchange(1)
                .closed()
                .segments();

        Counted counted = Counted.of(one, other);

        assertThat(counted.rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "1+0 1", "10.0.1.12 " + NAME, "1+0 1"));
    }

    @Test
    void keepsHellosApartWhoseRandomIsNone() {
        byte[] counting = new byte[32];
        for (int i = 0; i < 32; i++) {
            counting[i] = (byte) i;
        }
        for (byte[] random : new byte[][] {new byte[32], counting}) {
            List<List<Segment>> all = new ArrayList<>();
            for (int host = 1; host <= 3; host++) {
                all.add(new Conversation("10.0.1." + host, 40_000, SERVER, 443)
                        .begins(host, host)
                        .opened()
                        .client(HelloBuilder.curl(NAME, "http/1.1")
                                .random(random)
                                .record())
                        .exchange(1)
                        .closed()
                        .segments());
            }
            assertThat(Counted.of(all.get(0), all.get(1), all.get(2)).rows()).hasSize(3);
        }
    }

    @Test
    void countsEachOfManyConnectionsBehindANatOnce() {
        Random random = new Random(7);
        List<Segment> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            List<Segment> inside = new Conversation("10.0.1." + (1 + i % 5), 20_000 + i, SERVER, 443)
                    .begins(random.nextInt(), random.nextInt())
                    .at(random.nextInt(3000))
                    .opened()
                    .client(hello(1000 + i), 1 + random.nextInt(900))
                    .exchange(1)
                    .closed()
                    .segments();
            all.addAll(inside);
            all.addAll(natted(inside, 1024 + random.nextInt(60_000), 1 + random.nextInt(900_000)));
        }
        Counted counted = Counted.of(all);

        assertThat(counted.rows()).hasSize(5);
        assertThat(counted.rows().values()).containsOnly("100+0 100");
        assertThat(counted.gaps().copies()).isEqualTo(500);
        assertThat(counted.gaps().midStream()).isZero();
    }
}
