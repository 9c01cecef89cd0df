// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Culprit;
import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** From a judgement to what the answer holds of it. */
final class CauseBuilder {
    private static final double SURE = 0.8;

    private CauseBuilder() {}

    /**
     * @param span in which the wire was seen
     * @param confidence that the logs are the source's
     * @param follow whether the pulls go together with the attempts
     */
    static HostCause of(
            Stream stream, List<Journal> journals, Source source, Span span, double confidence, boolean follow) {
        List<Service> all = new ArrayList<>();
        for (int i = 0; i < journals.size(); i++) {
            all.addAll(journals.get(i).services());
        }
        Judgement judgement = new Judgement(stream, new Sample(stream, all, span), follow);
        List<Service> asking = new ArrayList<>();
        double sum = 0;
        double lookups = 0;
        for (int i = 0; i < judgement.services.size(); i++) {
            Service service = judgement.services.get(i);
            sum += judgement.requests(i);
            if (service.isLookups()) {
                lookups = judgement.requests(i);
            } else if (judgement.asks(i)) {
                asking.add(service);
            }
        }
        Pattern pattern = Patterns.of(asking, journals, stream);
        long total = source.requests().count();
        double scale = sum > total && sum > 0 ? total / sum : 1; // at the edges
        List<Culprit> culprits = new ArrayList<>();
        List<Culprit> acquitted = new ArrayList<>();
        double exact = 0;
        long explained = 0;
        for (int i = 0; i < judgement.services.size(); i++) {
            if (judgement.services.get(i).isLookups()) {
                continue;
            }
            boolean asks = judgement.asks(i);
            exact += judgement.requests(i) * scale;
            long requests = Math.min(total, Math.round(exact)) - explained; // rounded so that they add up
            explained += requests;
            Culprit culprit = culprit(judgement, i, requests, total, confidence, pattern);
            if (asks) {
                culprits.add(culprit);
            } else if (judgement.attempts(i) > 0) {
                acquitted.add(culprit);
            }
        }
        culprits.sort(new MostFirst());
        acquitted.sort(new MostFirst());
        long refused = 0;
        long failed = 0;
        for (int i = 0; i < asking.size(); i++) {
            Service service = asking.get(i);
            refused += service.pullProblems(Problem.ABUSE_LIMIT) + service.pullProblems(Problem.PULL_LIMIT);
            failed += service.pullFailures.size();
        }
        long lookupRequests = Math.round(lookups * scale);
        Kind rests = Patterns.evidence(pattern);
        Journal first = first(journals, rests);
        return new HostCause(
                source.ip(),
                stream.endpoint,
                journals.get(0).key,
                journals.get(0).given != null,
                confidence,
                daemon(asking),
                pattern,
                culprits,
                acquitted,
                stream.pullsBegun(),
                explained,
                lookupRequests,
                Math.max(0, total - explained - lookupRequests),
                judgement.requestsPerPull,
                judgement.model.lagMillis(),
                count(journals, Kind.RESOLVE_FAILED),
                refused,
                failed,
                poller(journals),
                pattern == Pattern.MIRROR_BYPASSED ? Patterns.mirrorFailures(journals) : count(journals, rests),
                first == null ? "" : first.detail(rests),
                first == null ? 0 : first.line(rests));
    }

    /** The first that tells of it. */
    private static @Nullable Journal first(List<Journal> journals, Kind kind) {
        for (int i = 0; i < journals.size(); i++) {
            Journal journal = journals.get(i);
            if (kind == Kind.PULL_REFUSED ? journal.mirrorFailures() > 0 : journal.count(kind) > 0) {
                return journals.get(i);
            }
        }
        return null;
    }

    private static Culprit culprit(
            Judgement judgement, int at, long requests, long total, double confidence, Pattern pattern) {
        Service service = judgement.services.get(at);
        Problem problem = service.problem();
        double sure =
                judgement.confidence(at) * (judgement.asks(at) ? confidence : 1); // another host's are not behind it
        return new Culprit(
                service.id,
                service.name,
                service.image,
                judgement.attempts(at),
                requests,
                total == 0 ? 0 : (double) requests / total,
                pinned(judgement, at, pattern),
                word(problem),
                service.pullProblem() == Problem.NONE ? "" : word(service.pullProblem()),
                service.detail(problem),
                judgement.period(at),
                Math.round(sure * 100) / 100.0,
                service.log,
                service.line,
                service.lastLine,
                service.firstNanos);
    }

    private static String word(Problem problem) {
        return problem.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A task that asks has no digest, or not the image; one that fails after the mount and never asks has both. */
    private static @Nullable Boolean pinned(Judgement judgement, int at, Pattern pattern) {
        Service service = judgement.services.get(at);
        if (!service.image.isEmpty()) {
            return service.image.contains("@sha256:");
        }
        if (service.pinnedPulls > 0) {
            return true;
        }
        if (judgement.asks(at)) {
            boolean unknown = pattern == Pattern.IMAGE_GONE || service.attempts.size() == 0;
            return unknown ? null : Boolean.FALSE;
        }
        if (judgement.confidence(at) < SURE) {
            return null;
        }
        return switch (service.problem()) {
            case BIND_SOURCE_MISSING, START_FAILED, EXITED -> true;
            default -> null;
        };
    }

    private static String daemon(List<Service> asking) {
        for (int i = 0; i < asking.size(); i++) {
            if (asking.get(i).isOfContainerd()) {
                return "containerd";
            }
        }
        return "dockerd";
    }

    private static long count(List<Journal> journals, Kind kind) {
        long sum = 0;
        for (int i = 0; i < journals.size(); i++) {
            sum += journals.get(i).count(kind);
        }
        return sum;
    }

    private static String poller(List<Journal> journals) {
        for (int i = 0; i < journals.size(); i++) {
            if (!journals.get(i).poller().isEmpty()) {
                return journals.get(i).poller();
            }
        }
        return "";
    }

    /** By requests, then by attempts. */
    private static final class MostFirst implements Comparator<Culprit> {
        @Override
        public int compare(Culprit one, Culprit other) {
            int order = Long.compare(other.requests(), one.requests());
            if (order == 0) {
                order = Long.compare(other.attempts(), one.attempts());
            }
            return order != 0 ? order : one.shown().compareTo(other.shown());
        }
    }
}
