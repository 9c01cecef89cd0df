// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.Intervals;
import egret.analyzer.answer.Answer;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.count.SourceCounts;
import egret.capture.origin.Owner;
import egret.capture.origin.Owner.Container;
import egret.capture.origin.Owner.OwnerProcess;
import egret.capture.origin.Owner.Service;
import egret.capture.origin.Quality;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.List;

/** Moments for tests: made by the real pipeline from counts. */
final class Moments {
    static final Owner DOCKERD = new Owner(
            1,
            new OwnerProcess(
                    812,
                    1_599_990_000_000_000_000L,
                    "/usr/bin/dockerd",
                    "/usr/bin/dockerd -H fd://",
                    0,
                    "root",
                    List.of("/sbin/init")),
            1,
            null,
            new Service("swarm", "shop", "web"),
            Quality.EXACT,
            "bpf-connect");
    static final Owner CURL = new Owner(
            2,
            new OwnerProcess(
                    4001,
                    0,
                    "/usr/bin/curl",
                    "curl -s https://registry-1.docker.io/v2/",
                    1000,
                    "ci",
                    List.of("bash", "cron")),
            212,
            new Container("0123456789abcdef0123456789abcdef", "runner-7", "ci/runner:3", "docker"),
            null,
            Quality.INFERRED,
            "sock-diag");
    private static final String HUB = "docker-hub";

    private Moments() {}

    static Moment named(String scenario) {
        return switch (scenario) {
            case "empty" -> empty();
            case "incident" -> incident();
            case "hostile" -> hostile();
            case "many" -> many();
            default -> throw new IllegalArgumentException(scenario);
        };
    }

    static Moment empty() {
        return of(new Intervals(), 0, 5, status("eth0", 0));
    }

    /** One host at twice the limit, two at work, two endpoints. */
    static Moment incident() {
        Intervals counts = new Intervals()
                .by(DOCKERD)
                .hub("10.0.1.11", Intervals.steady(0, 30, 1))
                .hub("10.0.1.11", Intervals.steady(30, 70, 80))
                .arrivals(
                        "10.0.1.11",
                        "203.0.113.5",
                        HUB,
                        "auth.docker.io",
                        Intervals.DOCKERD,
                        false,
                        Intervals.steady(40, 60, 5))
                .by(CURL)
                .hub("10.0.1.12", Intervals.steady(0, 100, 2))
                .hub("10.0.1.11", Intervals.steady(50, 10, 2))
                .arrivals("10.0.1.12", "203.0.113.5", "ghcr", "ghcr.io", "", false, Intervals.steady(0, 100, 1))
                .by(Owner.UNKNOWN)
                .hub("10.0.1.13", 7_000, 77_000);
        return of(counts, 0, 100, status("eth0", 0));
    }

    /** Whoever names servers, containers and programs means harm. */
    static Moment hostile() {
        String evil = "\u001b[2J\u001b[31mroot\u202egro.\r\n\tname";
        Owner owner = new Owner(
                9,
                new OwnerProcess(1, 1, "/tmp/" + evil, evil.repeat(20), 0, evil, List.of(evil)),
                3,
                new Container(evil, evil, evil, evil),
                new Service(evil, evil, evil),
                Quality.EXACT,
                evil);
        Intervals counts = new Intervals()
                .by(owner)
                .arrivals(
                        "2001:db8:1234:5678:9abc:def0:1234:5678",
                        null,
                        HUB,
                        evil,
                        evil,
                        false,
                        Intervals.steady(0, 70, 50))
                .by(Owner.UNKNOWN)
                .arrivals("10.0.1.12", null, HUB, "\u4f8b\u3048.example\u0301", "", false, Intervals.steady(0, 70, 3));
        return of(counts, 0, 70, status(evil, 12));
    }

    /** More sources than the screen has lines. */
    static Moment many() {
        Intervals counts = new Intervals();
        for (int host = 1; host <= 60; host++) {
            counts.hub("10.0.2." + host, Intervals.steady(host % 7, 50, 1 + host % 4));
        }
        return of(counts, 0, 60, status("any", 0));
    }

    static Status status(String name, long dropped) {
        return status(name, dropped, "");
    }

    static Status status(String name, long dropped, String hidden) {
        return new Status(
                List.of(new Status.Interface(name, "host", "ring", 123_456, dropped)),
                "host",
                hidden,
                "bpf-connect",
                List.of("10.0.0.0/8"),
                true,
                List.of(),
                "",
                List.of(),
                Intervals.START * Intervals.SECOND,
                Intervals.START * Intervals.SECOND,
                true,
                null);
    }

    /** @param to seconds after the start; counts from then on are left out */
    static Moment of(Intervals intervals, int from, int to, Status status) {
        AnalyzerPipeline pipeline = AnalyzerPipeline.live(Rules.builtin(), Clients.builtin(), 0);
        List<Beat> beats = new ArrayList<>();
        long end = Intervals.START + to;
        for (SourceCounts counts : intervals.messages()) {
            if (counts.startSecond() < end) {
                pipeline.accept(counts);
                beats.add(Beat.of(counts));
            }
        }
        long first = (Intervals.START + from) * Intervals.SECOND;
        long last = end * Intervals.SECOND - 1;
        Answer answer = pipeline.current(new Answer.Input(
                List.of(),
                List.of(new Answer.InputInterface("eth0", "host", 1, 0, "ring", "bpf-connect")),
                first,
                last,
                List.of("10.0.0.0/8"),
                true));
        return new Moment(1, end * Intervals.SECOND, answer, answer.alerts(), beats, status);
    }
}
