// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.analyzer.Intervals;
import egret.capture.evidence.Evidence;
import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Services that fail again and again, as a daemon's log and the wire tell of them. */
public final class Retries {
    public final List<Long> pulls = new ArrayList<>(); // ms from Intervals.START
    public final List<Evidence> evidence = new ArrayList<>();
    private final Random random;
    private final int seconds;

    public Retries(long seed, int seconds) {
        random = new Random(seed);
        this.seconds = seconds;
    }

    /** A service that fails every so often; one that asks pulls some 0.1 to 0.4 s before. */
    public Retries service(String name, boolean asks, int periodMillis) {
        return service(name, asks, periodMillis, Problem.NONE);
    }

    /** @param pullProblem its pulls fail too, and the log says so */
    public Retries service(String name, boolean asks, int periodMillis, Problem pullProblem) {
        TreeMap<Long, List<Integer>> fails = new TreeMap<>();
        for (long at = random.nextInt(periodMillis);
                at < seconds * 1000L;
                at += periodMillis * 9L / 10 + random.nextInt(periodMillis / 5)) {
            long failed = at + (asks ? 100 + random.nextInt(300) : random.nextInt(40));
            if (asks) {
                pulls.add(at);
            }
            fails.computeIfAbsent(failed / 1000, second -> new ArrayList<>()).add((int) (failed % 1000));
        }
        fails.forEach((second, offsets) -> {
            int[] millis = offsets.stream().mapToInt(Integer::intValue).sorted().toArray();
            long line = evidence.size() + 1;
            if (pullProblem != Problem.NONE) {
                evidence.add(of(second, Kind.PULL_FAILED, name, pullProblem, "pull failed", millis, line));
            }
            evidence.add(of(
                    second,
                    Kind.TASK_FAILED,
                    name,
                    Problem.BIND_SOURCE_MISSING,
                    "invalid mount config for type \"bind\": bind source path does not exist: /srv/missing/" + name,
                    millis,
                    line));
        });
        return this;
    }

    public static Evidence of(
            long second, Kind kind, String name, Problem problem, String detail, int[] millis, long line) {
        return new Evidence(
                Intervals.START + second,
                kind,
                "",
                "id" + name,
                name,
                "",
                problem,
                detail,
                millis.length,
                millis,
                "dockerd.log",
                line);
    }

    /** The same in another log, which names no host. */
    static Evidence in(String log, Evidence each) {
        return new Evidence(
                each.second(),
                each.kind(),
                "",
                each.service(),
                each.name(),
                each.image(),
                each.problem(),
                each.detail(),
                each.count(),
                each.millis(),
                log,
                each.line());
    }

    /** Three connections for each pull, as dockerd makes them. */
    public Intervals wire(Intervals intervals, String source) {
        long[] begun = pulls.stream().mapToLong(Long::longValue).sorted().toArray();
        long[] tokens = new long[begun.length];
        long[] heads = new long[begun.length];
        for (int i = 0; i < begun.length; i++) {
            tokens[i] = begun[i] + 20;
            heads[i] = begun[i] + 50;
        }
        return intervals
                .arrivals(source, null, "docker-hub", "registry-1.docker.io", Intervals.DOCKERD, true, begun)
                .arrivals(source, null, "docker-hub", "auth.docker.io", Intervals.DOCKERD, false, tokens)
                .arrivals(source, null, "docker-hub", "registry-1.docker.io", Intervals.DOCKERD, false, heads);
    }
}
