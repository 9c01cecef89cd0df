// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.count.EvidenceGaps;
import egret.capture.protocol.HelloBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attempts that fail, those that come to life again, and what has no name: each is counted once and as one thing. */
final class FailuresTest {
    private static final String NAME = "registry-1.docker.io";
    private static final String CLIENT = "10.0.1.11";
    private static final String SERVER = "198.51.100.10";
    private static final byte[] HELLO = HelloBuilder.curl(NAME, "http/1.1").record();

    private static Conversation conversation() {
        return new Conversation(CLIENT, 40_000, SERVER, 443);
    }

    /** Something else that makes time go by. */
    private static List<Segment> later(int seconds) {
        Conversation other = new Conversation("10.0.1.99", 50_000, "203.0.113.80", 9999);
        for (int second = 1; second <= seconds; second++) {
            other.at(1000L * second).client("x");
        }
        return other.segments();
    }

    private static void adds(EvidenceGaps gaps) {
        long mid = gaps.midStreamWithoutName();
        assertThat(mid).isBetween(0L, gaps.midStream());
        assertThat(List.of(gaps.named(), gaps.withoutHello(), gaps.failed(), gaps.relayed()))
                .allMatch(count -> count >= 0);
    }

    @Test
    void countsARefusedAttempt() {
        Counted counted = Counted.of(conversation().syn().reset(false).segments());

        assertThat(counted.others()).isEqualTo("0+1");
        assertThat(counted.gaps().failed()).isEqualTo(1);
        assertThat(counted.gaps().connections()).isEqualTo(1);
        adds(counted.gaps());
    }

    @Test
    void countsARefusedAttemptBehindANatOnce() {
        List<Segment> inside = conversation().syn().reset(false).segments();
        List<Segment> outside = inside.stream()
                .map(segment -> segment.natted("203.0.113.5", 2222, segment.fromClient() ? 1000 : -1000))
                .toList();

        Counted counted = Counted.of(inside, outside);

        assertThat(counted.others()).isEqualTo("0+1");
        assertThat(counted.gaps().connections()).isEqualTo(1);
    }

    @Test
    void countsAnAttemptThatIsResetBeforeItsFirstByte() {
        Counted counted = Counted.of(conversation().opened().reset(true).segments());

        assertThat(counted.gaps().failed()).isEqualTo(1);
        assertThat(counted.others()).isEqualTo("0+1");
    }

    @Test
    void countsAConnectionThatIsClosedWithoutAWordAsUnnamed() {
        Counted counted = Counted.of(conversation().opened().closed().segments());

        assertThat(counted.gaps().failed()).isZero();
        assertThat(counted.gaps().withoutHello()).isEqualTo(1);
        assertThat(counted.others()).isEqualTo("1+0");
    }

    @Test
    void givesAnAttemptUpAfterSixteenSecondsWithoutAnAnswer() {
        List<Segment> syn = conversation().syn().segments();

        assertThat(Counted.of(syn, later(15)).gaps().failed()).isZero();
        assertThat(Counted.of(syn, later(18)).gaps().failed()).isEqualTo(1);
        assertThat(Counted.of(syn, later(400)).gaps().failed()).isEqualTo(1);
        adds(Counted.of(syn, later(400)).gaps());
    }

    @Test
    void countsRetransmissionsOfASynOnce() {
        Conversation attempt = conversation().syn();
        for (int seconds : new int[] {1, 3, 7, 15, 31, 63}) {
            attempt.at(1000L * seconds).synAgain();
        }
        Counted counted = Counted.of(attempt.segments(), later(200));

        assertThat(counted.gaps().connections()).isEqualTo(1);
        assertThat(counted.gaps().failed()).isEqualTo(1);
        assertThat(counted.others()).isEqualTo("1+1");
    }

