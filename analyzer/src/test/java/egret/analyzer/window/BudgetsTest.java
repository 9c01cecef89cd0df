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
import egret.rules.Clients;
import egret.rules.Rules;
import egret.rules.RulesException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetsTest {
    private static List<BudgetUse> budgets(Intervals intervals, int seconds) {
        return budgets(Rules.builtin(), intervals, seconds);
    }

    private static List<BudgetUse> budgets(Rules rules, Intervals intervals, int seconds) {
        Windows windows = new Windows(new EgressAddresses(rules), false);
        intervals.messages().forEach(message -> windows.add(message, false));
        windows.finish();
        return windows.watched(rules, Clients.builtin(), START * SECOND, (START + seconds) * SECOND)
                .get(0)
                .budgets();
    }

    private static Intervals hub(String source, boolean pulls, long... millis) {
        return new Intervals()
                .arrivals(
                        source, "203.0.113.5", "docker-hub", "registry-1.docker.io", Intervals.DOCKERD, pulls, millis);
    }

    @Test
    void tellsWhenTheLimitIsReachedAtThisPace() {
        BudgetUse abuse =
                budgets(hub("10.0.1.11", false, steady(0, 20, 50)), 20).get(0);
        assertThat(abuse.limit()).isEqualTo("abuse");
        assertThat(abuse.ip()).isEqualTo(ip("203.0.113.5"));
        assertThat(abuse.used()).isEqualTo(1000);
        assertThat(abuse.share()).isEqualTo(0.4);
        assertThat(abuse.by()).containsExactly(new BudgetUse.By(ip("10.0.1.11"), 1000));
        assertThat(abuse.freesNanos()).isNull();
        assertThat(abuse.runsOutNanos()).isBetween((START + 45) * SECOND, (START + 60) * SECOND);
    }

    @Test
    void aSlowPaceNeverRunsOut() {
        BudgetUse abuse =
                budgets(hub("10.0.1.11", false, steady(0, 60, 10)), 60).get(0);
        assertThat(abuse.runsOutNanos()).isNull();
        assertThat(abuse.freesNanos()).isNull();
    }

    @Test
    void whatIsUsedUpFreesWithItsWindow() {
        BudgetUse abuse =
                budgets(hub("10.0.1.11", false, steady(0, 60, 60)), 60).get(0);
        assertThat(abuse.used()).isGreaterThan(2500);
        assertThat(abuse.runsOutNanos()).isNull();
        assertThat(abuse.freesNanos()).isEqualTo((START + 120) * SECOND);
    }

    @Test
    void pullsHaveABudgetOfTheirOwn() {
        List<BudgetUse> budgets = budgets(hub("10.0.1.11", true, steady(0, 120, 1)), 120);
        assertThat(budgets).extracting(BudgetUse::limit).containsExactly("abuse", "pull");
        BudgetUse pulls = budgets.get(1);
        assertThat(pulls.granted()).isEqualTo(100);
        assertThat(pulls.used()).isEqualTo(120);
        assertThat(pulls.windowSeconds()).isEqualTo(21_600);
        assertThat(pulls.freesNanos()).isEqualTo((START + 21_600) * SECOND);
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
        assertThat(budgets.get(0).by()).containsExactly(new BudgetUse.By(ip("2001:db8:0:1::7"), 60));
        assertThat(budgets.get(2).by()).hasSize(2);
    }
}
