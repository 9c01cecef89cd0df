// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static egret.analyzer.Intervals.ip;
import static egret.analyzer.Intervals.steady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import egret.analyzer.Intervals;
import egret.analyzer.answer.BudgetUse;
import egret.analyzer.answer.BudgetUse.By;
import egret.analyzer.answer.BudgetUse.Likely;
import egret.analyzer.answer.PullLimit;
import egret.rules.Clients;
import egret.rules.Rules;
import egret.rules.RulesException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetsTest {
    private static List<BudgetUse> budgets(Intervals intervals, double seconds) {
        return budgets(Rules.builtin(), intervals, seconds);
    }

    private static List<BudgetUse> budgets(Rules rules, Intervals intervals, double seconds) {
        return budgets(rules, intervals, seconds, false);
    }

    private static List<BudgetUse> budgets(
            Rules rules, Intervals intervals, double seconds, boolean live, PullLimit... told) {
        Windows windows = new Windows(rules, new EgressAddresses(rules), live);
        intervals.messages().forEach(message -> windows.add(message, false));
        windows.finish();
        return windows.watched(
                        Clients.builtin(), List.of(told), START * SECOND, START * SECOND + (long) (seconds * SECOND))
                .get(0)
                .budgets();
    }

    private static Intervals hub(String source, long... millis) {
        return new Intervals().hub(source, millis);
    }

    /** Pulls by dockerd, each with so many requests. */
    private static Intervals pulls(String ja4, int requests, long... millis) {
        Intervals intervals = new Intervals();
        for (int i = 0; i < requests; i++) {
            intervals.arrivals("10.0.1.11", "203.0.113.5", "docker-hub", "registry-1.docker.io", ja4, i == 0, millis);
        }
        return intervals;
    }

    private static BudgetUse pull(List<BudgetUse> budgets) {
        assertThat(budgets).extracting(BudgetUse::limit).containsExactly("abuse", "pull");
        return budgets.get(1);
    }

    @Test
    void tellsWhenTheLimitIsReachedAtThisPace() {
        BudgetUse abuse = budgets(hub("10.0.1.11", steady(0, 20, 50)), 20).get(0);
        assertThat(abuse.limit()).isEqualTo("abuse");
        assertThat(abuse.ip()).isEqualTo(ip("203.0.113.5"));
        assertThat(abuse.used()).isEqualTo(1000);
        assertThat(abuse.seenSeconds()).isEqualTo(20);
        assertThat(abuse.share()).isEqualTo(0.4);
        assertThat(abuse.by()).containsExactly(new By(ip("10.0.1.11"), 1000));
        assertThat(abuse.freesNanos()).isNull();
        assertThat(abuse.runsOutNanos()).isBetween((START + 50) * SECOND, (START + 54) * SECOND);
    }

    @Test
    void aShortCaptureHasAPaceToo() {
        BudgetUse abuse = budgets(hub("10.0.1.11", steady(0, 2, 50)), 2).get(0);
        assertThat(abuse.used()).isEqualTo(100);
        assertThat(abuse.seenSeconds()).isEqualTo(2);
        assertThat(abuse.runsOutNanos()).isBetween((START + 49) * SECOND, (START + 51) * SECOND);
        assertThat(budgets(hub("10.0.1.11", steady(0, 1, 9)), 0.1).get(0).runsOutNanos())
                .as("too few to tell")
                .isNull();
    }

    /** 40 a second are 2,400 a minute, but there were 60 a second before. */
    @Test
    void whatIsStillInTheWindowCounts() {
        Intervals slower = new Intervals().hub("10.0.1.11", steady(0, 30, 60)).hub("10.0.1.11", steady(30, 15, 40));
        BudgetUse abuse = budgets(slower, 44).get(0);
        assertThat(abuse.used()).isEqualTo(2400);
        assertThat(abuse.runsOutNanos()).isBetween((START + 46) * SECOND, (START + 47) * SECOND);
    }

    /** All that came before leaves the window as it came: the limit is reached later than by adding up. */
    @Test
    void whatLeavesTheWindowDoesNot() {
        Intervals faster = new Intervals().hub("10.0.1.11", steady(0, 50, 33)).hub("10.0.1.11", steady(50, 10, 50));
        BudgetUse abuse = budgets(faster, 59).get(0);
        assertThat(abuse.used()).isEqualTo(2150);
        assertThat(abuse.runsOutNanos()).isBetween((START + 79) * SECOND, (START + 80) * SECOND);
    }

    @Test
    void aSlowPaceNeverRunsOut() {
        BudgetUse abuse = budgets(hub("10.0.1.11", steady(0, 60, 10)), 60).get(0);
        assertThat(abuse.runsOutNanos()).isNull();
        assertThat(abuse.freesNanos()).isNull();
    }

    /** 3,600 in the window are less than 2,500 when 19 seconds of 60 have left it. */
    @Test
    void whatIsUsedUpFreesWithItsWindow() {
        BudgetUse abuse = budgets(hub("10.0.1.11", steady(0, 60, 60)), 59).get(0);
        assertThat(abuse.used()).isEqualTo(3600);
        assertThat(abuse.runsOutNanos()).isNull();
        assertThat(abuse.freesNanos()).isEqualTo((START + 59 + 19) * SECOND);
    }

    @Test
    void pullsOfClientsThatDoNotLookFirstMayAllCount() {
        BudgetUse pull = pull(budgets(pulls("", 3, steady(0, 120, 1)), 120));
        assertThat(pull.granted()).isEqualTo(100);
        assertThat(pull.used()).isEqualTo(120);
        assertThat(pull.likely()).isNull();
        assertThat(pull.windowSeconds()).isEqualTo(21_600);
        assertThat(pull.seenSeconds()).isEqualTo(120);
        assertThat(pull.runsOutNanos()).isNull();
        assertThat(pull.freesNanos()).isBetween((START + 21_600) * SECOND, (START + 21_720) * SECOND);
    }

    @Test
    void pullsOfImagesThatAreThereDoNotCount() {
        BudgetUse pull = pull(budgets(pulls(Intervals.DOCKERD, 3, steady(0, 120, 1)), 120));
        assertThat(pull.used()).isEqualTo(120);
        assertThat(pull.likely()).isEqualTo(new Likely(0, 3));
        assertThat(pull.counted()).isZero();
        assertThat(pull.runsOutNanos()).isNull();
        assertThat(pull.freesNanos()).isNull();
    }

    @Test
    void pullsThatLoadDoCount() {
        BudgetUse pull = pull(budgets(pulls(Intervals.DOCKERD, 8, steady(0, 60, 1)), 60));
        assertThat(pull.likely()).isNull();
        assertThat(pull.counted()).isEqualTo(60);
        assertThat(pull.runsOutNanos()).isBetween((START + 99) * SECOND, (START + 102) * SECOND);
    }

    /** 200 pulls, of which 20 make five requests more than the others. */
    @Test
    void ofSomeOfBothAsManyMayCountAsThereAreMoreRequests() {
        Intervals some = pulls(Intervals.DOCKERD, 3, steady(0, 100, 2));
        for (int i = 0; i < 5; i++) {
            some.hub("10.0.1.11", steady(10, 20, 1));
        }
        BudgetUse pull = pull(budgets(some, 100));
        assertThat(pull.used()).isEqualTo(200);
        assertThat(pull.likely()).isEqualTo(new Likely(100, 3.5));
    }

    /** Where only a part of what they make is seen, the number of requests tells nothing. */
    @Test
    void fewerRequestsThanAPullHasTellNothing() {
        BudgetUse pull = pull(budgets(pulls(Intervals.DOCKERD, 1, steady(0, 50, 1)), 50));
        assertThat(pull.likely()).isNull();
    }

    @Test
    void pullsAreCountedInTheLimitsOwnWindow() throws RulesException {
        Rules rules = Rules.parse("test.yaml", """
                endpoints:
                  - name: docker-hub
                    limits:
                      pull: {pulls: 40, per: 1h}
                """);
        Intervals all = new Intervals();
        for (long at = 0; at < 3 * 3600; at += 180) {
            all.arrivals("10.0.1.11", null, "docker-hub", "registry-1.docker.io", "", true, at * 1000, at * 1000 + 1);
        }
        BudgetUse pull = pull(budgets(rules, all, 3 * 3600));
        assertThat(pull.used()).isBetween(38L, 40L);
        assertThat(pull.by()).containsExactly(new By(ip("10.0.1.11"), pull.used()));
        assertThat(pull.seenSeconds()).isEqualTo(3600);
    }

    private static PullLimit told(long second, long remaining, String countedAs) {
        return new PullLimit(
                "docker-hub",
                "registry-1.docker.io",
                (START + second) * SECOND,
                100,
                21_600,
                remaining,
                countedAs,
                null);
    }

    /** One pull a second is seen, and the registry says that 50 are left. */
    @Test
    void whatTheRegistrySaysItselfLastsAsLongAsAtThePaceThatIsSeen() {
        Intervals loading = pulls(Intervals.DOCKERD, 8, steady(0, 60, 1));
        List<BudgetUse> budgets = budgets(Rules.builtin(), loading, 60, false, told(60, 50, "203.0.113.5"));
        assertThat(budgets).hasSize(3);
        BudgetUse told = budgets.get(2);
        assertThat(told.told()).isEqualTo(told(60, 50, "203.0.113.5"));
        assertThat(told.ip()).isEqualTo(ip("203.0.113.5"));
        assertThat(told.used()).isEqualTo(50);
        assertThat(told.runsOutNanos()).isBetween((START + 109) * SECOND, (START + 111) * SECOND);
        assertThat(told.freesNanos()).isNull();
    }

    @Test
    void whatTheRegistrySaysOfAnotherAddressOrTimeHasNoPace() {
        Intervals loading = pulls(Intervals.DOCKERD, 8, steady(0, 60, 1));
        for (PullLimit told :
                List.of(told(60, 50, "192.0.2.1"), told(60, 50, "an-account"), told(90_000, 50, "203.0.113.5"))) {
            BudgetUse use = budgets(Rules.builtin(), loading, 60, true, told).get(2);
            assertThat(use.used()).isEqualTo(50);
            assertThat(use.runsOutNanos()).isNull();
        }
        BudgetUse up = budgets(Rules.builtin(), loading, 60, true, told(60, 0, "203.0.113.5"))
                .get(2);
        assertThat(up.runsOutNanos()).isNull();
        assertThat(up.freesNanos()).isEqualTo((START + 60 + 21_600) * SECOND);
    }

    /** Behind a NAT that is not seen, who asks live is counted with those that are watched. */
    @Test
    void liveTheUnseenAddressIsThatOfWhoAsked() {
        Intervals loading = new Intervals();
        for (int i = 0; i < 8; i++) {
            loading.arrivals(
                    "10.0.1.11",
                    null,
                    "docker-hub",
                    "registry-1.docker.io",
                    Intervals.DOCKERD,
                    i == 0,
                    steady(0, 60, 1));
        }
        PullLimit told = told(60, 50, "203.0.113.5");
        assertThat(budgets(Rules.builtin(), loading, 60, true, told).get(2).runsOutNanos())
                .isNotNull();
        assertThat(budgets(Rules.builtin(), loading, 60, false, told).get(2).runsOutNanos())
                .isNull();
    }

    @Test
    void aRegistryThatNamesNoLimitHasNoBudgetOfItsOwn() {
        Intervals loading = pulls(Intervals.DOCKERD, 8, steady(0, 60, 1));
        PullLimit none = PullLimit.unknown("docker-hub", "registry-1.docker.io", START * SECOND, "cannot be reached");
        assertThat(budgets(Rules.builtin(), loading, 60, true, none)).hasSize(2);
    }

    @Test
    void theAddressesThatUseMostStandFirst() {
        Intervals many = new Intervals();
        for (int i = 1; i <= 12; i++) {
            many.arrivals(
                    "10.0.1." + i, "203.0.113." + i, "docker-hub", "registry-1.docker.io", "", false, steady(0, 10, i));
        }
        assertThat(budgets(many, 10))
                .hasSize(8)
                .extracting(BudgetUse::used)
                .startsWith(120L, 110L)
                .endsWith(50L);
    }

    /** Requests are counted by /64, pulls by /48, which holds both hosts. */
    @Test
    void eachLimitGoesByItsOwnPrefix() throws RulesException {
        Rules rules = Rules.parse("test.yaml", """
                endpoints:
                  - name: docker-hub
                    limits:
                      pull: {ipv6-prefix: 48}
                """);
        Intervals both = new Intervals();
        for (String source : List.of("2001:db8:0:1::7", "2001:db8:0:2::7")) {
            both.arrivals(
                    source, null, "docker-hub", "registry-1.docker.io", Intervals.DOCKERD, true, steady(0, 60, 1));
        }
        List<BudgetUse> budgets = budgets(rules, both, 59);
        assertThat(budgets)
                .extracting(BudgetUse::limit, BudgetUse::ip, BudgetUse::used)
                .containsExactly(
                        tuple("abuse", ip("2001:db8:0:1::"), 60L),
                        tuple("abuse", ip("2001:db8:0:2::"), 60L),
                        tuple("pull", ip("2001:db8::"), 120L));
        assertThat(budgets.get(0).by()).containsExactly(new By(ip("2001:db8:0:1::7"), 60));
        assertThat(budgets.get(2).by()).hasSize(2);
    }
}
