// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static egret.analyzer.Intervals.ip;
import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Culprit;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.evidence.Evidence;
import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CausesTest {
    private static final int SECONDS = 60;

    private static Answer answer(Intervals wire, List<Evidence> evidence, @Nullable String owner) {
        AnalyzerPipeline pipeline = new AnalyzerPipeline(Rules.builtin(), Clients.builtin(), 0);
        wire.messages().forEach(pipeline::accept);
        if (owner != null) {
            pipeline.logOf("dockerd.log", ip(owner));
        }
        evidence.forEach(pipeline::evidence);
        return pipeline.finish(
                new Input(List.of(), List.of(), START * SECOND, (START + SECONDS) * SECOND, List.of(), true));
    }

    private static Retries unpinned(int services) {
        Retries retries = new Retries(1, SECONDS);
        for (int i = 1; i <= services; i++) {
            retries.service("shop_svc" + (i < 10 ? "0" : "") + i, true, 1000);
        }
        return retries;
    }

    @Test
    void namesTheServicesTheReasonAndTheCommand() {
        Retries retries = unpinned(20);
        Finding finding = answer(retries.wire(new Intervals(), "10.0.1.11"), retries.evidence, null)
                .findings()
                .get(0);
        assertThat(finding.source()).isEqualTo(ip("10.0.1.11"));
        assertThat(finding.pattern()).isEqualTo("unpinned-failing-tasks");
        assertThat(finding.cause())
                .contains(" retries 20 services of stack `shop` every 1.0 s each: bind source paths in"
                        + " /srv/missing do not exist (/srv/missing/shop_svc")
                .endsWith("; their images are not pinned to a digest, so each retry asks Docker Hub three times.");
        assertThat(finding.stop())
                .startsWith("On a swarm manager: `docker service scale shop_svc")
                .contains("For good: create");
        assertThat(finding.stopCommand()).contains(" shop_svc01=0").contains(" shop_svc20=0");
        assertThat(finding.culprits()).hasSize(20).allSatisfy(culprit -> {
            assertThat(culprit.pinned()).isFalse();
            assertThat(culprit.requests()).isBetween(culprit.attempts() * 3 - 8, culprit.attempts() * 3 + 8);
            assertThat(culprit.periodSeconds()).isBetween(0.9, 1.1);
            assertThat(culprit.confidence()).isGreaterThan(0.8);
        });
        assertThat(finding.acquitted()).isEmpty();
        assertThat(finding.exact()).isFalse();
        Answer.WhatIf whatIf = finding.whatIf();
        assertThat(whatIf).isNotNull();
        assertThat(whatIf.enough()).isTrue();
        assertThat(whatIf.remainingPerMinute()).isLessThan(2500);
        assertThat(whatIf.stop().size()).isBetween(4, 9);
        assertThat(whatIf.withoutAllPerMinute()).isLessThan(150);
    }

    @Test
    void servicesThatFailWithoutAskingAreNotAccused() {
        Retries retries = new Retries(2, SECONDS);
        for (int i = 0; i < 6; i++) {
            retries.service("web_tag" + i, true, 800).service("web_pinned" + i, false, 1100);
        }
        Finding finding = answer(retries.wire(new Intervals(), "10.0.1.11"), retries.evidence, null)
                .findings()
                .get(0);
        assertThat(finding.culprits())
                .extracting(Culprit::name)
                .allMatch(name -> name.startsWith("web_tag"))
                .hasSize(6);
        assertThat(finding.acquitted()).hasSize(6).allSatisfy(other -> {
            assertThat(other.requests()).isZero();
            assertThat(other.pinned()).isTrue();
        });
        assertThat(finding.evidence()).anyMatch(line -> line.startsWith("Not behind it: 6 services fail too"));
    }

    @Test
    void aQuietHostWithFailingServicesIsNotABurst() {
        Retries retries = new Retries(3, SECONDS);
        for (int i = 0; i < 10; i++) {
            retries.service("web_pinned" + i, false, 1000);
        }
        Intervals wire = new Intervals()
                .arrivals(
                        "10.0.1.11",
                        null,
                        "docker-hub",
                        "registry-1.docker.io",
                        Intervals.DOCKERD,
                        true,
                        Intervals.steady(0, 20, 2));
        Finding finding = answer(wire, retries.evidence, null).findings().get(0);
        assertThat(finding.severity()).isEqualTo("info");
        assertThat(finding.cause()).isNull();
        assertThat(finding.culprits()).isEmpty();
        assertThat(finding.acquitted()).hasSize(10);
    }

    @Test
    void theLogIsTheSourcesWhosePullsItExplains() {
        Retries mine = unpinned(20);
        Retries other = new Retries(9, SECONDS);
        for (int i = 0; i < 20; i++) {
            other.service("other" + i, true, 1000);
        }
        Intervals wire = mine.wire(other.wire(new Intervals(), "10.0.1.12"), "10.0.1.11");
        Answer answer = answer(wire, mine.evidence, null);
        for (Finding finding : answer.findings()) {
            boolean its = ip("10.0.1.11").equals(finding.source());
            assertThat(finding.culprits()).hasSize(its ? 20 : 0);
        }
    }

    @Test
    void aLogThatIsReadOnANatIsTheSourcesWhosePullsItExplains() {
        assertThat(whoIsNamed(Vantage.NAT_INSIDE, "10.0.0.1")).isEqualTo(20);
        assertThat(whoIsNamed(Vantage.HOST, "10.0.1.11")).isEqualTo(20);
    }

    /** How many services of a host, if an agent at an address reads its log. */
    private static int whoIsNamed(Vantage vantage, String agent) {
        Retries retries = unpinned(20);
        AnalyzerPipeline pipeline = AnalyzerPipeline.live(Rules.builtin(), Clients.builtin(), 0);
        List<Evidence> said = retries.evidence;
        for (SourceCounts each : retries.wire(new Intervals(), "10.0.1.11").messages()) {
            pipeline.accept(new SourceCounts(
                    each.agent(),
                    each.boot(),
                    each.sequence(),
                    each.startSecond(),
                    each.seconds(),
                    vantage,
                    each.rows(),
                    each.others(),
                    each.gaps(),
                    said,
                    new SourceCounts.Local("dockerd.log", List.of(ip(agent)))));
            said = List.of();
        }
        Answer answer = pipeline.finish(new Answer.Input(List.of(), List.of(), 0, 0, List.of(), true));
        return answer.findings().get(0).culprits().size();
    }

    @Test
    void severalAreAccusedOnlyIfTheTimesTellThemApart() {
        int asked = 0;
        int named = 0;
        int wrong = 0;
        for (long seed = 0; seed < 12; seed++) {
            Retries retries = new Retries(seed, SECONDS);
            for (int i = 0; i < 12; i++) {
                retries.service("web_" + (i % 2 == 0 ? "tag" : "pinned") + i, i % 2 == 0, 1000);
            }
            asked += 6;
            Answer answer = answer(retries.wire(new Intervals(), "10.0.1.11"), retries.evidence, null);
            for (Culprit culprit : answer.findings().get(0).culprits()) {
                named++;
                wrong += culprit.name().startsWith("web_tag") ? 0 : 1;
            }
        }
        assertThat(wrong).as("of " + named + " named, where " + asked + " ask").isZero();
        assertThat(named).as("of " + asked).isGreaterThan(asked / 2);
    }

    @Test
    void theNodesOfASwarmAreNamedEachByItsOwnLog() {
        Retries one = unpinned(10);
        Retries other = new Retries(5, SECONDS);
        for (int i = 1; i <= 10; i++) {
            other.service("shop_svc" + (i < 10 ? "0" : "") + i, true, 1000);
        }
        List<Evidence> both = new ArrayList<>(one.evidence);
        other.evidence.forEach(each -> both.add(Retries.in("other.log", each)));
        Answer answer = answer(one.wire(other.wire(new Intervals(), "10.0.1.12"), "10.0.1.11"), both, null);
        assertThat(answer.findings()).hasSize(2).allSatisfy(finding -> {
            String log = ip("10.0.1.11").equals(finding.source()) ? "dockerd.log" : "other.log";
            assertThat(finding.culprits())
                    .hasSize(10)
                    .allSatisfy(culprit -> assertThat(culprit.log()).isEqualTo(log));
        });
    }

    @Test
    void aManagersNamesAreThoseOfEveryNode() {
        Retries retries = unpinned(20);
        List<Evidence> evidence = new ArrayList<>();
        retries.evidence.forEach(each -> evidence.add(new Evidence(
                each.second(),
                each.kind(),
                "",
                each.service(),
                "",
                "",
                each.problem(),
                each.detail(),
                each.count(),
                each.millis(),
                "worker.log",
                each.line())));
        evidence.add(new Evidence(
                Intervals.START + 30,
                Kind.SERVICE,
                "",
                "idshop_svc07",
                "shop_svc07",
                "acme/app:1",
                Problem.NONE,
                "",
                1,
                new int[0],
                "/run/docker.sock",
                0));
        Finding finding = answer(retries.wire(new Intervals(), "10.0.1.11"), evidence, null)
                .findings()
                .get(0);
        assertThat(finding.culprits())
                .filteredOn(culprit -> culprit.name().equals("shop_svc07"))
                .singleElement()
                .satisfies(culprit -> assertThat(culprit.image()).isEqualTo("acme/app:1"));
    }

    @Test
    void theImageThatAManagerTellsSettlesWhoAsks() {
        Retries retries = new Retries(8, SECONDS);
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            boolean asks = i % 2 == 0;
            retries.service("svc" + i, asks, 15_000); // too few to tell anything by their times
            evidence.add(new Evidence(
                    Intervals.START,
                    Kind.SERVICE,
                    "",
                    "idsvc" + i,
                    "svc" + i,
                    asks ? "acme/app:1" : "acme/app:1@sha256:ab",
                    Problem.NONE,
                    "",
                    1,
                    new int[0],
                    "/run/docker.sock",
                    0));
        }
        evidence.addAll(retries.evidence);
        Intervals wire = retries.wire(new Intervals(), "10.0.1.11")
                .arrivals(
                        "10.0.1.11",
                        null,
                        "docker-hub",
                        "registry-1.docker.io",
                        Intervals.DOCKERD,
                        false,
                        Intervals.steady(0, SECONDS, 50)); // what makes it a burst
        Finding finding = answer(wire, evidence, "10.0.1.11").findings().get(0);
        assertThat(finding.culprits()).extracting(Culprit::name).containsExactlyInAnyOrder("svc0", "svc2", "svc4");
        assertThat(finding.acquitted()).hasSize(3).allSatisfy(other -> {
            assertThat(other.pinned()).isTrue();
            assertThat(other.confidence()).isGreaterThan(0.9);
        });
    }

    @Test
    void whatTheLogDoesNotTellYetSpeaksForNobody() {
        Retries retries = unpinned(20);
        List<Evidence> soFar = new ArrayList<>();
        retries.evidence.forEach(each -> {
            if (each.second() < Intervals.START + SECONDS - 2) {
                soFar.add(each);
            }
        });
        Finding finding = answer(retries.wire(new Intervals(), "10.0.1.11"), soFar, null)
                .findings()
                .get(0);
        assertThat(finding.culprits()).hasSize(20);
        assertThat(finding.culprits().stream().mapToLong(Culprit::requests).sum())
                .isGreaterThan(retries.pulls.size() * 3L * 9 / 10);
    }

    @Test
    void twoReasonsAtOnceAreBothTold() {
        Retries retries = unpinned(12);
        for (int i = 0; i < 6; i++) {
            retries.service("gone_svc" + i, true, 1000, Problem.NOT_FOUND);
        }
        Finding finding = answer(retries.wire(new Intervals(), "10.0.1.11"), retries.evidence, null)
                .findings()
                .get(0);
        assertThat(finding.culprits()).hasSize(18);
        assertThat(finding.pattern()).isEqualTo("unpinned-failing-tasks");
        assertThat(finding.cause())
                .contains(" Otherwise with 6 of them (gone_svc")
                .contains("): the tag that they ask for does not exist.");
        assertThat(finding.stop()).contains("; for 6 of them (gone_svc").contains("): correct the tag, or push it;");
    }

    @Test
    void aLogThatWasGivenToAnotherAccusesNobody() {
        Retries mine = unpinned(20);
        Answer answer = answer(mine.wire(new Intervals(), "10.0.1.11"), mine.evidence, "10.0.1.12");
        assertThat(answer.findings())
                .allSatisfy(finding -> assertThat(finding.culprits()).isEmpty());
    }

    @Test
    void theReasonOfThePullsTellsThePattern() {
        assertThat(pattern(Problem.ABUSE_LIMIT)).isEqualTo("429-feedback-loop");
        assertThat(pattern(Problem.DENIED)).isEqualTo("pull-denied");
        assertThat(pattern(Problem.NOT_FOUND)).isEqualTo("missing-tag");
    }

    private static @Nullable String pattern(Problem problem) {
        Retries retries = new Retries(4, SECONDS);
        for (int i = 0; i < 20; i++) {
            retries.service("svc" + i, true, 1000, problem);
        }
        return answer(retries.wire(new Intervals(), "10.0.1.11"), retries.evidence, null)
                .findings()
                .get(0)
                .pattern();
    }

    @Test
    void namesThatAShellCouldMisreadStayOutOfTheCommand() {
        Retries retries = new Retries(5, SECONDS);
        for (int i = 0; i < 20; i++) {
            retries.service("a;rm -rf $HOME" + i, true, 1000);
        }
        Finding finding = answer(retries.wire(new Intervals(), "10.0.1.11"), retries.evidence, null)
                .findings()
                .get(0);
        assertThat(finding.culprits()).hasSize(20);
        assertThat(finding.stop()).doesNotContain("rm -rf $HOME1=0");
        assertThat(finding.stopCommand()).isNull();
    }

    @Test
    void tablesAreBounded() {
        AnalyzerPipeline pipeline = new AnalyzerPipeline(Rules.builtin(), Clients.builtin(), 0);
        for (int i = 0; i < Journal.MOST_SERVICES + 5; i++) {
            pipeline.evidence(Retries.of(0, Kind.TASK_FAILED, "s" + i, Problem.OTHER, "", new int[] {1}, i));
        }
        Answer answer = pipeline.finish(
                new Input(List.of(), List.of(), START * SECOND, (START + SECONDS) * SECOND, List.of(), true));
        assertThat(answer.gaps().shed()).containsEntry("log-services", 5L);
    }
}
