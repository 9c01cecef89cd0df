// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static egret.analyzer.Intervals.steady;
import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.analyzer.OwnerSamples;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static Answer answer(Intervals intervals, double seconds) {
        AnalyzerPipeline pipeline = new AnalyzerPipeline(Rules.builtin(), Clients.builtin(), 0);
        intervals.messages().forEach(pipeline::accept);
        InputFile file = new InputFile("/captures/incident.pcap", 1, 1, null, null);
        return pipeline.finish(new Input(
                List.of(file), List.of(), START * SECOND, START * SECOND + (long) (seconds * SECOND), List.of(), true));
    }

    /** So many loops that try every second from a second on, give or take a little. */
    private static long[] loops(int loops, int fromSecond, int tries) {
        Random random = new Random(1);
        List<Long> millis = new ArrayList<>();
        for (int loop = 0; loop < loops; loop++) {
            long at = fromSecond * 1000L + (loop == 0 ? 0 : random.nextInt(950));
            for (int i = 0; i < tries; i++) {
                millis.add(at);
                at += 980 + random.nextInt(41);
            }
        }
        return millis.stream().mapToLong(Long::longValue).toArray();
    }

    @Test
    void namesTheSourceBehindABurst() {
        Answer answer =
                answer(new Intervals().hub("10.0.1.11", loops(50, 30, 90)).hub("10.0.1.12", steady(0, 120, 2)), 120);
        Finding finding = answer.findings().get(0);
        assertThat(finding.severity()).isEqualTo("critical");
        assertThat(finding.title())
                .isEqualTo(
                        "10.0.1.11 makes 95 % of 3,122 requests/min to Docker Hub since 12:27:10 UTC (limit ≈ 2,500/min):"
                                + " about 50 retry loops, one try every 1.0 s each, by dockerd ≤ 28.");
        assertThat(finding.source()).isEqualTo(Intervals.ip("10.0.1.11"));
        assertThat(finding.sinceNanos()).isEqualTo((START + 30) * SECOND);
        assertThat(finding.exact()).isFalse(); // the loops are concluded
        assertThat(finding.cause())
                .isEqualTo(
                        "Looks like services that fail to start and are started again without end: the daemon asks for"
                                + " the image every 1.0 s for each of them. Which services they are is not on the wire.");
        assertThat(finding.stop())
                .startsWith(
                        "On a swarm manager: `docker node ps --no-trunc NODE` (NODE as `docker node ls` names 10.0.1.11)")
                .endsWith("Without 10.0.1.11 about 120 requests/min remain (5 % of the limit).");
        assertThat(finding.evidence())
                .containsExactly(
                        "10.0.1.11: 4,500 connections with 4,500 requests (exact), from 12:27:10.000 to 12:28:40.039 UTC.",
                        "Peak of all sources: 3,122 requests in the 60 s that ended 12:28:13 UTC.",
                        "Rhythm: arrivals repeat every 1.0 s, confidence 95 %, 50 tries per round.",
                        "In the order in which they left their own level: 10.0.1.12 from the capture's start, 10.0.1.11 at"
                                + " 12:27:10 UTC.",
                        "Its first ClientHellos are packets incident.pcap:31, :32, :33, :34, :35, :36, :37, :38.");
        assertThat(answer.findings()).hasSize(1);
        assertThat(answer.alerts())
                .extracting(Answer.Alert::rule)
                .contains("docker-hub-requests", "docker-hub-limit", "docker-hub-source");
    }

    @Test
    void saysThatARateIsScaledUp() {
        Answer answer = answer(new Intervals().hub("10.0.1.11", loops(50, 0, 2)), 1.9);
        Finding finding = answer.findings().get(0);
        assertThat(finding.severity()).isEqualTo("critical");
        assertThat(finding.title())
                .startsWith("10.0.1.11 makes all of 100 requests in 2 s (a pace of about 3,158/min) to Docker Hub since"
                        + " 12:26:40 UTC or earlier (limit ≈ 2,500/min)")
                .endsWith("by dockerd ≤ 28.");
        assertThat(finding.exact()).isFalse();
        assertThat(finding.evidence())
                .contains("Only 2 s were seen: a pace for a minute is scaled up from 100 requests, and may not last.");
        assertThat(finding.stop()).endsWith("No other source was seen.");
        assertThat(answer.alerts()).isEmpty(); // nothing was counted that reaches a threshold
    }

    @Test
    void isCalmWithoutABurst() {
        Answer answer = answer(
                new Intervals()
                        .arrivals("10.0.1.12", null, "docker-hub", "registry-1.docker.io", "", false, steady(0, 120, 2))
                        .arrivals("10.0.1.13", null, "ghcr", "ghcr.io", "t13unknown", false, 500, 9000, 44_000),
                120);
        assertThat(answer.findings()).extracting(Finding::severity).containsExactly("info", "info");
        assertThat(answer.findings().get(0).title())
                .isEqualTo("No burst to Docker Hub: 1 source, peak 120 requests/min, 5 % of the limit (≈ 2,500).");
        assertThat(answer.findings().get(0).exact()).isTrue();
        assertThat(answer.findings().get(1).title())
                .isEqualTo("No burst to GitHub Container Registry: 1 source, peak 3 requests/min; no limit is known.");
        assertThat(answer.findings().get(1).evidence()).contains("10.0.1.13: 100 %, 3 requests, by unknown client.");
    }

    @Test
    void doesNotBlameOneOfMany() {
        Intervals intervals = new Intervals();
        for (int host = 1; host <= 50; host++) {
            intervals.hub("10.0.2." + host, steady(host % 7, 110, 1));
        }
        Finding finding = answer(intervals, 120).findings().get(0);
        assertThat(finding.severity()).isEqualTo("critical");
        assertThat(finding.source()).isNull();
        assertThat(finding.title())
                .isEqualTo(
                        "50 sources together make 3,000 requests/min to Docker Hub (limit ≈ 2,500/min); none of them more"
                                + " than 2 %.");
    }

    @Test
    void namesEachOfSeveralOffendersLargestFirst() {
        Answer answer = answer(
                new Intervals()
                        .hub("10.0.1.11", loops(25, 20, 100))
                        .hub("10.0.1.12", loops(35, 40, 80))
                        .hub("10.0.1.13", steady(0, 120, 1)),
                120);
        assertThat(answer.findings()).hasSize(2);
        assertThat(answer.findings().get(0).source()).isEqualTo(Intervals.ip("10.0.1.12"));
        assertThat(answer.findings().get(0).severity()).isEqualTo("critical");
        assertThat(answer.findings().get(1).source()).isEqualTo(Intervals.ip("10.0.1.11"));
        assertThat(answer.findings().get(1).severity()).isEqualTo("warning");
        assertThat(answer.findings().get(0).evidence())
                .anySatisfy(line -> assertThat(line).contains("10.0.1.11 at 12:27:00 UTC, 10.0.1.12 at 12:27:20 UTC"));
    }

    private static Finding first(Intervals intervals) {
        return answer(intervals, 120).findings().get(0);
    }

    @Test
    void namesHostAndProcessWhereTheKernelToldIt() {
        Finding finding = first(new Intervals()
                .by(OwnerSamples.dockerd())
                .hub("10.0.1.11", loops(50, 30, 90))
                .by(Owner.UNKNOWN)
                .hub("10.0.1.12", steady(0, 120, 2)));
        assertThat(finding.title())
                .isEqualTo(
                        "dockerd (pid 812) on 10.0.1.11 makes 95 % of 3,122 requests/min to Docker Hub since 12:27:10"
                                + " UTC (limit ≈ 2,500/min): about 50 retry loops, one try every 1.0 s each.");
        assertThat(finding.owner()).isEqualTo(OwnerSamples.dockerd());
        assertThat(finding.cause()).startsWith("Looks like services that fail to start");
        assertThat(finding.stop())
                .startsWith(
                        "On a swarm manager: `docker node ps --no-trunc NODE` (NODE as `docker node ls` names 10.0.1.11)");
        assertThat(finding.evidence())
                .contains(
                        "By owner: 100 % dockerd (pid 812), as the kernel told (bpf-sock-ops).",
                        "This process is /usr/bin/dockerd, run by root, since 11:26:40 UTC, started by"
                                + " systemd: /usr/bin/dockerd -H fd://.");
    }

    @Test
    void namesContainerAndServiceWhereTheyAreKnown() {
        Finding finding = first(new Intervals().by(OwnerSamples.compose()).hub("10.0.1.11", steady(0, 120, 50)));
        assertThat(finding.title())
                .startsWith("nginx (pid 4711) in container web-nginx-1 of compose service web/nginx on 10.0.1.11 makes"
                        + " all of 3,000 requests/min to Docker Hub");
        assertThat(finding.stop()).startsWith("On 10.0.1.11: `docker compose -p web stop nginx`.");
    }

    @Test
    void saysProbablyWhereItIsInferred() {
        Finding finding = first(
                new Intervals().by(OwnerSamples.inferred(2, "/usr/bin/curl")).hub("10.0.1.11", steady(0, 120, 50)));
        assertThat(finding.title())
                .startsWith("10.0.1.11 makes all of 3,000 requests/min to Docker Hub")
                .contains(" (limit ≈ 2,500/min), probably by curl (pid 802)");
        assertThat(finding.exact()).isFalse();
        assertThat(finding.stop())
                .startsWith("On 10.0.1.11: make sure that it is curl (pid 802), then stop curl (pid 802).");
        assertThat(finding.evidence()).contains("By owner: 100 % probably curl (pid 802), inferred (sock-diag).");
    }

    @Test
    void saysHowMuchIsThatOwnersWhereThereAreSeveral() {
        Finding finding = first(new Intervals()
                .by(OwnerSamples.dockerd())
                .hub("10.0.1.11", steady(0, 120, 40))
                .by(OwnerSamples.many(3, "/usr/bin/skopeo", 812))
                .hub("10.0.1.11", steady(0, 120, 9))
                .by(OwnerSamples.inferred(2, "/usr/bin/curl"))
                .hub("10.0.1.11", steady(0, 120, 1)));
        assertThat(finding.title())
                .startsWith("10.0.1.11 makes all of 3,000 requests/min to Docker Hub")
                .contains(" (limit ≈ 2,500/min), 80 % of it by dockerd (pid 812)");
        assertThat(finding.evidence())
                .contains("By owner: 80 % dockerd (pid 812), as the kernel told (bpf-sock-ops); 18 % skopeo (812"
                        + " processes), as the kernel told (tracefs); 2 % probably curl (pid 802), inferred"
                        + " (sock-diag).");
    }

    @Test
    void saysWhatToLookForBehindManyShortLivedProcesses() {
        Finding finding = first(
                new Intervals().by(OwnerSamples.many(3, "/usr/bin/skopeo", 812)).hub("10.0.1.11", steady(0, 120, 50)));
        assertThat(finding.title()).startsWith("skopeo (812 processes) on 10.0.1.11 makes all of");
        assertThat(finding.stop())
                .startsWith("On 10.0.1.11: find what starts skopeo again and again (bash does), and stop that.");
    }

    @Test
    void putsNoNameIntoACommandThatCouldBeOne() {
        Owner.Service service = new Owner.Service("compose", "web", "$(reboot)");
        Owner hostile = new Owner(4, OwnerSamples.compose().process(), 1, null, service, Quality.EXACT, "bpf-connect");
        Finding finding = first(new Intervals().by(hostile).hub("10.0.1.11", steady(0, 120, 50)));
        assertThat(finding.stop())
                .startsWith("On 10.0.1.11: stop nginx (pid 4711).")
                .doesNotContain("reboot");
    }

    @Test
    void writesNumbersAndTimesForPeople() {
        assertThat(Phrases.number(-1234567)).isEqualTo("-1,234,567");
        assertThat(Phrases.number(999)).isEqualTo("999");
        assertThat(Phrases.percent(0.001)).isEqualTo("less than 1 %");
        assertThat(Phrases.percent(0.999)).isEqualTo("over 99 %");
        assertThat(Phrases.percent(1.27)).isEqualTo("127 %");
        assertThat(Phrases.seconds(0.05)).isEqualTo("0.05 s");
        assertThat(Phrases.seconds(0.999)).isEqualTo("1.0 s");
        assertThat(Phrases.seconds(5.04)).isEqualTo("5.0 s");
        assertThat(Phrases.seconds(29.6)).isEqualTo("30 s");
        assertThat(Phrases.timeToMillis(START * SECOND + 7_000_000L)).isEqualTo("12:26:40.007");
        assertThat(Phrases.fileName("C:\\x\\y.pcap")).isEqualTo("y.pcap");
    }
}
