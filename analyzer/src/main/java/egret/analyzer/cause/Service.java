// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.capture.evidence.Evidence;
import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import java.util.Arrays;

/** What a log says of one service, pod or image, or of all lookups of digests. */
final class Service {
    private static final double PART = 0.2;
    private static final Problem[] PROBLEMS = Problem.values();

    final String id;
    final String log;
    String name = "";
    String image = "";
    /** Of tasks that failed, or of pulls where there are no tasks. */
    final Times attempts;

    final Times pullFailures;
    private final long[] taskProblems = new long[PROBLEMS.length];
    private final long[] pullProblems = new long[PROBLEMS.length];
    private final String[] details = new String[PROBLEMS.length];
    long pulled;
    long pinnedPulls;
    long backOffs;
    long line;
    long lastLine;
    long firstNanos = Long.MAX_VALUE;
    private boolean pods;
    private boolean lookups;

    Service(String id, String log, Times.Room room) {
        attempts = new Times(room);
        pullFailures = new Times(room);
        this.id = id;
        this.log = log;
        Arrays.fill(details, "");
    }

    void add(Evidence evidence) {
        if (!evidence.name().isEmpty()) {
            name = evidence.name();
        }
        if (!evidence.image().isEmpty()) {
            image = evidence.image();
        }
        Problem problem = evidence.problem();
        lookups |= evidence.kind() == Kind.RESOLVE_FAILED;
        pods |= evidence.kind() == Kind.POD_PULL || evidence.kind() == Kind.PULL_FAILED;
        switch (evidence.kind()) {
            case TASK_FAILED -> {
                times(evidence, attempts);
                taskProblems[problem.ordinal()] += evidence.count();
                seen(evidence);
            }
            case PULL_FAILED, API_PULL_FAILED -> {
                times(evidence, pullFailures);
                pullProblems[problem.ordinal()] += evidence.count();
                seen(evidence);
            }
            case PULLED, POD_PULL -> {
                times(evidence, attempts);
                pulled += evidence.count();
                seen(evidence);
            }
            case PINNED_PULL -> pinnedPulls += evidence.count();
            case RESOLVE_FAILED -> times(evidence, attempts);
            case BACK_OFF -> {
                backOffs += evidence.count();
                seen(evidence);
            }
            default -> {}
        }
        if (evidence.kind() != Kind.SERVICE && !evidence.detail().isEmpty()) {
            details[problem.ordinal()] = evidence.detail();
        }
    }

    private void seen(Evidence evidence) {
        if (firstNanos == Long.MAX_VALUE) {
            firstNanos = evidence.second() * 1_000_000_000L
                    + (evidence.millis().length > 0 ? evidence.millis()[0] * 1_000_000L : 0);
            line = evidence.line();
        }
        lastLine = evidence.line();
    }

    private static void times(Evidence evidence, Times times) {
        for (int millis : evidence.millis()) {
            times.add(evidence.second() * 1000 + millis);
        }
    }

    /** Of digests, when services are deployed: each asks the registry as a pull does, for no service in particular. */
    boolean isLookups() {
        return lookups;
    }

    /** Pods, or their images: containerd or kubelet said so, not dockerd, which names the service of each task. */
    boolean isOfContainerd() {
        return id.indexOf('/') > 0 || (id.isEmpty() && pods);
    }

    /** Of its tasks, else of its pulls. */
    Problem problem() {
        Problem most = most(taskProblems);
        return most == Problem.NONE ? most(pullProblems) : most;
    }

    /** Of its pulls, if they fail often enough to matter. */
    Problem pullProblem() {
        return pullFailures.size() < PART * attempts.size() ? Problem.NONE : most(pullProblems);
    }

    long pullProblems(Problem problem) {
        return pullProblems[problem.ordinal()];
    }

    /** Pulls that failed for reasons that strike every service alike. */
    long refused() {
        return pullProblems(Problem.ABUSE_LIMIT)
                + pullProblems(Problem.PULL_LIMIT)
                + pullProblems(Problem.UNREACHABLE)
                + pullProblems(Problem.REGISTRY_ERROR);
    }

    String detail(Problem problem) {
        return details[problem.ordinal()];
    }

    private static Problem most(long[] counts) {
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > (most == 0 ? 0 : counts[most]) ? i : most;
        }
        return PROBLEMS[most];
    }
}
