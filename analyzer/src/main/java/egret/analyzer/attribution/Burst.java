// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.Culprit;
import egret.analyzer.cause.HostCause;
import egret.analyzer.cause.Pattern;
import egret.capture.count.Basis;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.RequestCount;
import egret.rules.Endpoint;
import egret.rules.Grouping;
import egret.rules.Measure;
import egret.rules.Rules;
import egret.rules.Severity;
import egret.rules.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The traffic to one endpoint, burst or not, in sentences. */
final class Burst {
    private static final int LONGEST_WINDOW = 300; // what a peak per minute can be compared with
    private static final double WARNING_USE = 0.4; // of a limit without thresholds of its own
    private static final double LEAST_USE = 0.1; // of the limit, by one source that is named
    private static final long WITHOUT_LIMIT = 600; // requests a minute that are worth a warning where no limit is known

    private final Rules rules;
    private final Input input;
    private final Watched watched;
    private final List<Alert> alerts;
    private final EvidenceGaps gaps;
    private final String title;
    private final long perMinute; // at the busiest egress address
    private final List<Source> leaders;
    private final List<HostCause> causes;
    private final Relief relief;

    Burst(Rules rules, Input input, Watched watched, List<Alert> alerts, EvidenceGaps gaps, List<HostCause> causes) {
        this.causes = causes;
        this.rules = rules;
        this.input = input;
        this.watched = watched;
        this.alerts = alerts;
        this.gaps = gaps;
        Endpoint endpoint = rules.endpoint(watched.endpoint());
        title = endpoint == null ? watched.endpoint() : endpoint.title();
        long most = watched.egress().isEmpty() ? watched.peak().perMinute() : 0;
        for (int i = 0; i < watched.egress().size(); i++) {
            most = Math.max(most, watched.egress().get(i).peak().perMinute());
        }
        perMinute = most;
        leaders = Findings.leaders(watched.sources());
        relief = new Relief(watched, perMinute, isExact());
    }

    /** The sources with most of the peak, most first. */
    List<Source> leaders() {
        return leaders;
    }

    Watched watched() {
        return watched;
    }

    /** The worst of the thresholds that the rate reaches and of the alerts that fired; INFO if it is no burst. */
    Severity severity() {
        Severity worst = Severity.INFO;
        boolean any = false;
        for (Threshold threshold : rules.thresholds()) {
            if (isRate(threshold)) {
                any = true;
                long rate = threshold.grouping() == Grouping.SOURCE ? mostOfOneSource() : perMinute;
                worst = worse(worst, reached(threshold, rate));
            }
        }
        for (Alert alert : alerts) {
            Long resolved = alert.resolvedNanos();
            boolean forgotten = resolved != null && resolved < input.firstNanos();
            if (alert.endpoint().equals(watched.endpoint()) && !forgotten) {
                worst = worse(worst, severity(alert.severity()));
            }
        }
        if (any) {
            return worst;
        }
        Limit limit = watched.limit();
        if (limit == null) {
            return worse(worst, perMinute >= WITHOUT_LIMIT ? Severity.WARNING : Severity.INFO);
        }
        return worse(
                worst, limit.used() >= 1 ? Severity.CRITICAL : limit.used() >= WARNING_USE ? Severity.WARNING : worst);
    }

    /** As if the source were alone, but at least a warning: it has a large share of a burst. */
    Severity severityOf(Source source) {
        Severity worst = Severity.WARNING;
        for (Threshold threshold : rules.thresholds()) {
            if (isRate(threshold)) {
                worst = worse(worst, reached(threshold, source.peak().perMinute()));
            }
        }
        return worst;
    }

    /** Whether it makes a difference to the limit. */
    boolean matters(Source source) {
        Limit limit = watched.limit();
        return limit == null || source.peak().perMinute() >= LEAST_USE * limit.perMinute();
    }

    private boolean isRate(Threshold threshold) {
        return threshold.endpoint().equals(watched.endpoint())
                && threshold.measure() == Measure.REQUESTS
                && threshold.windowSeconds() <= LONGEST_WINDOW;
    }

    private static Severity reached(Threshold threshold, long perMinute) {
        return perMinute * threshold.windowSeconds() >= threshold.value() * 60 ? threshold.severity() : Severity.INFO;
    }

    private long mostOfOneSource() {
        long most = 0;
        for (int i = 0; i < watched.sources().size(); i++) {
            most = Math.max(most, watched.sources().get(i).peak().perMinute());
        }
        return most;
    }

