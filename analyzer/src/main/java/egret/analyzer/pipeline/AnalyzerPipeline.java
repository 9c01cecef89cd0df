// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.pipeline;

import egret.analyzer.alert.AlertLog;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.attribution.Findings;
import egret.analyzer.feed.IntervalOrder;
import egret.analyzer.feed.IntervalSink;
import egret.analyzer.window.EgressAddresses;
import egret.analyzer.window.Windows;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.SourceCounts;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The main path of the analyzing half, from message to answer:
 *
 * <pre>
 *   SourceCounts ──▶ feed: in order, once ──▶ window: slots, distributions, onset ──▶ attribution: findings ──▶ Answer
 *                                        └──▶ alert: thresholds ────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Knows packet time only: the same messages give the same answer at any speed and in any order of arrival within the
 * grace. Owned by one thread.
 */
public final class AnalyzerPipeline implements IntervalSink {
    private final Rules rules;
    private final Clients clients;
    private final IntervalOrder feed;
    private final Windows windows;
    private final AlertLog alerts;
    private final int graceSeconds;
    private EvidenceGaps gaps = EvidenceGaps.NONE;

    /** @param graceSeconds how late a message may be, 0 for one agent in the same process */
    public AnalyzerPipeline(Rules rules, Clients clients, int graceSeconds) {
        this.rules = rules;
        this.clients = clients;
        this.graceSeconds = graceSeconds;
        EgressAddresses egress = new EgressAddresses();
        feed = new IntervalOrder(graceSeconds, this);
        windows = new Windows(egress);
        alerts = new AlertLog(rules, egress);
    }

    /** Takes a message, in any order and however often. */
    public void accept(SourceCounts counts) {
        feed.accept(counts);
    }

    /** Called by the feed, when an interval is due. */
    @Override
    public void interval(SourceCounts counts, boolean late) {
        windows.add(counts, late);
        alerts.add(counts, late);
        gaps = gaps.plus(counts.gaps());
    }

    /** Packet time has come this far, also if nothing was counted: alerts are resolved in silence too. */
    public void time(long nanos) {
        alerts.time(Math.floorDiv(nanos, 1_000_000_000L) - graceSeconds);
    }

    /** The alerts so far, for those who watch live. */
    public List<Alert> alerts() {
        return alerts.alerts();
    }

    /** The answer at the end of the feed, after which no message is taken. */
    public Answer finish(Input input) {
        feed.flush();
        windows.finish();
        return current(input);
    }

    /** The answer as of now; messages that wait for their time are not in it. */
    public Answer current(Input input) {
        List<Watched> watched = windows.watched(rules, clients, input.firstNanos(), input.lastNanos());
        EvidenceGaps all = gaps.plus(unused());
        return new Answer(
                input,
                watched,
                windows.others(),
                Findings.of(rules, input, watched, windows.others(), alerts.alerts(), all),
                alerts.alerts(),
                all);
    }

    /** What this half did not use, as gaps. */
    private EvidenceGaps unused() {
        Map<String, Long> shed = new TreeMap<>(windows.shed());
        put(shed, "late-intervals", feed.late());
        put(shed, "alerts", alerts.shed());
        return new EvidenceGaps(0, 0, Map.of(), 0, 0, 0, 0, 0, 0, Map.of(), 0, shed, EvidenceGaps.Coverage.NONE);
    }

    private static void put(Map<String, Long> shed, String table, long count) {
        if (count > 0) {
            shed.put(table, count);
        }
    }

    /** Messages that had come before and were ignored. */
    public long duplicates() {
        return feed.duplicates();
    }

    /** Messages that came after their time was over: counted in totals, not in windows and alerts. */
    public long late() {
        return feed.late();
    }

    /** Messages that were far ahead of all others when they came. */
    public long future() {
        return feed.future();
    }
}
