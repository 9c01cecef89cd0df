// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.alert;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import egret.analyzer.Intervals;
import egret.analyzer.OwnerSamples;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Top;
import egret.analyzer.window.EgressAddresses;
import egret.capture.count.SourceCounts;
import egret.capture.origin.Owner;
import egret.rules.Rules;
import egret.rules.RulesException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlertLogTest {
    private static AlertLog log(String by, String measure, int value, int window) throws RulesException {
        return new AlertLog(
                Rules.parse("test.yaml", """
                        builtin: false
                        endpoints:
                          - name: docker-hub
                            title: Docker Hub
                            names:
                              registry: [registry-1.docker.io]
                        thresholds:
                          - id: many
                            endpoint: docker-hub
                            measure: %s
                            by: %s
                            window: %ds
                            value: %d
                            severity: warning
                        """.formatted(measure, by, window, value)),
                new EgressAddresses(Rules.builtin()));
    }

    private static void feed(AlertLog log, Intervals intervals) {
        for (SourceCounts message : intervals.messages()) {
            log.add(message, false);
        }
    }

    @Test
    void firesOnTheUpdateThatReachesTheThreshold() throws RulesException {
        AlertLog log = log("source", "requests", 50, 10);
        feed(log, new Intervals().hub("10.0.1.11", Intervals.steady(0, 6, 9)));
        assertThat(log.alerts()).hasSize(1);
        Alert alert = log.alerts().get(0);
        assertThat(alert.rule()).isEqualTo("many");
        assertThat(alert.group()).isEqualTo("10.0.1.11");
        assertThat(alert.firing()).isTrue();
        assertThat(alert.value()).isEqualTo(54);
        assertThat(alert.atNanos()).isBetween((START + 5) * SECOND, (START + 6) * SECOND);
        assertThat(alert.top()).containsExactly(new Top(Intervals.ip("10.0.1.11"), 54, null, 0));
    }

    /** Two hosts of one /56 are one address to a limit that goes by it, and two to one by /64. */
    @Test
    void countsAnEgressAddressByThePrefixOfTheLimit() throws RulesException {
        for (int prefix : new int[] {56, 64}) {
            Rules rules = Rules.parse("test.yaml", """
                    endpoints:
                      - name: docker-hub
                        limits:
                          abuse: {requests: 100, per: 60s, ipv6-prefix: %d}
                    """.formatted(prefix));
            AlertLog log = new AlertLog(rules, new EgressAddresses(rules));
            Intervals both = new Intervals();
            for (String source : List.of("2001:db8:0:1::7", "2001:db8:0:2::7")) {
                both.arrivals(
                        source,
                        null,
                        "docker-hub",
                        "registry-1.docker.io",
                        Intervals.DOCKERD,
                        false,
                        Intervals.steady(0, 8, 10));
            }
            feed(log, both);
            assertThat(log.alerts())
                    .extracting(Alert::rule, Alert::group)
                    .filteredOn(tuple("docker-hub-limit", "2001:db8::")::equals)
                    .hasSize(prefix == 56 ? 1 : 0);
        }
    }

    @Test
    void doesNotFireBelowTheThreshold() throws RulesException {
        AlertLog log = log("source", "requests", 91, 10);
        feed(log, new Intervals().hub("10.0.1.11", Intervals.steady(0, 60, 9)));
        assertThat(log.alerts()).isEmpty();
        AlertLog equal = log("source", "requests", 90, 10);
        feed(equal, new Intervals().hub("10.0.1.11", Intervals.steady(0, 60, 9)));
        assertThat(equal.alerts()).hasSize(1);
    }

    @Test
    void isResolvedOnceBelowTheResolveLevelAndNotBefore() throws RulesException {
        AlertLog log = log("source", "requests", 100, 10);
        feed(
                log,
                new Intervals()
                        .hub("10.0.1.11", Intervals.steady(0, 20, 10)) // 100: fires at the tenth second
                        .hub("10.0.1.11", Intervals.steady(20, 20, 9)) // 90: between the levels
                        .hub("10.0.1.11", Intervals.steady(40, 20, 7)) // 70: over
                        .hub("10.0.1.11", Intervals.steady(60, 20, 10)));
        List<Alert> alerts = log.alerts();
        assertThat(alerts).hasSize(2);
        // Of seconds 40 to 45 six hold 7 instead of 9: 90 - 12 = 78 < 80 at the end of second 45.
        assertThat(alerts.get(0).resolvedNanos()).isEqualTo((START + 46) * SECOND);
        assertThat(alerts.get(0).firing()).isFalse();
        assertThat(alerts.get(0).atNanos()).isBetween((START + 9) * SECOND, (START + 10) * SECOND);
        assertThat(alerts.get(1).firing()).isTrue();
        assertThat(alerts.get(1).atNanos()).isBetween((START + 69) * SECOND, (START + 70) * SECOND);
    }

    @Test
    void isResolvedInSilenceToo() throws RulesException {
        AlertLog log = log("source", "requests", 100, 10);
        feed(
                log,
                new Intervals()
                        .hub("10.0.1.11", Intervals.steady(0, 10, 10))
                        .hub("10.0.1.12", Intervals.steady(500, 1, 1)));
        assertThat(log.alerts()).hasSize(1);
        // Seconds 3 to 9 hold 70.
        assertThat(log.alerts().get(0).resolvedNanos()).isEqualTo((START + 13) * SECOND);
    }

    @Test
    void addsUpTheSourcesOfAnEgressAddress() throws RulesException {
        AlertLog log = log("egress", "connections", 100, 60);
        feed(
                log,
                new Intervals()
                        .hub("10.0.1.11", Intervals.steady(0, 12, 6))
                        .hub("10.0.1.12", Intervals.steady(0, 12, 4))
                        .arrivals(
                                "10.9.0.1",
                                "203.0.113.9",
                                "docker-hub",
                                "registry-1.docker.io",
                                "",
                                false,
                                Intervals.steady(0, 12, 5)));
        assertThat(log.alerts()).hasSize(1);
        Alert alert = log.alerts().get(0);
        assertThat(alert.group()).isEqualTo("203.0.113.5");
        assertThat(alert.value()).isEqualTo(120);
        assertThat(alert.top())
                .containsExactly(
                        new Top(Intervals.ip("10.0.1.11"), 72, null, 0),
                        new Top(Intervals.ip("10.0.1.12"), 48, null, 0));
    }

    @Test
    void takesTheWholeCaptureWhereTheEgressAddressIsUnknown() throws RulesException {
        AlertLog log = log("egress", "pulls", 20, 60);
        feed(
                log,
                new Intervals()
                        .arrivals("10.0.1.11", null, "docker-hub", "n", "", true, Intervals.steady(0, 6, 2))
                        .arrivals("10.0.1.12", null, "docker-hub", "n", "", true, Intervals.steady(0, 6, 2)));
        assertThat(log.alerts()).hasSize(1);
        assertThat(log.alerts().get(0).group()).isEqualTo("all");
        assertThat(log.alerts().get(0).value()).isEqualTo(24);
    }

    @Test
    void putsConnectionsWithoutAnOwnerTogether() throws RulesException {
        AlertLog log = log("owner", "requests", 20, 60);
        feed(log, new Intervals().hub("10.0.1.11", Intervals.steady(0, 6, 5)));
        assertThat(log.alerts()).hasSize(1);
        assertThat(log.alerts().get(0).group()).isEqualTo("unknown");
    }

    @Test
    void doesNotWatchWhatIsLate() throws RulesException {
        AlertLog log = log("source", "requests", 10, 10);
        for (SourceCounts message :
                new Intervals().hub("10.0.1.11", Intervals.steady(0, 10, 10)).messages()) {
            log.add(message, true);
        }
        assertThat(log.alerts()).isEmpty();
    }

    @Test
    void keepsABoundedLog() throws RulesException {
        AlertLog log = log("source", "requests", 10, 1);
        Intervals flapping = new Intervals();
        for (int i = 0; i < 1500; i++) {
            flapping.hub("10.0.1.11", Intervals.steady(3 * i, 1, 10));
        }
        feed(log, flapping);
        assertThat(log.alerts()).hasSize(AlertLog.MOST_ALERTS);
        assertThat(log.shed()).isEqualTo(500);
        assertThat(log.alerts().get(999).atNanos()).isGreaterThan((START + 4490) * SECOND);
    }

    @Test
    void addsUpTheSourcesOfAnOwner() throws RulesException {
        AlertLog log = log("owner", "requests", 50, 60);
        feed(
                log,
                new Intervals()
                        .by(OwnerSamples.dockerd())
                        .hub("10.0.1.11", Intervals.steady(0, 10, 3))
                        .hub("10.0.1.12", Intervals.steady(0, 10, 4))
                        .by(OwnerSamples.process(2, "/usr/bin/curl"))
                        .hub("10.0.1.11", Intervals.steady(0, 10, 4))
                        .by(Owner.UNKNOWN)
                        .hub("10.0.1.11", Intervals.steady(0, 10, 4)));
        assertThat(log.alerts()).hasSize(1);
        Alert alert = log.alerts().get(0);
        assertThat(alert.group()).isEqualTo("dockerd[812]");
        assertThat(alert.value()).isEqualTo(70);
        assertThat(alert.top())
                .containsExactly(
                        new Top(Intervals.ip("10.0.1.12"), 40, OwnerSamples.dockerd(), 40),
                        new Top(Intervals.ip("10.0.1.11"), 30, OwnerSamples.dockerd(), 30));
    }

    @Test
    void countsWhatHasNoOwnerBesideWhatHas() throws RulesException {
        AlertLog log = log("owner", "requests", 50, 60);
        feed(
                log,
                new Intervals()
                        .by(OwnerSamples.dockerd())
                        .hub("10.0.1.11", Intervals.steady(0, 10, 3))
                        .by(Owner.UNKNOWN)
                        .hub("10.0.1.11", Intervals.steady(0, 10, 6)));
        assertThat(log.alerts()).hasSize(1);
        assertThat(log.alerts().get(0).group()).isEqualTo("unknown");
        assertThat(log.alerts().get(0).top()).containsExactly(new Top(Intervals.ip("10.0.1.11"), 60, null, 0));
    }

    @Test
    void theFirstAlertNamesHostAndProcessAtOnce() throws RulesException {
        AlertLog log = log("egress", "requests", 40, 10);
        Intervals intervals = new Intervals()
                .by(OwnerSamples.process(2, "/usr/bin/curl"))
                .hub("10.0.1.11", Intervals.steady(0, 10, 2))
                .by(OwnerSamples.dockerd())
                .hub("10.0.1.11", Intervals.steady(0, 10, 5))
                .hub("10.0.1.12", Intervals.steady(0, 10, 1));
        for (SourceCounts message : intervals.messages()) {
            log.add(message, false);
            boolean reached = message.startSecond() >= START + 4; // 5 times 8
            assertThat(log.alerts()).hasSize(reached ? 1 : 0);
            if (message.startSecond() == START + 4) {
                assertThat(log.alerts().get(0).top().get(0))
                        .isEqualTo(new Top(Intervals.ip("10.0.1.11"), 35, OwnerSamples.dockerd(), 25));
            }
        }
    }

    @Test
    void isResolvedAlsoWhenNothingIsCountedAnyMore() throws RulesException {
        AlertLog log = log("source", "requests", 50, 10);
        feed(log, new Intervals().hub("10.0.1.11", Intervals.steady(0, 6, 9)));
        assertThat(log.time(START + 7)).isZero();
        assertThat(log.alerts().get(0).firing()).isTrue();
        assertThat(log.time(START + 20)).isEqualTo(1);
        assertThat(log.alerts().get(0).firing()).isFalse();
    }

    @Test
    void namesTheSameFirstSourcesAsASortOfAllWould() throws RulesException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AlertLog log = log("egress", "requests", 1, 10);
        Map<String, Long> sums = new HashMap<>();
        Intervals intervals = new Intervals();
        for (int second = 0; second < 30; second++) {
            for (int i = 0; i < 40; i++) {
                String source = "10.0.4." + random.nextInt(60);
                int requests = 1 + random.nextInt(3);
                intervals.hub(source, Intervals.steady(second, 1, requests));
                if (second >= 20) {
                    sums.merge(source, (long) requests, Long::sum);
                }
            }
        }
        for (int i = 0; i < 3; i++) { // so that the window holds most at the end
            intervals.hub("10.0.4.7", Intervals.steady(29, 1, 200));
            sums.merge("10.0.4.7", 200L, Long::sum);
        }
        feed(log, intervals);
        List<Top> expected = sums.entrySet().stream()
                .map(entry -> new Top(Intervals.ip(entry.getKey()), entry.getValue(), null, 0))
                .sorted(Comparator.comparingLong((Top top) -> -top.value()).thenComparing(Top::source))
                .limit(5)
                .toList();
        assertThat(log.alerts().get(0).top()).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void groupsWithoutACountMakeRoom() throws RulesException {
        AlertLog log = log("owner", "requests", 1000, 10);
        for (int hour = 0; hour < 40; hour++) {
            Intervals intervals = new Intervals();
            for (int i = 0; i < 200; i++) {
                intervals.by(OwnerSamples.process(hour * 200 + i + 1, "/usr/bin/true"));
                intervals.hub("10." + hour + ".0." + i, Intervals.steady(hour * 3600L, 1, 1));
            }
            feed(log, intervals);
            assertThat(log.groups()).isLessThanOrEqualTo(3 * 401);
        }
        assertThat(log.shed()).isZero();
    }
}