    private static Severity worse(Severity one, Severity other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    static Severity severity(String word) {
        for (Severity severity : Severity.values()) {
            if (severity.word().equals(word)) {
                return severity;
            }
        }
        return Severity.INFO;
    }

    Finding offender(Source source, Severity severity) {
        Wording wording = new Wording(source);
        Ownership ownership = wording.ownership();
        HostCause known = cause(source);
        CauseWording told = known == null || known.culprits().isEmpty() ? null : new CauseWording(known, title);
        StringBuilder text = new StringBuilder(ownership.subject(wording.who()));
        text.append(" makes ")
                .append(source.peakShare() >= 1 ? "all" : Phrases.percent(source.peakShare()))
                .append(" of ");
        text.append(rate()).append(" to ").append(title);
        text.append(since(source)).append(limit()).append(ownership.part());
        text.append(told == null ? wording.rhythm() : "").append('.');
        List<String> evidence = new ArrayList<>();
        evidence.add(wording.counts());
        if (told != null) {
            told.addTo(evidence, source);
        } else if (known != null) {
            CauseWording.addAcquitted(known, evidence);
        }
        ownership.addTo(evidence);
        addPeak(evidence);
        if (told == null) {
            wording.addRhythm(evidence);
        }
        Proof.addOrder(leaders, evidence);
        Proof.addPackets(input, source, evidence);
        addGaps(gaps, evidence);
        Long onset = source.onsetNanos();
        return new Finding(
                severity.word(),
                text.toString(),
                source.ip(),
                ownership.owner(),
                onset == null ? source.firstNanos() : onset,
                source.peakShare(),
                told == null ? with(wording.cause(), known) : told.cause(),
                told == null || known == null
                        ? wording.stop(known == null ? Pattern.NONE : known.pattern()) + relief.remaining(source)
                        : told.remedy().stop() + relief.without(source, known),
                told == null && isExact() && source.cadence() == null && ownership.isExact(),
                List.copyOf(evidence),
                known == null || known.pattern() == Pattern.NONE
                        ? wording.pattern()
                        : known.pattern().word(),
                told == null ? null : told.remedy().stopCommand(),
                told == null || known == null ? List.of() : known.culprits(),
                known == null ? List.of() : known.acquitted(),
                told == null || known == null ? null : relief.whatIf(source, known));
    }

    private static @Nullable String with(@Nullable String cause, @Nullable HostCause known) {
        String hint = known == null ? null : CauseWording.hint(known);
        return hint == null ? cause : cause == null ? hint : cause + " " + hint;
    }

    private @Nullable HostCause cause(Source source) {
        for (int i = 0; i < causes.size(); i++) {
            HostCause cause = causes.get(i);
            if (cause.endpoint().equals(watched.endpoint()) && cause.source().equals(source.ip())) {
                return cause;
            }
        }
        return null;
    }

    Finding many(Severity severity) {
        StringBuilder text = new StringBuilder();
        text.append(Phrases.count(watched.sources().size(), "source makes ", "sources together make "));
        text.append(rate()).append(" to ").append(title).append(limit());
        double largest = leaders.isEmpty() ? 0 : leaders.get(0).peakShare();
        text.append(
                largest < 0.01 ? "; none of them stands out" : "; none of them more than " + Phrases.percent(largest));
        text.append('.');
        List<String> evidence = new ArrayList<>();
        addPeak(evidence);
        addSources(evidence);
        addGaps(gaps, evidence);
        String stop = "Look for what these hosts have in common, such as one stack, one image or one schedule.";
        return new Finding(
                severity.word(), text.toString(), null, null, first(), 1, null, stop, isExact(), List.copyOf(evidence));
    }

    Finding calm() {
        StringBuilder text = new StringBuilder("No burst to ").append(title).append(": ");
        text.append(Phrases.count(watched.sources().size(), "source", "sources"))
                .append(", ");
        Limit limit = watched.limit();
        text.append("peak ").append(rate());
        if (limit != null) {
            text.append(", ").append(Phrases.percent(limit.used()));
            text.append(" of the limit (≈ ")
                    .append(Phrases.number(limit.perMinute()))
                    .append(')');
        } else {
            text.append("; no limit is known");
        }
        text.append('.');
        List<String> evidence = new ArrayList<>();
        addPeak(evidence);
        addSources(evidence);
        List<Culprit> acquitted = new ArrayList<>();
        for (int i = 0; i < causes.size(); i++) {
            HostCause cause = causes.get(i);
            if (cause.endpoint().equals(watched.endpoint())) {
                CauseWording.addAcquitted(cause, evidence);
                acquitted.addAll(cause.acquitted());
            }
        }
        addGaps(gaps, evidence);
        return new Finding(
                Severity.INFO.word(),
                text.toString(),
                null,
                null,
                first(),
                1,
                null,
                null,
                isExact(),
                List.copyOf(evidence),
                null,
                null,
                List.of(),
                List.copyOf(acquitted),
                null);
    }

    private boolean isExact() {
        return watched.requests().basis() == Basis.EXACT && !watched.peak().extrapolated();
    }

    private String rate() {
        Peak peak = watched.peak();
        if (peak.extrapolated()) {
            return Phrases.count(seen(peak), "request", "requests") + " in " + peak.seconds() + " s (a pace of about "
                    + Phrases.number(perMinute) + "/min)";
        }
        String text = (isExact() ? "" : "about ") + Phrases.number(perMinute) + " requests/min";
        if (input.live() && now() != perMinute) {
            text += " (now " + Phrases.number(now()) + ")";
        }
        return text;
    }

    /** In the short time that was seen; the limit counts by egress address, of which there may be several. */
    private long seen(Peak peak) {
        boolean one = watched.egress().size() <= 1;
        return one ? watched.requests().count() : Math.round(perMinute * peak.seconds() / 60.0);
    }

    /** In the last minute. */
    private long now() {
        for (int i = 0; i < watched.windows().size(); i++) {
            if (watched.windows().get(i).seconds() == 60) {
                return watched.windows().get(i).now();
            }
        }
        return 0;
    }

    private String limit() {
        Limit limit = watched.limit();
        return limit == null ? "" : " (limit ≈ " + Phrases.number(limit.perMinute()) + "/min)";
    }

    private static String since(Source source) {
        Long onset = source.onsetNanos();
        if (onset == null) {
            return "";
        }
        return " since " + Phrases.time(onset) + (source.onsetAtStart() ? " or earlier" : "");
    }

    private void addPeak(List<String> evidence) {
        Peak peak = watched.peak();
        RequestCount requests = watched.requests();
        if (peak.extrapolated()) {
            evidence.add("Only " + peak.seconds() + " s were seen: a pace for a minute is scaled up from "
                    + Phrases.count(requests.count(), "request", "requests") + ", and may not last.");
        } else {
            evidence.add("Peak of all sources: " + Phrases.number(peak.perMinute())
                    + " requests in the 60 s that ended " + Phrases.time(peak.atNanos()) + ".");
        }
        if (watched.egress().size() > 1) {
            evidence.add("The limit counts by address: the rate is that of the busiest of "
                    + watched.egress().size() + " egress addresses.");
        }
    }

    private void addSources(List<String> evidence) {
        for (int i = 0; i < Math.min(3, watched.sources().size()); i++) {
            Source source = watched.sources().get(i);
            Wording wording = new Wording(source);
            StringBuilder text = new StringBuilder(wording.ownership().subject(wording.who())).append(": ");
            text.append(Phrases.percent(source.share())).append(", ");
            text.append(Phrases.count(source.requests().count(), "request", "requests"));
            text.append(wording.ownership().part()).append(wording.rhythm());
            evidence.add(text.append('.').toString());
        }
    }

    /** What was not seen: only where there is something to say. */
    static void addGaps(EvidenceGaps gaps, List<String> evidence) {
        if (gaps.packetsDropped() > 0) {
            evidence.add("Not seen: " + Phrases.count(gaps.packetsDropped(), "packet was", "packets were")
                    + " dropped while capturing, so counts are low.");
        }
        long unnamed = gaps.withoutHello();
        for (Map.Entry<String, Long> reason : gaps.hellosWithoutName().entrySet()) {
            unnamed += reason.getValue();
        }
        if (unnamed > 0) {
            evidence.add(
                    "Not named: " + Phrases.count(unnamed, "connection", "connections") + " without a server name.");
        }
        Long late = gaps.shed().get("late-intervals");
        if (late != null) {
            evidence.add("Late: " + Phrases.count(late, "interval is", "intervals are")
                    + " in the totals, but not in the rates.");
        }
    }

    private long first() {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < watched.sources().size(); i++) {
            first = Math.min(first, watched.sources().get(i).firstNanos());
        }
        return first == Long.MAX_VALUE ? input.firstNanos() : first;
    }
}
