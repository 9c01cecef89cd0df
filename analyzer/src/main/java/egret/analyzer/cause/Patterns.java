// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import java.util.List;

/** Which pattern the services that ask, and what else their logs say, make. The first that fits is taken. */
final class Patterns {
    private static final double MOST = 0.5;
    private static final double PART = 0.2;

    private final List<Service> culprits;
    private final List<Journal> journals;

    private Patterns(List<Service> culprits, List<Journal> journals) {
        this.culprits = culprits;
        this.journals = journals;
    }

    /** What of the logs a pattern without services rests on. */
    static Kind evidence(Pattern pattern) {
        return switch (pattern) {
            case POLLER -> Kind.POLLED;
            case MIRROR_BYPASSED -> Kind.PULL_REFUSED;
            default -> Kind.API_PULL_FAILED;
        };
    }

    /** @param culprits services that ask at each attempt */
    static Pattern of(List<Service> culprits, List<Journal> journals) {
        return new Patterns(culprits, journals).pattern();
    }

    private Pattern pattern() {
        if (culprits.isEmpty()) {
            return withoutServices();
        }
        long failed = pullFailures();
        long attempts = attempts();
        long limited = pullFailures(Problem.ABUSE_LIMIT) + pullFailures(Problem.PULL_LIMIT);
        boolean failing = failed > 0 && failed >= PART * attempts;
        if (failing && limited >= MOST * failed) {
            return tasks() ? Pattern.FEEDBACK : isContainerd() ? Pattern.CONTAINERD_429 : Pattern.API_PULLS;
        }
        if (failing && pullFailures(Problem.NOT_FOUND) >= MOST * failed) {
            return Pattern.NOT_FOUND;
        }
        if (failing && pullFailures(Problem.DENIED) >= MOST * failed) {
            return Pattern.DENIED;
        }
        if (gone() >= MOST * culprits.size()) {
            return Pattern.IMAGE_GONE;
        }
        if (tasks()) {
            return Pattern.UNPINNED;
        }
        if (count(Kind.POLLED) > 0) {
            return Pattern.POLLER;
        }
        return isContainerd() || count(Kind.BACK_OFF) > 0 || isOfPods() ? Pattern.POD_CRASH_LOOP : Pattern.API_PULLS;
    }

    private Pattern withoutServices() {
        if (count(Kind.POLLED) > 0) {
            return Pattern.POLLER;
        }
        if (mirrorFailures(journals) > 0 && count(Kind.API_PULL_FAILED) == 0) {
            return Pattern.MIRROR_BYPASSED;
        }
        return count(Kind.API_PULL_FAILED) > 0 ? Pattern.API_PULLS : Pattern.NONE;
    }

    private boolean tasks() {
        for (int i = 0; i < culprits.size(); i++) {
            if (culprits.get(i).pulled == 0 && culprits.get(i).attempts.size() > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean isOfPods() {
        for (int i = 0; i < culprits.size(); i++) {
            if (culprits.get(i).id.indexOf('/') > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean isContainerd() {
        return !tasks() && culprits.get(0).isOfContainerd();
    }

    static long mirrorFailures(List<Journal> journals) {
        long sum = 0;
        for (int i = 0; i < journals.size(); i++) {
            sum += journals.get(i).mirrorFailures();
        }
        return sum;
    }

    private int gone() {
        int gone = 0;
        for (int i = 0; i < culprits.size(); i++) {
            Service service = culprits.get(i);
            gone += service.problem() == Problem.NO_SUCH_IMAGE || service.pinnedPulls > 0 ? 1 : 0;
        }
        return gone;
    }

    private long attempts() {
        long sum = 0;
        for (int i = 0; i < culprits.size(); i++) {
            sum += culprits.get(i).attempts.size();
        }
        return sum;
    }

    private long pullFailures() {
        long sum = 0;
        for (Problem problem : Problem.values()) {
            sum += pullFailures(problem);
        }
        return sum;
    }

    private long pullFailures(Problem problem) {
        long sum = 0;
        for (int i = 0; i < culprits.size(); i++) {
            sum += culprits.get(i).pullProblems(problem);
        }
        return sum;
    }

    private long count(Kind kind) {
        long sum = 0;
        for (int i = 0; i < journals.size(); i++) {
            sum += journals.get(i).count(kind);
        }
        return sum;
    }
}
