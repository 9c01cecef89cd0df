// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import java.util.List;

/** Which pattern the services that ask, and what else their logs say, make. The first that fits is taken. */
final class Patterns {
    private static final double MOST = 0.5;
    private static final double PART = 0.2;

    private static final long AGAIN = 3;

    private final List<Service> culprits;
    private final List<Journal> journals;
    private final Stream stream;

    private Patterns(List<Service> culprits, List<Journal> journals, Stream stream) {
        this.culprits = culprits;
        this.journals = journals;
        this.stream = stream;
    }

    /** What of the logs a pattern without services rests on. */
    static Kind evidence(Pattern pattern) {
        return switch (pattern) {
            case POLLER -> Kind.POLLED;
            case MIRROR_BYPASSED -> Kind.PULL_REFUSED;
            default -> Kind.API_PULL_FAILED;
        };
    }

    /**
     * @param culprits services that ask at each attempt
     * @param stream whose pulls they are
     */
    static Pattern of(List<Service> culprits, List<Journal> journals, Stream stream) {
        return new Patterns(culprits, journals, stream).pattern();
    }

    private Pattern pattern() {
        if (culprits.isEmpty()) {
            return withoutServices();
        }
        long attempts = attempts();
        if (attempts(Problem.ABUSE_LIMIT) + attempts(Problem.PULL_LIMIT) >= MOST * attempts) {
            return tasks() ? Pattern.FEEDBACK : isContainerd() ? Pattern.CONTAINERD_429 : Pattern.API_PULLS;
        }
        if (attempts(Problem.NOT_FOUND) >= MOST * attempts) {
            return Pattern.NOT_FOUND;
        }
        if (attempts(Problem.DENIED) >= MOST * attempts) {
            return Pattern.DENIED;
        }
        if (gone() >= MOST * culprits.size()) {
            return Pattern.IMAGE_GONE;
        }
        if (tasks()) {
            return Pattern.UNPINNED;
        }
        if (attempts < AGAIN * culprits.size()) {
            return Pattern.DEPLOYMENT;
        }
        if (isPolled()) {
            return Pattern.POLLER;
        }
        return isContainerd() || count(Kind.BACK_OFF) > 0 || isOfPods() ? Pattern.POD_CRASH_LOOP : Pattern.API_PULLS;
    }

    /** What is told must be about as much as what is seen: one line of a log is no cause of a thousand pulls. */
    private Pattern withoutServices() {
        if (isPolled()) {
            return Pattern.POLLER;
        }
        double least = MOST * stream.pullsBegun();
        if (count(Kind.API_PULL_FAILED) > 0) {
            return count(Kind.API_PULL_FAILED) >= least ? Pattern.API_PULLS : Pattern.NONE;
        }
        long mirror = mirrorFailures(journals);
        return mirror > 0 && mirror >= least ? Pattern.MIRROR_BYPASSED : Pattern.NONE;
    }

    /** A tool that asks itself tells of its rounds only; one that has dockerd pull tells of each pull that fails. */
    private boolean isPolled() {
        long polled = count(Kind.POLLED);
        return polled > 0 && (!stream.isDocker() || polled >= PART * stream.pullsBegun());
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
            sum += attempts(culprits.get(i));
        }
        return sum;
    }

    /** Of services whose pulls fail for that reason. */
    private long attempts(Problem problem) {
        long sum = 0;
        for (int i = 0; i < culprits.size(); i++) {
            sum += culprits.get(i).pullProblem() == problem ? attempts(culprits.get(i)) : 0;
        }
        return sum;
    }

    private static long attempts(Service service) {
        return Math.max(service.attempts.size(), service.pullFailures.size());
    }

    private long count(Kind kind) {
        long sum = 0;
        for (int i = 0; i < journals.size(); i++) {
            sum += journals.get(i).count(kind);
        }
        return sum;
    }
}
