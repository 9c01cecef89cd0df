// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Answer.Cadence;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Culprit;
import egret.analyzer.cause.HostCause;
import egret.analyzer.cause.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cause that logs tell of, in sentences: who fails why, what that has to do with the requests, and what to do. */
final class CauseWording {
    private static final int LONGEST_DETAIL = 160;
    private static final int MOST_NAMED = 5;
    private static final double SURE = 0.9;
    private static final double MOST = 0.75;
    private static final double LIKELY = 0.8;
    private static final String PATH = "bind source path does not exist: ";

    private final HostCause cause;
    private final String title;
    private final List<Culprit> culprits;
    private final ServiceNames names;
    private final CauseGroups groups;

    /** @param title of the endpoint */
    CauseWording(HostCause cause, String title) {
        this.cause = cause;
        this.title = title;
        culprits = cause.culprits();
        names = new ServiceNames(culprits);
        groups = new CauseGroups(cause);
    }

    /** {@code dockerd there retries 30 services of stack burst every 1.1 s: ...}. */
    String cause() {
        double least = leastConfidence();
        boolean tasks = groups.isOfTasks();
        StringBuilder text = new StringBuilder(cause.daemon());
        text.append(least < SURE ? " there probably " : " there ").append(tasks ? "retries " : "asks for ");
        text.append(names.all());
        double period = period();
        if (period > 0) {
            text.append(" every ").append(Phrases.seconds(period));
            text.append(culprits.size() == 1 ? "" : " each");
        }
        if (tasks || !culprits.get(0).detail().isEmpty()) {
            text.append(": ").append(why());
        }
        return text.append("; ")
                .append(because())
                .append('.')
                .append(others())
                .append(rest())
                .toString();
    }

    /** Services that ask for another reason than most. */
    private String others() {
        StringBuilder text = new StringBuilder();
        for (Pattern other : groups.others()) {
            text.append(" Otherwise with ").append(groups.few(other)).append(": ");
            text.append(
                    switch (other) {
                        case FEEDBACK -> title + " answers 429";
                        case NOT_FOUND -> "the tag that they ask for does not exist";
                        case DENIED -> "they are denied access";
                        default -> "the image is there, but not pinned to a digest";
                    });
            text.append('.');
        }
        return text.toString();
    }

    /** That it is not all, where it is not. */
    private String rest() {
        long all = cause.explained() + cause.lookupRequests() + cause.unexplained();
        double share = all == 0 ? 1 : (double) cause.explained() / all;
        return share >= MOST
                ? ""
                : " That is " + Phrases.percent(share)
                        + " of this host's requests; who makes the others, the log does not tell.";
    }

    /** What a log tells without naming a service; null if that is nothing. */
    static @Nullable String hint(HostCause cause) {
        String first = cut(cause.detail());
        String words = first.isEmpty() ? "" : ": " + first;
        String where = " (" + Phrases.number(cause.said()) + " times, first at line " + cause.line() + words + ")";
        return switch (cause.pattern()) {
            case POLLER ->
                "Its log tells of " + (cause.poller().isEmpty() ? "a tool" : cause.poller())
                        + " that looks for newer images" + where + ": let it do so less often.";
            case API_PULLS ->
                "Its log tells of pulls that were asked for over the API and failed" + where
                        + ": compose with pull_policy always, a pipeline or a poller asks for them.";
            case MIRROR_BYPASSED ->
                "Its log tells of an endpoint that failed" + where
                        + ", after which the next one is asked: if a mirror is set, it is bypassed; repair it.";
            default -> null;
        };
    }

    private double leastConfidence() {
        double least = 1;
        for (int i = 0; i < culprits.size(); i++) {
            least = Math.min(least, culprits.get(i).confidence());
        }
        return least;
    }

    /** Of the typical service. */
    private double period() {
        List<Double> periods = new ArrayList<>();
        for (int i = 0; i < culprits.size(); i++) {
            if (culprits.get(i).periodSeconds() > 0) {
                periods.add(culprits.get(i).periodSeconds());
            }
        }
        periods.sort(null);
        return periods.isEmpty() ? 0 : periods.get(periods.size() / 2);
    }

