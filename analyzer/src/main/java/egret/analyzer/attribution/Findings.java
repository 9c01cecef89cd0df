// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.OtherSource;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.cause.HostCause;
import egret.capture.count.EvidenceGaps;
import egret.rules.Rules;
import egret.rules.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * From counts to sentences: who is behind a burst to a watched endpoint, since when, how fast, how near the limit, what
 * it looks like and whom to stop. Worst first; of several offenders at one endpoint the one with the largest share first.
 *
 * <p>What was counted is said as it is. What is concluded is marked: "about", "looks like".
 */
public final class Findings {
    static final int MOST_OFFENDERS = 5;
    private static final double LEAST_SHARE = 0.1;

    private Findings() {}

    /**
     * @param watched busiest first
     * @param causes what logs tell of their sources
     */
    public static List<Finding> of(
            Rules rules,
            Input input,
            List<Watched> watched,
            List<OtherSource> others,
            List<Alert> alerts,
            EvidenceGaps gaps,
            List<HostCause> causes) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < watched.size(); i++) {
            add(new Burst(rules, input, watched.get(i), alerts, gaps, causes), findings);
        }
        if (watched.isEmpty()) {
            findings.add(nothing(input, others, gaps));
        }
        findings.sort(new WorstFirst());
        return List.copyOf(findings);
    }

    private static void add(Burst burst, List<Finding> findings) {
        Severity severity = burst.severity();
        if (severity == Severity.INFO) {
            findings.add(burst.calm());
            return;
        }
        List<Source> sources = burst.leaders();
        if (sources.isEmpty() || sources.get(0).peakShare() < LEAST_SHARE) {
            findings.add(burst.many(severity));
            return;
        }
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            if (i == 0) {
                findings.add(burst.offender(source, severity));
            } else if (source.peakShare() >= LEAST_SHARE && burst.matters(source)) {
                findings.add(burst.offender(source, burst.severityOf(source)));
            }
        }
    }

    /** The sources with most of the peak, most first. */
    static List<Source> leaders(List<Source> sources) {
        List<Source> leaders = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            int at = leaders.size();
            while (at > 0 && source.peakShare() > leaders.get(at - 1).peakShare()) {
                at--;
            }
            if (at < MOST_OFFENDERS) {
                leaders.add(at, source);
                if (leaders.size() > MOST_OFFENDERS) {
                    leaders.remove(MOST_OFFENDERS);
                }
            }
        }
        return leaders;
    }

    private static Finding nothing(Input input, List<OtherSource> others, EvidenceGaps gaps) {
        List<String> evidence = new ArrayList<>();
        for (int i = 0; i < Math.min(3, others.size()); i++) {
            OtherSource other = others.get(i);
            StringBuilder line = new StringBuilder(other.ip().toString());
            line.append(": ").append(Phrases.count(other.connections(), "connection", "connections"));
            line.append(" to what is not watched");
            for (Map.Entry<String, Long> name : other.serverNames().entrySet()) {
                if (!name.getKey().isEmpty()) {
                    line.append(", most to ").append(name.getKey());
                    break;
                }
            }
            evidence.add(line.toString());
        }
        Burst.addGaps(gaps, evidence);
        String title = "No connection to a watched endpoint: "
                + Phrases.count(gaps.packets(), "packet", "packets") + " with "
                + Phrases.count(gaps.connections(), "connection", "connections") + " were read.";
        return new Finding(
                Severity.INFO.word(),
                title,
                null,
                null,
                input.firstNanos(),
                0,
                null,
                null,
                true,
                List.copyOf(evidence));
    }

    /** A stable sort: what is equally bad stays in order. */
    private static final class WorstFirst implements Comparator<Finding> {
        @Override
        public int compare(Finding one, Finding other) {
            return Burst.severity(other.severity()).compareTo(Burst.severity(one.severity()));
        }
    }
}
