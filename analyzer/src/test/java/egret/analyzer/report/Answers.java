// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Cadence;
import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.Egress;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.OtherSource;
import egret.analyzer.answer.Answer.PacketReference;
import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Percentiles;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Top;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.Answer.Window;
import egret.capture.count.Basis;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.RequestCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Answers built by hand, one for each golden directory. */
final class Answers {
    /** 2026-11-20T14:02:11Z. */
    static final long START = 1_795_183_331L;

    static final long NANOS = 1_000_000_000L;
    static final Percentiles NOTHING = new Percentiles(0, 0, 0, 0, 0);

    private Answers() {}

    static Answer named(String scenario) {
        return switch (scenario) {
            case "empty" -> empty();
            case "hostile" -> HostileAnswers.hostile();
            case "incident" -> incident();
            case "live" -> LiveAnswers.live();
            case "quiet" -> quiet();
            case "short" -> shortCapture();
            default -> throw new IllegalArgumentException(scenario);
        };
    }

    static Answer empty() {
        Input input = new Input(
                List.of(new InputFile("empty.pcap", 0, 24, null, null)), List.of(), 0, 0, List.of("10.0.0.0/8"), true);
        return new Answer(input, List.of(), List.of(), List.of(), List.of(), EvidenceGaps.NONE);
    }

    /** One host at the pace of the story, beside three that do their work. */
    static Answer incident() {
        Source culprit = AnswerParts.source(
                "10.0.1.11",
                "build-7",
                0.9812,
                AnswerParts.exact(41_200),
                41_200,
                118,
                new Cadence(1.0, 372, 0.91),
                AnswerParts.wave(180, 230));
        Source ipv6 = AnswerParts.source(
                "2001:db8:0:12:a00:27ff:fe4e:66a1",
                null,
                0.0121,
                new RequestCount(508, 490, 530, Basis.ESTIMATED),
                96,
                0,
                null,
                AnswerParts.wave(180, 3));
        Source once = AnswerParts.source(
                "10.0.1.13",
                null,
                0.0065,
                new RequestCount(273, 273, 273, Basis.AT_LEAST),
                270,
                0,
                new Cadence(5.0, 1, 0.66),
                AnswerParts.wave(180, 2));
        Source least = AnswerParts.source(
                "10.0.1.14", null, 0.0002, AnswerParts.exact(8), 8, 0, null, AnswerParts.wave(180, 0));
        Watched watched = new Watched(
                "docker-hub",
                41_574,
                118,
                new RequestCount(41_989, 41_971, 42_011, Basis.AT_LEAST),
                10_300,
                new Peak(22_140, (START + 101) * NANOS, 60, false),
                new Limit(2_500, 8.856),
                Map.of(
                        "registry-1.docker.io",
                        20_990L,
                        "auth.docker.io",
                        20_520L,
                        "production.cloudflare.docker.com",
                        64L),
                List.of(culprit, ipv6, once, least),
                AnswerParts.wave(180, 235),
                List.of(),
                START,
                1,
                List.of(new Egress(
                        AnswerParts.address("203.0.113.5"),
                        41_574,
                        AnswerParts.exact(41_989),
                        new Peak(22_140, (START + 101) * NANOS, 60, false))),
                List.of(new Window(60, 20_010, 22_140, (START + 101) * NANOS)));
        Finding finding = new Finding(
                "critical",
                "10.0.1.11 (build-7) is behind the burst: 98.1 % of the requests to docker-hub, 22,140 a minute at the peak, 8.9 times the limit.",
                AnswerParts.address("10.0.1.11"),
                null,
                (START + 20) * NANOS,
                0.9812,
                "372 retry loops of 1.0 s: services that fail at once and are started again",
                "Scale the failing services on 10.0.1.11 to 0, or raise their restart delay",
                true,
                List.of(
                        "left its own pace at 14:02:31, before any other source",
                        "one request per connection, as dockerd ≤ 28 does it"));
        Alert alert = new Alert(
                "docker-hub-requests",
                "docker-hub",
                "critical",
                true,
                "203.0.113.5",
                (START + 27) * NANOS,
                null,
                2_511,
                2_500,
                60,
                List.of(
                        new Top(AnswerParts.address("10.0.1.11"), 2_480, null, 0),
                        new Top(AnswerParts.address("10.0.1.13"), 31, null, 0)));
        Alert over = new Alert(
                "docker-hub-failed",
                "docker-hub",
                "warning",
                false,
                "10.0.1.11",
                (START + 40) * NANOS,
                (START + 140) * NANOS,
                101,
                100,
                60,
                List.of());
        EvidenceGaps gaps = new EvidenceGaps(
                612_004,
                37,
                Map.of("truncated", 12L, "unknown-link", 1L),
                41_800,
                41_640,
                25,
                61,
                0,
                0,
                Map.of("no-sni", 70L, "ech", 9L, "cut", 40L),
                41_574,
                Map.of("server-names", 3L),
                EvidenceGaps.Coverage.NONE);
        Input input = new Input(
                List.of(
                        new InputFile("nat-inside.pcap", 306_002, 371_204_118, null, null),
                        new InputFile("nat outside.pcap", 306_002, 371_100_004, 371_099_800L, null)),
                List.of(),
                START * NANOS + 250_000_000,
                (START + 179) * NANOS + 1_000,
                List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"),
                true);
        List<OtherSource> others = List.of(
                new OtherSource(AnswerParts.address("10.0.1.12"), 218, 3, Map.of("www.example.org", 200L, "", 18L)),
                new OtherSource(AnswerParts.address("10.0.1.14"), 4, 0, Map.of()));
        return new Answer(input, List.of(watched), others, List.of(finding), List.of(alert, over), gaps);
    }