    private String why() {
        Culprit first = culprits.get(0);
        boolean same = true;
        for (int i = 1; i < culprits.size(); i++) {
            same &= culprits.get(i).problem().equals(first.problem());
        }
        String reason = reason(first);
        return same ? reason : "of the first, " + reason + " (others fail for other reasons)";
    }

    private String reason(Culprit culprit) {
        String detail = cut(culprit.detail());
        return switch (culprit.problem()) {
            case "bind-source-missing" -> path(culprit);
            case "no-such-image" -> "their image is not on the node (" + detail + ")";
            case "start-failed" -> "the container does not start (" + detail + ")";
            case "exited" -> "the container ends as soon as it runs (" + detail + ")";
            case "mount-failed" -> "a mount, volume or network cannot be made (" + detail + ")";
            default -> detail.isEmpty() ? "why they fail is not in the log" : detail;
        };
    }

    private String path(Culprit first) {
        int at = first.detail().indexOf(PATH);
        if (at < 0) {
            return cut(first.detail());
        }
        String path = first.detail().substring(at + PATH.length());
        int others = 0;
        for (int i = 1; i < culprits.size(); i++) {
            others += culprits.get(i).detail().endsWith(PATH + path) ? 0 : 1;
        }
        int folder = path.lastIndexOf('/');
        boolean below = others > 0 && folder > 0;
        for (int i = 1; below && i < culprits.size(); i++) {
            below = culprits.get(i).detail().contains(PATH + path.substring(0, folder + 1));
        }
        return below
                ? "bind source paths in " + cut(path.substring(0, folder)) + " do not exist (" + cut(path)
                        + " and others)"
                : "bind source path " + cut(path) + " does not exist";
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL - 1) + "…";
    }

    private String because() {
        boolean one = culprits.size() == 1;
        String image = one ? "its image" : "their images";
        String is = one ? "is" : "are";
        String each = "so each retry asks " + title + " " + times();
        return switch (cause.pattern()) {
            case UNPINNED -> image + " " + is + " not pinned to a digest, " + each;
            case DENIED ->
                groups.isOfContainerd()
                        ? "access is denied, as without imagePullSecrets for a private repository, " + each
                                + ", in vain"
                        : image + " " + is
                                + " refused (access denied), as for a private repository that was deployed without"
                                + " --with-registry-auth, and could not be pinned to a digest, " + each + ", in vain";
            case NOT_FOUND ->
                "the tag that " + (one ? "it asks" : "they ask") + " for does not exist, " + each + ", in vain";
            case FEEDBACK ->
                title + " answers 429 to " + Phrases.number(cause.refused()) + " of "
                        + Phrases.number(cause.failedPulls()) + " pulls that failed"
                        + (cause.unpinnedAtDeploy() > 0
                                ? "; it did so when they were deployed ("
                                        + Phrases.count(cause.unpinnedAtDeploy(), "lookup", "lookups")
                                        + " of a digest failed), so " + image + " stayed unpinned for good"
                                : "; " + image + " " + is + " not pinned to a digest")
                        + ", and each retry asks " + times()
                        + ". The loop feeds itself: it goes on when the block ends";
            case IMAGE_GONE -> image + " " + is + " pinned or local, but gone from the node, " + each;
            case POD_CRASH_LOOP ->
                "each start asks " + title + " " + times()
                        + ", as for pods that end and are started again with imagePullPolicy Always";
            case CONTAINERD_429 ->
                "containerd tries each 429 again at once, up to six times, so each pull asks " + title + " " + times();
            case POLLER -> "a tool looks for newer images, and each look asks " + title + " " + times();
            case DEPLOYMENT ->
                "each is asked for once or twice, as by a node that starts or a deployment, and each pull asks " + title
                        + " " + times();
            case API_PULLS ->
                "each pull asks " + title + " " + times() + "; who tells dockerd to pull, its log does not say";
            default -> "each pull asks " + title + " " + times();
        };
    }

    /** {@code three times}. */
    private String times() {
        double requests = cause.requestsPerPull();
        long whole = Math.round(requests);
        boolean exact = Math.abs(requests - whole) < 0.15;
        String number = switch ((int) Math.min(100, whole)) {
            case 0, 1 -> "once";
            case 2 -> "twice";
            case 3 -> "three times";
            case 4 -> "four times";
            case 5 -> "five times";
            case 6 -> "six times";
            default -> Phrases.number(whole) + " times";
        };
        return (exact ? "" : "about ") + number;
    }

    Remedy remedy() {
        return new Remedy(cause, title, names, groups);
    }

    void addTo(List<String> evidence, Source source) {
        long attempts = 0;
        Culprit first = culprits.get(0);
        long last = 0;
        for (int i = 0; i < culprits.size(); i++) {
            Culprit culprit = culprits.get(i);
            attempts += culprit.attempts();
            last = Math.max(last, culprit.lastLine());
            first = culprit.firstNanos() < first.firstNanos() ? culprit : first;
        }
        evidence.add("Log: " + Phrases.count(attempts, "attempt", "attempts") + " of "
                + Phrases.count(culprits.size(), "service", "services") + " while the wire was seen, with "
                + Phrases.count(cause.pulls(), "pull", "pulls") + " there; " + lag() + ".");
        evidence.add("They make " + Phrases.number(cause.explained()) + " of its "
                + Phrases.number(source.requests().count()) + " requests" + lookups() + " ("
                + Phrases.number(cause.unexplained()) + " not explained by the log).");
        evidence.add("First to fail: " + first.shown() + " at " + Phrases.timeToMillis(first.firstNanos()) + " UTC ("
                + Phrases.fileName(first.log()) + " line " + first.line() + "); last seen at line " + last + ".");
        Cadence cadence = source.cadence();
        if (cadence != null && period() > 0) {
            evidence.add("Each is tried every " + Phrases.seconds(period())
                    + " by the log; on the wire arrivals repeat every "
                    + Phrases.seconds(cadence.periodSeconds()) + " (confidence " + Phrases.percent(cadence.confidence())
                    + ").");
        }
        addAcquitted(cause, evidence);
        evidence.add((cause.logGiven()
                        ? "It was said that this is the host's log"
                        : "That the log is this host's follows from the times ("
                                + Phrases.percent(cause.logConfidence()) + " sure)")
                + "; that these services ask, is "
                + Phrases.percent(leastConfidence()) + " sure for the least sure of them.");
    }

    private String lookups() {
        if (cause.lookupRequests() == 0) {
            return "";
        }
        return ", and " + Phrases.count(cause.unpinnedAtDeploy(), "lookup of a digest", "lookups of digests")
                + " at their deployment, which failed, about " + Phrases.number(cause.lookupRequests());
    }

    private String lag() {
        int millis = cause.lagMillis();
        String time = Phrases.seconds(Math.abs(millis) / 1000.0);
        return millis < 0
                ? "pulls are seen " + time + " after their failures, as the clocks of log and capture differ"
                : "a pull comes " + time + " before its failure";
    }

    /** Services that fail too, but ask nobody; and those of whom that is not sure. */
    static void addAcquitted(HostCause cause, List<String> evidence) {
        List<Culprit> sure = new ArrayList<>();
        List<Culprit> unsure = new ArrayList<>();
        int pinned = 0;
        for (int i = 0; i < cause.acquitted().size(); i++) {
            Culprit other = cause.acquitted().get(i);
            (other.confidence() >= LIKELY ? sure : unsure).add(other);
            pinned += other.confidence() >= LIKELY && Boolean.TRUE.equals(other.pinned()) ? 1 : 0;
        }
        if (!sure.isEmpty()) {
            evidence.add("Not behind it: " + Phrases.count(sure.size(), "service fails", "services fail") + " too ("
                    + few(sure) + "), but without asking"
                    + (pinned == sure.size()
                            ? ": the images are pinned to a digest and on the node."
                            : ", as with images that are pinned and on the node."));
        }
        if (!unsure.isEmpty()) {
            evidence.add((unsure.size() == 1
                            ? "Not known: whether a service more that fails asks too ("
                            : "Not known: none, one or more of " + unsure.size()
                                    + " other services that fail may ask too, and the log cannot tell them apart (")
                    + few(unsure)
                    + "). `docker service inspect` shows it: an image without @sha256: asks at each retry.");
        }
    }

    private static String few(List<Culprit> services) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(MOST_NAMED, services.size()); i++) {
            text.append(i == 0 ? "" : ", ").append(services.get(i).shown());
        }
        return text.append(services.size() > MOST_NAMED ? ", …" : "").toString();
    }
}
