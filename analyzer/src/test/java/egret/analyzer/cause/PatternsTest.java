// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static egret.analyzer.Intervals.ip;
import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.evidence.Evidence;
import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatternsTest {
    private static final String HOST = "10.0.1.11";

    private static Finding finding(Intervals wire, List<Evidence> evidence) {
        AnalyzerPipeline pipeline = new AnalyzerPipeline(Rules.builtin(), Clients.builtin(), 0);
        wire.messages().forEach(pipeline::accept);
        pipeline.logOf("h1.log", ip(HOST));
        evidence.forEach(pipeline::evidence);
        return pipeline.finish(new Input(List.of(), List.of(), START * SECOND, (START + 60) * SECOND, List.of(), true))
                .findings()
                .get(0);
    }

    private static Evidence said(long second, Kind kind, String name, String image, Problem problem, String detail) {
        return new Evidence(
                START + second, kind, "", "", name, image, problem, detail, 1, new int[] {100}, "h1.log", second + 1);
    }

    /** Pulls at a pace that is a burst, three connections each. */
    private static Intervals burst() {
        return new Intervals()
                .arrivals(
                        HOST,
                        null,
                        "docker-hub",
                        "registry-1.docker.io",
                        Intervals.DOCKERD,
                        true,
                        Intervals.steady(0, 60, 10))
                .arrivals(
                        HOST,
                        null,
                        "docker-hub",
                        "auth.docker.io",
                        Intervals.DOCKERD,
                        false,
                        Intervals.steady(0, 60, 10))
                .arrivals(
                        HOST,
                        null,
                        "docker-hub",
                        "registry-1.docker.io",
                        Intervals.DOCKERD,
                        false,
                        Intervals.steady(0, 60, 10));
    }

    /** As often as the wire shows pulls. */
    private static List<Evidence> atEachPull(Kind kind, String name, Problem problem, String detail) {
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < 59; i++) {
            int[] millis = {0, 100, 200, 300, 400, 500, 600, 700, 800, 900};
            evidence.add(
                    new Evidence(START + i, kind, "", "", name, "", problem, detail, 10, millis, "h1.log", i + 1L));
        }
        return evidence;
    }

    private static List<Evidence> each(Kind kind, String name, String image, Problem problem, String detail) {
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < 59; i++) {
            evidence.add(said(i, kind, name, image, problem, detail));
        }
        return evidence;
    }

    @Test
    void anImageThatIsPulledAtEachStart() {
        Finding finding = finding(burst(), each(Kind.POD_PULL, "", "docker.io/acme/app:latest", Problem.NONE, ""));
        assertThat(finding.pattern()).isEqualTo("pod-crash-loop");
        assertThat(finding.cause())
                .isEqualTo(
                        "containerd there asks for image docker.io/acme/app:latest every 1.0 s; each start asks Docker"
                                + " Hub three times, as for pods that end and are started again with imagePullPolicy Always."
                                + " That is 10 % of this host's requests; who makes the others, the log does not tell.");
        assertThat(finding.culprits())
                .singleElement()
                .satisfies(culprit -> assertThat(culprit.image()).isEqualTo("docker.io/acme/app:latest"));
    }

    @Test
    void anImageThatDocker29PullsIsOfNoPod() {
        Finding finding = finding(burst(), each(Kind.PULLED, "", "docker.io/acme/app:latest", Problem.NONE, ""));
        assertThat(finding.pattern()).isEqualTo("api-pulls");
        assertThat(finding.cause())
                .startsWith("dockerd there asks for image docker.io/acme/app:latest every 1.0 s; each pull asks Docker"
                        + " Hub three times; who tells dockerd to pull, its log does not say.");
        assertThat(finding.stop())
                .startsWith("On 10.0.1.11: find what asks the daemon to pull")
                .doesNotContain("kubectl")
                .doesNotContain("docker service");
    }

    @Test
    void imagesThatPodsPullOnceAreADeployment() {
        List<Evidence> once = new ArrayList<>();
        for (int i = 0; i < 59; i++) {
            once.add(said(i, Kind.POD_PULL, "", "docker.io/acme/app" + i + ":1", Problem.NONE, ""));
        }
        Finding finding = finding(burst(), once);
        assertThat(finding.pattern()).isEqualTo("deployment");
        assertThat(finding.cause()).contains("each is asked for once or twice");
        assertThat(finding.stop()).startsWith("Nothing, if a deployment").doesNotContain("scale to 0");
    }

    @Test
    void oneLineOfALogIsNoCauseOfManyPulls() {
        for (Kind kind : List.of(Kind.POLLED, Kind.API_PULL_FAILED, Kind.PULL_REFUSED)) {
            Finding finding =
                    finding(burst(), List.of(said(1, kind, "watchtower", "", Problem.UNREACHABLE, "dial tcp: no")));
            assertThat(finding.pattern()).as(kind.name()).isEqualTo("unpinned-failing-tasks");
            assertThat(finding.cause()).as(kind.name()).doesNotContain("Its log tells");
        }
    }

    @Test
    void anImageThatIsRefusedToContainerd() {
        Finding finding = finding(
                burst(),
                each(
                        Kind.PULL_FAILED,
                        "",
                        "docker.io/acme/app:9",
                        Problem.NOT_FOUND,
                        "docker.io/acme/app:9: not found"));
        assertThat(finding.pattern()).isEqualTo("missing-tag");
        assertThat(finding.culprits())
                .singleElement()
                .satisfies(culprit -> assertThat(culprit.problem()).isEqualTo("not-found"));
        assertThat(finding.cause()).startsWith("containerd there asks for image docker.io/acme/app:9");
        assertThat(finding.stop())
                .startsWith("`kubectl get pods -A -o wide` lists the pods of image docker.io/acme/app:9")
                .contains("correct the tag")
                .doesNotContain("docker service")
                .doesNotContain("restart_policy");
        assertThat(finding.stopCommand()).isNull();
    }

    @Test
    void a429ThatKubeletTells() {
        String detail = "failed to resolve reference \"docker.io/acme/app:1\": unexpected status from HEAD request to"
                + " https://registry-1.docker.io/v2/acme/app/manifests/1: 429 Too Many Requests";
        Finding finding = finding(burst(), each(Kind.PULL_FAILED, "", "acme/app:1", Problem.ABUSE_LIMIT, detail));
        assertThat(finding.pattern()).isEqualTo("containerd-retries-429");
        assertThat(finding.cause())
                .startsWith("containerd there asks for image acme/app:1")
                .contains("containerd tries each 429 again at once, up to six times");
        assertThat(finding.stop()).contains("pull with a login or through a mirror");
    }

    @Test
    void kubeletAndContainerdTellOfTheSameImage() {
        List<Evidence> both = each(Kind.POD_PULL, "", "docker.io/library/redis:7", Problem.NONE, "");
        both.addAll(each(Kind.PULL_FAILED, "", "redis:7", Problem.NOT_FOUND, "redis:7: not found"));
        Finding finding = finding(burst(), both);
        assertThat(finding.pattern()).isEqualTo("missing-tag");
        assertThat(finding.culprits())
                .singleElement()
                .satisfies(culprit -> assertThat(culprit.attempts()).isEqualTo(59));
    }

    @Test
    void thePullsThatDocker29TellsOfAreThoseOfTheTasks() {
        Retries retries = new Retries(6, 60);
        for (int i = 0; i < 20; i++) {
            retries.service("shop_svc" + i, true, 1000);
        }
        List<Evidence> evidence = new ArrayList<>(retries.evidence);
        evidence.addAll(each(Kind.PULLED, "", "docker.io/acme/app:1", Problem.NONE, ""));
        AnalyzerPipeline pipeline = new AnalyzerPipeline(Rules.builtin(), Clients.builtin(), 0);
        retries.wire(new Intervals(), HOST).messages().forEach(pipeline::accept);
        pipeline.logOf("dockerd.log", ip(HOST));
        pipeline.logOf("h1.log", ip(HOST));
        for (Evidence each : evidence) {
            pipeline.evidence(Retries.in("dockerd.log", each));
        }
        Finding finding = pipeline.finish(
                        new Input(List.of(), List.of(), START * SECOND, (START + 60) * SECOND, List.of(), true))
                .findings()
                .get(0);
        assertThat(finding.pattern()).isEqualTo("unpinned-failing-tasks");
        assertThat(finding.cause()).startsWith("dockerd there");
        assertThat(finding.culprits()).hasSize(20);
    }

    @Test
    void aPollerThatSaysSo() {
        Finding finding = finding(burst(), atEachPull(Kind.POLLED, "watchtower", Problem.NONE, ""));
        assertThat(finding.pattern()).isEqualTo("poller");
        assertThat(finding.cause())
                .contains("Its log tells of watchtower that looks for newer images (590 times, first at line 1)");
        assertThat(finding.stop()).contains("let it look less often").doesNotContain("docker service");
        assertThat(finding.culprits()).isEmpty();
    }

    @Test
    void pullsOverTheApi() {
        Finding finding = finding(
                burst(), atEachPull(Kind.API_PULL_FAILED, "", Problem.ABUSE_LIMIT, "Too Many Requests (HAP429)."));
        assertThat(finding.pattern()).isEqualTo("api-pulls");
        assertThat(finding.cause()).contains("pulls that were asked for over the API and failed (590 times");
        assertThat(finding.stop()).contains("`pull_policy: always`").doesNotContain("docker service");
    }

    @Test
    void aMirrorThatFails() {
        Finding finding = finding(
                burst(),
                atEachPull(Kind.PULL_REFUSED, "", Problem.UNREACHABLE, "dial tcp 192.0.2.9:5000: connection refused"));
        assertThat(finding.pattern()).isEqualTo("mirror-bypassed");
        assertThat(finding.cause()).contains("connection refused").contains("if a mirror is set, it is bypassed");
        assertThat(finding.stop()).contains("if the one that the log names is among them, repair it");
    }

    @Test
    void aRegistryThatCannotBeReachedIsNoMirror() {
        Finding finding = finding(
                burst(),
                each(
                        Kind.PULL_REFUSED,
                        "",
                        "",
                        Problem.UNREACHABLE,
                        "Get \"https://registry-1.docker.io/v2/\": dial tcp 198.51.100.10:443: i/o timeout"));
        assertThat(finding.pattern()).isNotEqualTo("mirror-bypassed");
        assertThat(finding.cause()).doesNotContain("mirror");
    }

    @Test
    void anImageThatIsGone() {
        Retries retries = new Retries(1, 60);
        for (int i = 0; i < 20; i++) {
            retries.service("svc" + i, true, 1000);
        }
        List<Evidence> evidence = new ArrayList<>();
        for (Evidence each : retries.evidence) {
            evidence.add(new Evidence(
                    each.second(),
                    each.kind(),
                    "",
                    each.service(),
                    each.name(),
                    "",
                    Problem.NO_SUCH_IMAGE,
                    "No such image: acme/app:1.0",
                    each.count(),
                    each.millis(),
                    "h1.log",
                    each.line()));
        }
        Finding finding = finding(retries.wire(new Intervals(), HOST), evidence);
        assertThat(finding.pattern()).isEqualTo("image-gone-locally");
        assertThat(finding.cause()).contains("their image is not on the node (No such image: acme/app:1.0)");
        assertThat(finding.stop()).contains("For good: pull the image on the node once");
    }

    @Test
    void silenceOfTheLogLeavesTheWire() {
        Finding finding = finding(burst(), List.of());
        assertThat(finding.pattern()).isEqualTo("unpinned-failing-tasks");
        assertThat(finding.cause()).contains("Each pull is 3.0 requests, as for images that are there, but not pinned");
        assertThat(finding.exact()).isFalse();
    }

    @Test
    void noTokenBehindPullsLooksLike429() {
        Intervals wire = new Intervals()
                .arrivals(
                        HOST,
                        null,
                        "docker-hub",
                        "registry-1.docker.io",
                        Intervals.DOCKERD,
                        true,
                        Intervals.steady(0, 60, 10))
                .arrivals(
                        HOST,
                        null,
                        "docker-hub",
                        "registry-1.docker.io",
                        Intervals.DOCKERD,
                        false,
                        Intervals.steady(0, 60, 20));
        Finding finding = finding(wire, List.of());
        assertThat(finding.pattern()).isEqualTo("429-feedback-loop");
        assertThat(finding.cause()).contains("Most pulls end before a token is asked for");
    }
}