    /** Two seconds of a burst: figures by the minute are scaled up, and there is no course to draw. */
    static Answer shortCapture() {
        Peak peak = new Peak(3_210, (START + 2) * NANOS, 2, true);
        Source source = new Source(
                AnswerParts.address("10.0.1.11"),
                null,
                List.of(),
                1.0,
                1.0,
                107,
                0,
                AnswerParts.exact(107),
                27,
                152_000,
                611_000,
                peak,
                START * NANOS,
                (START + 1) * NANOS + 900_000_000,
                null,
                Map.of("registry-1.docker.io", 54L, "auth.docker.io", 53L),
                new Cadence(1.0, 30, 0.62),
                new Percentiles(2, 53, 54, 54, 54),
                new Percentiles(106, 16_000, 40_000, 61_000, 70_000),
                new Percentiles(107, 5_100, 6_000, 9_000, 9_400),
                List.of(new Client("dockerd ≤ 28", "t13d1312h1_f57a46bbacb6_ef7df7f74e48", 107)),
                List.of(),
                List.of(new PacketReference(0, 4), new PacketReference(0, 29)),
                List.of(53L, 54L),
                List.of(),
                false,
                List.of());
        Watched watched = new Watched(
                "docker-hub",
                107,
                0,
                AnswerParts.exact(107),
                27,
                peak,
                new Limit(2_500, 1.284),
                Map.of("registry-1.docker.io", 54L, "auth.docker.io", 53L),
                List.of(source),
                List.of(53L, 54L),
                List.of(),
                START,
                1,
                List.of(),
                List.of());
        Input input = new Input(
                List.of(new InputFile("-", 2_577, 1_402_551, null, null)),
                List.of(),
                START * NANOS,
                (START + 1) * NANOS + 900_000_000,
                List.of("10.0.0.0/8"),
                true);
        Finding finding = new Finding(
                "warning",
                "10.0.1.11 made all requests to docker-hub, 53 a second.",
                AnswerParts.address("10.0.1.11"),
                null,
                0,
                1.0,
                null,
                null,
                false,
                List.of());
        EvidenceGaps gaps = new EvidenceGaps(
                2_577, 0, Map.of(), 107, 107, 3, 0, 0, 0, Map.of(), 0, Map.of(), EvidenceGaps.Coverage.NONE);
        return new Answer(input, List.of(watched), List.of(), List.of(finding), List.of(), gaps);
    }

    /** Traffic, but nothing that is watched. */
    static Answer quiet() {
        Input input = new Input(
                List.of(new InputFile("-", 812, 90_112, null, "bad block length 7 at offset 90,000")),
                List.of(),
                START * NANOS,
                (START + 1) * NANOS,
                List.of("10.0.0.0/8"),
                false);
        Watched nothing = new Watched(
                "quay",
                0,
                0,
                RequestCount.NONE,
                0,
                new Peak(0, 0, 0, false),
                null,
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                START,
                1,
                List.of(),
                List.of());
        EvidenceGaps gaps =
                new EvidenceGaps(812, 0, Map.of(), 3, 1, 0, 2, 0, 0, Map.of(), 0, Map.of(), EvidenceGaps.Coverage.NONE);
        return new Answer(
                input,
                List.of(nothing),
                List.of(new OtherSource(AnswerParts.address("10.0.1.12"), 3, 0, Map.of("www.example.org", 1L, "", 2L))),
                List.of(),
                List.of(),
                gaps);
    }

    /** Most first, all at the same limit. */
    static Answer manySources(int count) {
        List<Source> sources = new ArrayList<>(count);
        for (int at = 0; at < count; at++) {
            sources.add(AnswerParts.source(
                    "10." + (at >> 16) + "." + (at >> 8 & 255) + "." + (at & 255),
                    null,
                    1.0 / count,
                    AnswerParts.exact(3),
                    3,
                    0,
                    null,
                    List.of(1L, 2L)));
        }
        Watched watched = new Watched(
                "docker-hub",
                3L * count,
                0,
                AnswerParts.exact(3L * count),
                0,
                new Peak(3L * count, START * NANOS, 60, false),
                new Limit(2_500, count / 2_500.0),
                Map.of(),
                sources,
                List.of(1L * count, 2L * count),
                List.of(),
                START,
                1,
                List.of(),
                List.of());
        Input input = new Input(
                List.of(new InputFile("many.pcap", 9L * count, 900L * count, null, null)),
                List.of(),
                START * NANOS,
                (START + 1) * NANOS,
                List.of(),
                false);
        return new Answer(input, List.of(watched), List.of(), List.of(), List.of(), EvidenceGaps.NONE);
    }
}
