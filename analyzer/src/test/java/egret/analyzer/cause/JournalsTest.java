// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static egret.analyzer.Intervals.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import egret.analyzer.Intervals;
import egret.analyzer.answer.Culprit;
import egret.analyzer.window.EgressAddresses;
import egret.analyzer.window.Windows;
import egret.capture.evidence.Evidence;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs without host names, of two hosts behind one NAT. */
class JournalsTest {
    private static final int SECONDS = 60;

    private final Causes causes = new Causes();
    private final Retries a = new Retries(1, SECONDS);
    private final Retries b = new Retries(2, SECONDS);

    private void services(int periodOfA, int periodOfB) {
        for (int i = 0; i < 8; i++) {
            a.service("a" + i, true, periodOfA);
            b.service("b" + i, true, periodOfB);
        }
    }

    private void read(String log, Retries host) {
        for (Evidence each : host.evidence) {
            causes.evidence(Retries.in(log, each));
        }
    }

    private List<HostCause> causes() {
        return causes(a, b);
    }

    private List<HostCause> causes(Retries one, Retries other) {
        Windows windows = new Windows(Rules.builtin(), new EgressAddresses(Rules.builtin()), false);
        other.wire(one.wire(new Intervals(), "10.0.1.11"), "10.0.1.12")
                .messages()
                .forEach(message -> {
                    windows.add(message, false);
                    causes.counts(message);
                });
        windows.finish();
        long from = START * SECOND;
        long to = (START + SECONDS) * SECOND;
        return causes.causes(windows.watched(Clients.builtin(), List.of(), from, to), from, to, true);
    }

    private void eachHasItsOwn(List<HostCause> told) {
        assertThat(told)
                .extracting(HostCause::source, HostCause::log)
                .containsExactlyInAnyOrder(tuple(ip("10.0.1.11"), "a.log"), tuple(ip("10.0.1.12"), "b.log"));
        for (HostCause cause : told) {
            String its = cause.source().equals(ip("10.0.1.11")) ? "a" : "b";
            assertThat(cause.culprits()).hasSize(8).extracting(Culprit::name).allMatch(name -> name.startsWith(its));
        }
    }

    @Test
    void eachLogIsTheHostsWhosePullsItExplains() {
        services(1000, 1400);
        read("a.log", a);
        read("b.log", b);
        eachHasItsOwn(causes());
        assertThat(causes.shed()).isEmpty();
    }

    /** Each log may suit the other host better than its own, as long as both are best off together. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void itIsNeverLessThanHalfSureWhoseLogItIs(long seed) {
        Retries many = new Retries(seed, SECONDS);
        Retries few = new Retries(100 + seed, SECONDS);
        for (int i = 0; i < 20; i++) {
            many.service("a" + i, true, 1000);
            if (i < 5) {
                few.service("b" + i, true, 1000);
            }
        }
        read("a.log", many);
        read("b.log", few);
        List<HostCause> told = causes(many, few);
        assertThat(told).isNotEmpty().allMatch(cause -> cause.logConfidence() >= 0.5 && cause.logConfidence() < 1);
    }

    @Test
    void whoseLogItIsCanBeSaidWhereAllIsAlike() {
        services(1000, 1000);
        causes.belongs("a.log", ip("10.0.1.11"));
        causes.belongs("b.log", ip("10.0.1.12"));
        read("b.log", b);
        read("a.log", a);
        List<HostCause> told = causes();
        eachHasItsOwn(told);
        assertThat(told).allMatch(HostCause::logGiven);
    }

    @Test
    void aLogThatGoesWithNobodysPullsIsToldSo() {
        services(1000, 1400);
        Retries elsewhere = new Retries(3, SECONDS);
        elsewhere.service("c", true, 2300);
        long failures = elsewhere.evidence.stream().mapToLong(Evidence::count).sum();
        read("a.log", a);
        read("b.log", b);
        read("c.log", elsewhere);
        eachHasItsOwn(causes());
        assertThat(causes.shed()).containsEntry("unclaimed-failures", failures);
    }

    @Test
    void aLogWhoseHostIsKnownIsSomebodysWhoeverPulls() {
        services(1000, 1400);
        Retries elsewhere = new Retries(3, SECONDS);
        elsewhere.service("c", true, 2300);
        causes.belongs("c.log", ip("10.0.1.13"));
        read("c.log", elsewhere);
        assertThat(causes()).isEmpty();
        assertThat(causes.shed()).isEmpty();
    }
}
