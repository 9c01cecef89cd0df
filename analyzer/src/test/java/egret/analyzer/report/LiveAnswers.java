// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static egret.analyzer.report.Answers.NANOS;
import static egret.analyzer.report.Answers.START;

import egret.analyzer.OwnerSamples;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Cadence;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputInterface;
import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Top;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.Answer.Window;
import egret.capture.count.EvidenceGaps;
import egret.capture.origin.Owner;
import java.util.List;
import java.util.Map;

/** Answers of an agent, built by hand. */
final class LiveAnswers {
    private LiveAnswers() {}

    /** Captured on a host: processes, containers and services are known, or told as not known. */
    static Answer live() {
        List<OwnerCount> daemon = List.of(
                new OwnerCount(OwnerSamples.dockerd(), 1, 40_900, AnswerParts.exact(40_900)),
                new OwnerCount(OwnerSamples.many(2, "/usr/bin/skopeo", 200), 1, 200, AnswerParts.exact(200)),
                new OwnerCount(OwnerSamples.inferred(4, "/usr/bin/curl"), 1, 60, AnswerParts.exact(60)),
                new OwnerCount(Owner.UNKNOWN, 1, 30, AnswerParts.exact(30)),
                new OwnerCount(null, 10, 10, AnswerParts.exact(10)));
        Source culprit = AnswerParts.owned(
                AnswerParts.source(
                        "10.0.1.11",
                        null,
                        0.9812,
                        AnswerParts.exact(41_200),
                        41_200,
                        0,
                        new Cadence(1.0, 372, 0.91),
                        AnswerParts.wave(180, 230)),
                daemon);
        Source container = AnswerParts.owned(
                AnswerParts.source(
                        "172.17.0.2", null, 0.0188, AnswerParts.exact(789), 789, 0, null, AnswerParts.wave(180, 3)),
                List.of(new OwnerCount(OwnerSamples.compose(), 1, 789, AnswerParts.exact(789))));
        Watched watched = new Watched(
                "docker-hub",
                41_989,
                0,
                AnswerParts.exact(41_989),
                10_300,
                new Peak(22_140, (START + 101) * NANOS, 60, false),
                new Limit(2_500, 8.856),
                Map.of("registry-1.docker.io", 20_990L, "auth.docker.io", 20_999L),
                List.of(culprit, container),
                AnswerParts.wave(180, 235),
                List.of(),
                START,
                1,
                List.of(),
                List.of(new Window(60, 20_010, 22_140, (START + 101) * NANOS)));
        Finding finding = new Finding(
                "critical",
                "dockerd (pid 812) on 10.0.1.11 makes 98 % of 22,140 requests/min to Docker Hub.",
                AnswerParts.address("10.0.1.11"),
                OwnerSamples.dockerd(),
                (START + 20) * NANOS,
                0.9812,
                null,
                null,
                true,
                List.of());
        Alert alert = new Alert(
                "docker-hub-requests",
                "docker-hub",
                "critical",
                true,
                "all",
                (START + 27) * NANOS,
                null,
                2_511,
                2_500,
                60,
                List.of(
                        new Top(AnswerParts.address("10.0.1.11"), 2_480, OwnerSamples.dockerd(), 2_400),
                        new Top(AnswerParts.address("10.0.1.13"), 31, OwnerSamples.inferred(4, "/usr/bin/curl"), 31)));
        Input input = new Input(
                List.of(),
                List.of(
                        new InputInterface("eth0", "host", 306_002, 0, "ring", "bpf-sock-ops"),
                        new InputInterface("wg0", "host", 12, 3, "pcap", "")),
                START * NANOS,
                (START + 179) * NANOS,
                List.of("10.0.0.0/8"),
                false);
        EvidenceGaps gaps = new EvidenceGaps(
                306_014,
                3,
                Map.of(),
                41_989,
                41_989,
                0,
                0,
                0,
                0,
                Map.of(),
                0,
                Map.of("owners", 10L),
                new EvidenceGaps.Coverage(
                        40, Map.of("bpf-sock-ops", 41_100L, "bpf-connect", 789L), Map.of("sock-diag", 60L)));
        return new Answer(input, List.of(watched), List.of(), List.of(finding), List.of(alert), gaps);
    }
}