    @Test
    void namesAnAttemptThatIsAnsweredAfterItWasGivenUp() {
        Conversation attempt = conversation()
                .syn()
                .at(31_000)
                .synAgain()
                .synAck()
                .client(HELLO, 100)
                .exchange(2)
                .closed();

        Counted counted = Counted.of(attempt.segments(), later(60));

        assertThat(counted.rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "1+0 2"));
        assertThat(counted.gaps().connections()).isEqualTo(1);
        assertThat(counted.gaps().failed()).isZero();
        assertThat(counted.gaps().named()).isEqualTo(1);
        adds(counted.gaps());
    }

    @Test
    void namesAnAttemptWhoseAnswerComesLateWithoutAnotherSyn() {
        Conversation attempt = conversation()
                .syn()
                .at(25_000)
                .synAck()
                .client(HELLO)
                .exchange(2)
                .closed();

        Counted counted = Counted.of(attempt.segments(), later(60));

        assertThat(counted.rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "1+0 2"));
        assertThat(counted.gaps().connections()).isEqualTo(1);
        assertThat(counted.gaps().failed()).isZero();
    }

    @Test
    void countsAnAttemptOnceThatSucceedsAfterARefusal() {
        Conversation attempt = conversation()
                .syn()
                .reset(false)
                .at(500)
                .synAgain()
                .synAck()
                .client(HELLO)
                .exchange(2)
                .closed();

        Counted counted = Counted.of(attempt.segments());

        assertThat(counted.rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "1+0 2"));
        assertThat(counted.gaps().connections()).isEqualTo(1);
        assertThat(counted.gaps().failed()).isZero();
        assertThat(counted.gaps().named()).isEqualTo(1);
        adds(counted.gaps());
    }

    @Test
    void countsAnAttemptOnceThatIsRefusedThrice() {
        Conversation attempt = conversation().syn().reset(false);
        attempt.at(500).synAgain().reset(false).at(1000).synAgain().reset(false);

        Counted counted = Counted.of(attempt.segments());

        assertThat(counted.others()).isEqualTo("0+1");
        assertThat(counted.gaps().connections()).isEqualTo(1);
        assertThat(counted.gaps().failed()).isEqualTo(1);
    }

    @Test
    void ignoresPacketsThatComeBehindTheEnd() {
        List<Segment> segments =
                conversation().opened().client(HELLO).exchange(2).closed().segments();
        List<Segment> late =
                segments.stream().map(s -> s.at(s.nanos() + 2_000_000_000L)).toList();

        Counted counted = Counted.of(segments, late);

        assertThat(counted.rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "1+0 2"));
        assertThat(counted.gaps().connections()).isEqualTo(1);
        assertThat(counted.gaps().midStream()).isZero();
        assertThat(counted.gaps().copies()).isZero();
    }

    @Test
    void countsAnAttemptToAWatchedNameAsFailedThere() {
        Counted counted = new Counted();
        counted.frame(Conversation.START, DnsAnswer.of(NAME, SERVER), Integer.MAX_VALUE);
        for (Segment segment : conversation().at(5).syn().reset(false).segments()) {
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
        }

        assertThat(counted.finish().rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "0+1 0"));
        assertThat(counted.others()).isEqualTo("0+0");
    }

    @Test
    void countsAConnectionThatOnlyDnsNamesForItsEndpoint() {
        Counted counted = new Counted();
        counted.frame(Conversation.START, DnsAnswer.of(NAME, SERVER), Integer.MAX_VALUE);
        for (Segment segment : conversation().at(5).opened().segments()) {
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
        }

        assertThat(counted.finish().rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "1+0 0"));
        assertThat(counted.others()).isEqualTo("0+0");
        assertThat(counted.gaps().withoutHello()).isEqualTo(1);
    }

    @Test
    void countsAnEncryptedHelloWithoutANameForTheEndpointThatDnsNames() {
        Counted counted = new Counted();
        counted.frame(Conversation.START, DnsAnswer.of(NAME, SERVER), Integer.MAX_VALUE);
        byte[] hello =
                new HelloBuilder().versions(0x0304).keyShare(29, 32).ech().record();
        for (Segment segment :
                conversation().at(5).opened().client(hello).exchange(1).segments()) {
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
        }

        assertThat(counted.finish().rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "1+0 1"));
    }

    @Test
    void keepsAConnectionApartThatBeganBeforeTheCapture() {
        Counted counted = new Counted();
        counted.frame(Conversation.START, DnsAnswer.of(NAME, SERVER), Integer.MAX_VALUE);
        for (Segment segment :
                conversation().at(5).client(Conversation.records(23, 500)).segments()) {
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
        }

        assertThat(counted.finish().rows()).isEmpty();
        assertThat(counted.others()).isEqualTo("0+0");
        assertThat(counted.gaps().midStreamWithoutName()).isEqualTo(1);
    }

    @Test
    void namesAConnectionWhoseHelloComesBehindOtherBytes() {
        for (boolean fromItsBeginning : new boolean[] {true, false}) {
            Conversation upgraded = conversation();
            if (fromItsBeginning) {
                upgraded.opened();
            }
            upgraded.client("\0hello, a protocol of its own")
                    .server("go on")
                    .client(HELLO)
                    .exchange(2)
                    .closed();

            Counted counted = Counted.of(upgraded.segments());

            assertThat(counted.rows()).isEqualTo(Map.of(CLIENT + " " + NAME, "1+0 2"));
            assertThat(counted.others()).isEqualTo("0+0");
            assertThat(counted.gaps().named()).isEqualTo(1);
            assertThat(counted.gaps().withoutHello()).isZero();
            assertThat(counted.gaps().midStreamWithoutName()).isZero();
        }
    }
}
