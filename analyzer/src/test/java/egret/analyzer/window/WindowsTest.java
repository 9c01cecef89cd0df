// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static egret.analyzer.Intervals.ip;
import static egret.analyzer.Intervals.steady;
import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.analyzer.OwnerSamples;
import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.PacketReference;
import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.capture.count.Basis;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.RequestCount;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.origin.Owner;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private static final Rules RULES = Rules.builtin();
    private static final Clients CLIENTS = Clients.builtin();

    private static List<Watched> watched(Intervals intervals, double seconds) {
        return watched(new Windows(RULES, new EgressAddresses(RULES), false), intervals, seconds);
    }

    private static List<Watched> watched(Windows windows, Intervals intervals, double seconds) {
        for (SourceCounts message : intervals.messages()) {
            windows.add(message, false);
        }
        windows.finish();
        return windows.watched(CLIENTS, List.of(), START * SECOND, START * SECOND + (long) (seconds * SECOND));
    }

    @Test
    void addsUpASource() {
        Intervals intervals = new Intervals()
                .hub("10.0.1.11", steady(0, 100, 3))
                .arrivals("10.0.1.11", null, "docker-hub", "auth.docker.io", "", true, steady(50, 10, 1))
                .hub("10.0.1.12", steady(20, 10, 1));
        Watched hub = watched(intervals, 100).get(0);
        assertThat(hub.endpoint()).isEqualTo("docker-hub");
        assertThat(hub.connections()).isEqualTo(320);
        assertThat(hub.pulls()).isEqualTo(10);
        assertThat(hub.serverNames())
                .containsEntry("registry-1.docker.io", 310L)
                .containsEntry("auth.docker.io", 10L);
        Source first = hub.sources().get(0);
        assertThat(first.ip()).isEqualTo(ip("10.0.1.11"));
        assertThat(first.share()).isEqualTo(310 / 320.0);
        assertThat(first.egress()).containsExactly(ip("203.0.113.5"));
        assertThat(first.requests().count()).isEqualTo(310);
        assertThat(first.bytesUp()).isEqualTo(31_000);
        assertThat(first.clients())
                .containsExactly(
                        new Client("dockerd ≤ 28", Intervals.DOCKERD, 300), new Client("no whole ClientHello", "", 10));
        assertThat(first.packets()).hasSize(8).startsWith(new PacketReference(0, 1), new PacketReference(0, 2));
        assertThat(first.perSecond().count()).isEqualTo(100);
        assertThat(first.perSecond().p50()).isEqualTo(3);
        assertThat(first.perSecond().max()).isEqualTo(4);
        assertThat(first.gapMicros().p50()).isBetween(330_000L, 336_000L);
        assertThat(first.handshakeMicros().max()).isEqualTo(1000);
        assertThat(hub.requestsPerSecond()).hasSize(100).contains(3L, 4L);
        assertThat(hub.sources().get(1).requestsPerSecond()).hasSize(100);
        assertThat(hub.egress()).hasSize(1);
        // Rows without a copy behind the NAT count under the address last seen of their source.
        assertThat(hub.egress().get(0).connections()).isEqualTo(320);
    }

    @Test
    void findsThePeakAndItsEnd() {
        Intervals intervals = new Intervals()
                .hub("10.0.1.11", steady(0, 300, 1))
                .hub("10.0.1.11", steady(100, 60, 9))
                .hub("10.0.1.11", steady(300, 1, 1));
        Watched hub = watched(intervals, 301).get(0);
        assertThat(hub.peak()).isEqualTo(new Peak(600, (START + 160) * SECOND, 60, false));
        assertThat(hub.limit()).isNotNull();
        assertThat(hub.limit().used()).isEqualTo(600 / 2500.0);
        assertThat(hub.windows().get(0).most()).isEqualTo(100);
        assertThat(hub.windows().get(0).mostAtNanos()).isEqualTo((START + 110) * SECOND);
        assertThat(hub.windows().get(1).now()).isEqualTo(59); // second 301 has begun
        assertThat(hub.windows().get(3).now()).isEqualTo(841);
    }

    @Test
    void leavesOutWhatIsOneSecondTooOldForThePeak() {
        Watched apart =
                watched(new Intervals().hub("10.0.1.11", 0, 60_000), 100).get(0);
        assertThat(apart.peak().perMinute()).isEqualTo(1);
        Watched together =
                watched(new Intervals().hub("10.0.1.11", 0, 59_999), 100).get(0);
        assertThat(together.peak()).isEqualTo(new Peak(2, (START + 60) * SECOND, 60, false));
    }

    @Test
    void scalesUpWhatIsShorterThanAMinute() {
        Watched hub =
                watched(new Intervals().hub("10.0.1.11", steady(0, 2, 50)), 1.9).get(0);
        assertThat(hub.peak()).isEqualTo(new Peak(3158, START * SECOND + 1_900_000_000L, 2, true));
        Watched short10Millis =
                watched(new Intervals().hub("10.0.1.11", steady(0, 1, 5)), 0.01).get(0);
        assertThat(short10Millis.peak().perMinute()).isEqualTo(300);
    }

    @Test
    void countsSilenceWithinTheActiveSpan() {
        Source source = watched(new Intervals().hub("10.0.1.11", 5000, 5001, 14_000), 100)
                .get(0)
                .sources()
                .get(0);
        assertThat(source.perSecond().count()).isEqualTo(10);
        assertThat(source.perSecond().p50()).isZero();
        assertThat(source.perSecond().max()).isEqualTo(2);
        assertThat(source.gapMicros().count()).isEqualTo(2);
        assertThat(source.gapMicros().max()).isEqualTo(8_999_000);
    }

    @Test
    void putsSourcesPastTheBoundTogetherAndSaysSo() {
        Intervals intervals = new Intervals();
        for (int i = 0; i < 30; i++) {
            intervals.hub("10.0.2." + i, steady(i, 3, 2));
        }
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), false, 10);
        Watched hub = watched(windows, intervals, 100).get(0);
        assertThat(hub.connections()).isEqualTo(180);
        assertThat(hub.sources()).hasSize(11);
        Source others = hub.sources().get(10);
        assertThat(others.name()).isEqualTo("others");
        assertThat(others.connections()).isEqualTo(120);
        assertThat(windows.shed()).containsEntry("sources", 60L);
    }

    @Test
    void countsLateIntervalsInTotalsOnly() {
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), false);
        for (SourceCounts message :
                new Intervals().hub("10.0.1.11", steady(0, 10, 5)).messages()) {
            windows.add(message, false);
        }
        for (SourceCounts message :
                new Intervals().hub("10.0.1.11", steady(3, 1, 7)).messages("late")) {
            windows.add(message, true);
        }
        windows.finish();
        Watched hub = windows.watched(CLIENTS, List.of(), START * SECOND, (START + 100) * SECOND)
                .get(0);
        assertThat(hub.connections()).isEqualTo(57);
        assertThat(hub.peak().perMinute()).isEqualTo(50);
    }

    @Test
    void spreadsALongIntervalEvenly() {
        SourceCounts one =
                new Intervals().hub("10.0.1.11", steady(0, 1, 50)).messages().get(0);
        SourceCounts five =
                new SourceCounts("a", "b", 0, START, 5, Vantage.FILE, one.rows(), List.of(), EvidenceGaps.NONE);
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), false);
        windows.add(five, false);
        windows.finish();
        Watched hub = windows.watched(CLIENTS, List.of(), START * SECOND, (START + 100) * SECOND)
                .get(0);
        assertThat(hub.requestsPerSecond()).containsExactly(10L, 10L, 10L, 10L, 10L);
        assertThat(hub.connections()).isEqualTo(50);
    }

    @Test
    void takesTheBusiestEgressAddressForTheLimit() {
        Intervals intervals = new Intervals()
                .hub("10.0.1.11", steady(0, 100, 10))
                .arrivals("10.9.0.1", "203.0.113.9", "docker-hub", "n", "", false, steady(0, 100, 5));
        Watched hub = watched(intervals, 100).get(0);
        assertThat(hub.peak().perMinute()).isEqualTo(900);
        assertThat(hub.egress()).hasSize(2);
        assertThat(hub.limit()).isNotNull();
        assertThat(hub.limit().used()).isEqualTo(600 / 2500.0);
    }

    @Test
    void sumsWhatIsNotWatched() {
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), false);
        List<SourceCounts.Other> others = List.of(
                new SourceCounts.Other(ip("10.0.1.14"), "www.example.org", 3, 0),
                new SourceCounts.Other(ip("10.0.1.14"), "", 2, 1),
                new SourceCounts.Other(ip("10.0.1.15"), "example.org", 9, 0));
        windows.add(new SourceCounts("a", "b", 0, START, 1, Vantage.FILE, List.of(), others, EvidenceGaps.NONE), false);
        assertThat(windows.others()).hasSize(2);
        assertThat(windows.others().get(0).ip()).isEqualTo(ip("10.0.1.15"));
        assertThat(windows.others().get(1).serverNames())
                .containsExactly(java.util.Map.entry("www.example.org", 3L), java.util.Map.entry("", 2L));
        assertThat(windows.others().get(1).failed()).isEqualTo(1);
        assertThat(windows.watched(CLIENTS, List.of(), 0, 0)).isEmpty();
    }

    @Test
    void tellsWhoseTheRequestsOfASourceAre() {
        Intervals intervals = new Intervals()
                .by(OwnerSamples.process(2, "/usr/bin/curl"))
                .hub("10.0.1.11", steady(0, 10, 1))
                .by(OwnerSamples.dockerd())
                .hub("10.0.1.11", steady(0, 10, 4))
                .by(Owner.UNKNOWN)
                .hub("10.0.1.12", steady(0, 10, 1));
        List<Source> sources = watched(intervals, 100).get(0).sources();
        assertThat(sources.get(0).owners())
                .containsExactly(
                        new OwnerCount(OwnerSamples.dockerd(), 1, 40, exact(40)),
                        new OwnerCount(OwnerSamples.process(2, "/usr/bin/curl"), 1, 10, exact(10)));
        assertThat(sources.get(1).owners()).isEmpty(); // a file could not tell
    }

    @Test
    void tellsThatAnOwnerIsNotKnownWhereItCouldBe() {
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), false);
        SourceCounts file =
                new Intervals().hub("10.0.1.11", steady(0, 1, 3)).messages().get(0);
        windows.add(live("a", 0, file.rows()), false);
        Source source =
                windows.watched(CLIENTS, List.of(), 0, 0).get(0).sources().get(0);
        assertThat(source.owners()).containsExactly(new OwnerCount(Owner.UNKNOWN, 1, 3, exact(3)));
    }

    private static SourceCounts live(String agent, long sequence, List<SourceCounts.Row> rows) {
        return new SourceCounts(
                agent, "boot", sequence, START + sequence, 1, Vantage.HOST, rows, List.of(), EvidenceGaps.NONE);
    }

    private static RequestCount exact(long count) {
        return new RequestCount(count, count, count, Basis.EXACT);
    }

    @Test
    void knowsAnOwnerByAgentAndNumberAndDescribesItAsItDidLast() {
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), false);
        Owner named = OwnerSamples.compose();
        Owner before = new Owner(named.id(), named.process(), 1, null, null, named.quality(), named.method());
        Owner other = OwnerSamples.process(named.id(), "/usr/bin/curl");
        windows.add(live("a", 0, rows(before, 2)), false);
        windows.add(live("a", 1, rows(named, 3)), false);
        windows.add(live("b", 2, rows(other, 1)), false);

        assertThat(windows.watched(CLIENTS, List.of(), 0, 0)
                        .get(0)
                        .sources()
                        .get(0)
                        .owners())
                .containsExactly(new OwnerCount(named, 1, 5, exact(5)), new OwnerCount(other, 1, 1, exact(1)));
    }

    private static List<SourceCounts.Row> rows(Owner owner, int requests) {
        return new Intervals()
                .by(owner)
                .hub("10.0.1.11", steady(0, 1, requests))
                .messages()
                .get(0)
                .rows();
    }

    @Test
    void theOwnerOfManyRequestsStaysHoweverManyComeAndGo() {
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), false);
        int id = 10;
        for (int second = 0; second < 100; second++) {
            for (int i = 0; i < 10; i++) {
                windows.add(live("a", 3 * second, rows(OwnerSamples.process(id++, "/usr/bin/true"), 1)), false);
            }
            if (second >= 50) {
                windows.add(live("a", 3 * second + 1, rows(OwnerSamples.dockerd(), 20)), false);
            }
        }
        List<OwnerCount> owners = windows.watched(CLIENTS, List.of(), 0, 0)
                .get(0)
                .sources()
                .get(0)
                .owners();
        assertThat(owners).hasSize(Owners.MOST + 1);
        assertThat(owners.get(0)).isEqualTo(new OwnerCount(OwnerSamples.dockerd(), 1, 1000, exact(1000)));
        OwnerCount rest = owners.get(Owners.MOST);
        assertThat(rest.owner()).isNull();
        assertThat(rest.owners()).isEqualTo(1001 - Owners.MOST);
        assertThat(owners.stream().mapToLong(OwnerCount::connections).sum()).isEqualTo(2000);
        assertThat(windows.shed()).containsEntry("owners", 1001L - Owners.MOST);
    }

    @Test
    void whoOnlyFailsToConnectTakesHalfOfTheRoom() {
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), false, 10);
        SourceCounts.Row talks = rows(Owner.UNKNOWN, 1).get(0);
        List<SourceCounts.Row> failures = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            failures.add(new SourceCounts.Row(
                    ip("10.0.3." + i),
                    null,
                    "docker-hub",
                    "",
                    "",
                    talks.clientTraits(),
                    Owner.UNKNOWN,
                    0,
                    1,
                    RequestCount.NONE,
                    0,
                    0,
                    0,
                    new int[0],
                    new int[0],
                    new int[0],
                    new long[0],
                    new long[0],
                    talks.firstNanos(),
                    talks.lastNanos()));
        }
        windows.add(live("a", 0, failures), false);
        windows.add(live("a", 1, rows(Owner.UNKNOWN, 1)), false);
        List<Source> sources = windows.watched(CLIENTS, List.of(), 0, 0).get(0).sources();
        assertThat(sources).hasSize(7);
        assertThat(sources.get(0).ip()).isEqualTo(ip("10.0.1.11"));
        assertThat(sources.get(6).failed()).isEqualTo(15);
    }

    @Test
    void sharesOfALongTimeAreThoseAroundThePeak() {
        Intervals intervals = new Intervals()
                .hub("10.0.1.12", steady(0, 7200, 2)) // much in all
                .hub("10.0.1.11", steady(5000, 120, 30)); // but the burst is another's
        Watched hub = watched(intervals, 7200).get(0);
        assertThat(hub.sources().get(0).ip()).isEqualTo(ip("10.0.1.12"));
        assertThat(hub.sources().get(0).peakShare()).isBetween(0.05, 0.08);
        assertThat(hub.sources().get(1).share()).isEqualTo(0.2);
        assertThat(hub.sources().get(1).peakShare()).isBetween(0.92, 0.95);

        Watched brief = watched(new Intervals().hub("10.0.1.11", steady(0, 300, 2)), 300)
                .get(0);
        assertThat(brief.sources().get(0).peakShare())
                .isEqualTo(brief.sources().get(0).share());
    }

    @Test
    void tellsTheLastMinutesToThoseWhoWatch() {
        Windows windows = new Windows(RULES, new EgressAddresses(RULES), true);
        Watched hub = watched(
                        windows,
                        new Intervals().hub("10.0.1.11", steady(0, 700, 1)).hub("10.0.1.12", steady(690, 10, 2)),
                        699)
                .get(0);
        assertThat(hub.recent()).hasSize(60).startsWith(5L, 5L).endsWith(5L, 15L, 15L);
        assertThat(hub.sources().get(1).recent()).hasSize(60).startsWith(0L).endsWith(0L, 10L, 10L);
        assertThat(hub.windows().get(0).now()).isEqualTo(30);
    }
}
