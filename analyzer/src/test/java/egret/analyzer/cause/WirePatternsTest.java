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
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.count.Basis;
import egret.capture.count.ClientTraits;
import egret.capture.count.RequestCount;
import egret.capture.count.SourceCounts.Row;
import egret.capture.origin.Owner;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Connections by server name in each pull, as counted of the clients and versions that the name of a test says. */
class WirePatternsTest {
    private static final String HOST = "10.0.1.11";
    private static final String REGISTRY = "registry-1.docker.io";
    private static final String AUTH = "auth.docker.io";
    private static final String BLOBS = "production.cloudfront.docker.com";
    private static final String OTHER = "t13d1911h2_0_0";
    private static final String DOCKER = "dockerd ≤ 28";
    private static final long SEED = 11;

    /** @param counts connections of one pull: registry, tokens, blobs */
    private static Intervals pulls(int pulls, int seconds, String ja4, int... counts) {
        Random random = new Random(SEED);
        long[] begun = random.longs(pulls, 0, seconds * 1000L).sorted().toArray();
        Intervals wire = new Intervals().arrivals(HOST, null, "docker-hub", REGISTRY, ja4, true, begun);
        add(wire, begun, REGISTRY, ja4, counts[0] - 1);
        add(wire, begun, AUTH, ja4, counts[1]);
        add(wire, begun, BLOBS, ja4, counts[2]);
        return wire;
    }

    private static void add(Intervals wire, long[] begun, String name, String ja4, int many) {
        for (int i = 0; i < many; i++) {
            long[] later = begun.clone();
            for (int j = 0; j < later.length; j++) {
                later[j] += 10L * (i + 1);
            }
            wire.arrivals(HOST, null, "docker-hub", name, ja4, false, later);
        }
    }

    private static Answer answer(Intervals wire) {
        AnalyzerPipeline pipeline = new AnalyzerPipeline(Rules.builtin(), Clients.builtin(), 0);
        wire.messages().forEach(pipeline::accept);
        return pipeline.finish(new Input(List.of(), List.of(), START * SECOND, (START + 61) * SECOND, List.of(), true));
    }

    private static Finding finding(Intervals wire) {
        return answer(wire).findings().get(0);
    }

    private static Pattern looks(Intervals wire, String client) {
        Source source = answer(wire).watched().get(0).sources().get(0);
        return WirePatterns.of(source, client);
    }

    private static Pattern docker(int... counts) {
        return looks(pulls(200, 60, Intervals.DOCKERD, counts), DOCKER);
    }

    @Test
    void tellsPullsOfDockerdApartByTheirConnections() {
        assertThat(docker(2, 1, 0)).as("up to date").isEqualTo(Pattern.UNPINNED);
        assertThat(docker(3, 1, 0)).as("denied, or no such tag").isEqualTo(Pattern.REFUSED);
        assertThat(docker(3, 0, 0)).as("429 to everything").isEqualTo(Pattern.FEEDBACK);
        assertThat(docker(2, 0, 0)).as("429, pinned and gone").isEqualTo(Pattern.FEEDBACK);
        assertThat(docker(7, 1, 3)).as("cold, two layers").isEqualTo(Pattern.COLD_PULLS);
        assertThat(docker(7, 6, 3)).as("the same, the clock ahead").isEqualTo(Pattern.CLOCK_SKEW);
        assertThat(docker(3, 2, 0)).as("refused, the clock ahead").isEqualTo(Pattern.CLOCK_SKEW);
    }

    @Test
    void claimsNothingOfWhatIsNoCause() {
        assertThat(docker(4, 1, 1)).as("a deployment that looks up digests").isEqualTo(Pattern.NONE);
        assertThat(docker(1, 0, 0)).as("pulls by digest that are there").isEqualTo(Pattern.NONE);
        assertThat(docker(1, 1, 0)).as("logins").isEqualTo(Pattern.NONE);
        assertThat(looks(pulls(5, 60, Intervals.DOCKERD, 7, 6, 3), DOCKER))
                .as("few pulls")
                .isEqualTo(Pattern.NONE);
        assertThat(looks(pulls(200, 60, OTHER, 6, 2, 1), "podman, skopeo or buildah"))
                .as("skopeo inspect: two tokens as a rule")
                .isEqualTo(Pattern.NONE);
        assertThat(looks(pulls(5, 60, OTHER, 1, 1, 0), "Java HttpClient"))
                .as("a build tool that asks now and then")
                .isEqualTo(Pattern.NONE);
    }

    @Test
    void aClockThatIsAheadIsSaidWithWhatToDo() {
        Finding finding = finding(pulls(200, 60, Intervals.DOCKERD, 7, 6, 3));
        assertThat(finding.severity()).isNotEqualTo("info");
        assertThat(finding.pattern()).isEqualTo("clock-skew");
        assertThat(finding.cause())
                .contains("A token is asked for with each request")
                .contains("clock is ahead");
        assertThat(finding.stop()).startsWith("On 10.0.1.11: compare its clock").contains("timedatectl");
        assertThat(finding.exact()).isFalse();
    }

    @Test
    void runnersThatPullColdAreNotTakenForFailingServices() {
        Finding finding = finding(pulls(200, 60, Intervals.DOCKERD, 7, 1, 3));
        assertThat(finding.pattern()).isEqualTo("cold-pulls");
        assertThat(finding.cause())
                .isEqualTo("Looks like whole images that are fetched anew, as by CI runners that keep nothing or by a"
                        + " deployment: 200 pulls with their blobs. A mirror or cache would help.");
        assertThat(finding.stop()).contains("run fewer of those jobs").doesNotContain("docker service");
    }

    @Test
    void runnersWithContainerdToo() {
        Intervals wire = pulls(200, 60, OTHER, 7, 2, 3);
        assertThat(looks(wire, "containerd 1.6–1.7")).isEqualTo(Pattern.COLD_PULLS);
        assertThat(looks(pulls(200, 60, OTHER, 1, 1, 0), "containerd 1.6–1.7")).isEqualTo(Pattern.NONE);
    }

    @Test
    void aLargeDeploymentIsNotAccusedOfFailing() {
        Finding finding = finding(pulls(200, 60, Intervals.DOCKERD, 4, 1, 1));
        assertThat(finding.severity()).isNotEqualTo("info");
        assertThat(finding.pattern()).isNull();
        assertThat(finding.cause()).contains("The wire does not tell").doesNotContain("Looks like services");
    }

    @Test
    void oneDeveloperWhoPullsIsNoBurst() {
        Finding finding = finding(pulls(3, 60, Intervals.DOCKERD, 7, 1, 3));
        assertThat(finding.severity()).isEqualTo("info");
        assertThat(finding.cause()).isNull();
        assertThat(finding.pattern()).isNull();
    }

    @Test
    void severalRequestsOnEachConnectionOfContainerdAreItsTries() {
        Intervals wire = new Intervals();
        Intervals usual = new Intervals();
        for (int second = 0; second < 60; second++) {
            wire.row(second, heads(second, 6));
            usual.row(second, heads(second, 2));
        }
        assertThat(looks(wire, "containerd 1.6–1.7")).isEqualTo(Pattern.CONTAINERD_429);
        assertThat(looks(usual, "containerd 1.6–1.7")).isEqualTo(Pattern.NONE);
        assertThat(looks(wire, "Go program")).isEqualTo(Pattern.NONE);
    }

    @Test
    void severalRequestsOfImagesThatAreFetchedAreNone() {
        Intervals wire = new Intervals();
        for (int second = 0; second < 60; second++) {
            wire.row(second, heads(second, 12));
        }
        add(wire, Intervals.steady(0, 60, 1), BLOBS, OTHER, 1);
        assertThat(looks(wire, "containerd 1.6–1.7")).isNotEqualTo(Pattern.CONTAINERD_429);
    }

    @Test
    void pullsThatShareConnectionsAreNotAClockThatIsAhead() {
        Intervals wire = new Intervals();
        for (int second = 0; second < 60; second++) {
            wire.row(second, heads(second, 4)); // one pull begun, more on the same connection
        }
        add(wire, Intervals.steady(0, 60, 3), AUTH, OTHER, 1);
        assertThat(looks(wire, "dockerd 29")).isNotEqualTo(Pattern.CLOCK_SKEW);
    }

    @Test
    void whatEndsAtOnceMayHaveBeenAskedForOnce() {
        assertThat(looks(pulls(60, 3, Intervals.DOCKERD, 2, 1, 0), DOCKER)).isEqualTo(Pattern.NONE);
    }

    private static Row heads(long second, int requests) {
        long from = (START + second) * SECOND;
        return new Row(
                ip(HOST),
                null,
                "docker-hub",
                REGISTRY,
                OTHER,
                ClientTraits.UNKNOWN,
                Owner.UNKNOWN,
                1,
                0,
                new RequestCount(requests, requests, requests, Basis.EXACT),
                1,
                1000,
                4000,
                new int[] {0},
                new int[] {0},
                new int[] {1000},
                new long[0],
                new long[] {second + 1},
                from,
                from);
    }

    @Test
    void aJavaProgramThatAsksMuchMayBeAProxy() {
        Intervals wire = pulls(600, 60, OTHER, 2, 0, 0);
        assertThat(looks(wire, "Java HttpClient")).isEqualTo(Pattern.PROXY);
        assertThat(looks(wire, "Go program")).isEqualTo(Pattern.NONE);
    }
}
