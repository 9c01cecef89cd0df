// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.pipeline;

import egret.analyzer.alert.AlertLog;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.OtherSource;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.attribution.Findings;
import egret.analyzer.cause.Causes;
import egret.analyzer.cause.HostCause;
import egret.analyzer.feed.IntervalOrder;
import egret.analyzer.feed.IntervalSink;
import egret.analyzer.window.EgressAddresses;
import egret.analyzer.window.Windows;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.evidence.Evidence;
import egret.rules.Clients;
import egret.rules.IpAddress;
import egret.rules.Rules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The main path of the analyzing half, from message to answer:
 *
 * <pre>
 *   SourceCounts ──▶ feed: in order, once ──▶ window: slots, distributions, onset ──▶ attribution: findings ──▶ Answer
 *                                       ├──▶ alert: thresholds ─────────────────────────────────────────────────┤
 *   Evidence ─────────────────────────────┴──▶ cause: which services asked ───────────────────────────────────────┘
 * </pre>
 *
 * <p>Knows packet time only: the same messages give the same answer at any speed and in any order of arrival within the
 * grace. Owned by one thread.
 */
public final class AnalyzerPipeline implements IntervalSink {
    /** What a live answer is about: so long at least, twice as long at most. */
    static final int LIVE_SECONDS = 12 * 3600;

    /** Messages in a row from so long ago are a clock that was set back. */
    static final int STEP_SECONDS = 300;

    static final int STEP_AFTER = 10;
    private static final long SECOND = 1_000_000_000L;

    private final Rules rules;
    private final Clients clients;
    private final int graceSeconds;
    private final int periodSeconds; // 0: one period is all
    private final Causes causes = new Causes();
    private final EgressAddresses egress;
    private IntervalOrder feed;
    private AlertLog alerts;
    private Period period;
    private @Nullable Period next;
    private long second = Long.MIN_VALUE; // the latest
    private int behind;

    /** What was counted since a second. */
    private static final class Period {
        final Windows windows;
        EvidenceGaps gaps = EvidenceGaps.NONE;
        long begin = Long.MIN_VALUE;

        private Period(Rules rules, EgressAddresses egress, boolean live) {
            windows = new Windows(rules, egress, live);
        }

        private void add(SourceCounts counts, boolean late) {
            if (begin == Long.MIN_VALUE) {
                begin = counts.startSecond();
            }
            windows.add(counts, late);
            gaps = gaps.plus(counts.gaps());
        }
    }

    /**
     * For captures that end.
     *
     * @param graceSeconds how late a message may be, 0 for one agent in the same process
     */
    public AnalyzerPipeline(Rules rules, Clients clients, int graceSeconds) {
        this(rules, clients, graceSeconds, 0);
    }

    private AnalyzerPipeline(Rules rules, Clients clients, int graceSeconds, int periodSeconds) {
        this.rules = rules;
        this.clients = clients;
        this.graceSeconds = graceSeconds;
        this.periodSeconds = periodSeconds;
        egress = new EgressAddresses(rules);
        feed = new IntervalOrder(graceSeconds, this);
        alerts = new AlertLog(rules, egress);
        period = new Period(rules, egress, periodSeconds > 0);
    }

    /**
     * For months: answers are about all since the start, later about the last 12 to 24 hours, of which all figures are.
     * Every 12 hours a new period begins to count beside the one that answers, and takes its place 12 hours later, with
     * whom nobody has seen since then forgotten. So nothing grows, and nothing has to be taken out.
     */
    public static AnalyzerPipeline live(Rules rules, Clients clients, int graceSeconds) {
        return new AnalyzerPipeline(rules, clients, graceSeconds, LIVE_SECONDS);
    }

    /** Takes a message, in any order and however often. */
    public void accept(SourceCounts counts) {
        feed.accept(counts);
    }

    /** Takes what a log or a daemon says, in any order. */
    public void evidence(Evidence evidence) {
        causes.evidence(evidence);
    }

    /**
     * Says whose log it is, by the log's name or that of its host, before its evidence comes; else it is the source whose pulls
     * it explains best.
     */
    public void logOf(String log, IpAddress source) {
        causes.belongs(log, source);
    }

    /**
     * What the agent's machine said belongs to the first of its addresses that makes requests; where others' requests are
     * seen, its logs are of others too, whose pulls they explain best.
     */
    private void take(SourceCounts counts) {
        SourceCounts.Local local = counts.local();
        if (counts.vantage() == Vantage.HOST
                && !counts.evidence().isEmpty()
                && !local.addresses().isEmpty()) {
            IpAddress source = local.addresses().get(0);
            for (int i = counts.rows().size() - 1; i >= 0; i--) {
                IpAddress seen = counts.rows().get(i).source();
                source = local.addresses().contains(seen) ? seen : source;
            }
            logOf(local.host(), source);
        }
        for (int i = 0; i < counts.evidence().size(); i++) {
            evidence(counts.evidence().get(i));
        }
    }

    /** Called by the feed, when an interval is due. */
    @Override
    public void interval(SourceCounts counts, boolean late) {
        boolean old = late;
        if (periodSeconds > 0) {
            old = late && !clockWasSetBack(counts);
            if (second != Long.MIN_VALUE && counts.startSecond() - second > periodSeconds) {
                beginAnew(); // Nobody is silent for so long: the clock was set, or the machine slept.
            }
            turn(counts.startSecond());
        }
        period.add(counts, old);
        if (next != null) {
            next.add(counts, old);
        }
        alerts.add(counts, old);
        take(counts);
        causes.counts(counts);
        second = Math.max(second, counts.startSecond());
    }

    /** Ends a period and begins another where it is time. */
    private void turn(long now) {
        Period coming = next;
        if (coming == null) {
            if (period.begin != Long.MIN_VALUE && now - period.begin >= periodSeconds) {
                next = new Period(rules, egress, periodSeconds > 0);
            }
        } else if (coming.begin != Long.MIN_VALUE && now - coming.begin >= periodSeconds) {
            period = coming;
            next = new Period(rules, egress, periodSeconds > 0);
            egress.forgetIfMany();
        }
    }

    /** Then what was counted before has times that have yet to come, and all begins anew. */
    private boolean clockWasSetBack(SourceCounts counts) {
        behind = counts.startSecond() < second - STEP_SECONDS ? behind + 1 : 0;
        if (behind < STEP_AFTER) {
            return false;
        }
        second = Long.MIN_VALUE;
        feed = new IntervalOrder(graceSeconds, this);
        beginAnew();
        return true;
    }

    private void beginAnew() {
        behind = 0;
        alerts = new AlertLog(rules, egress);
        period = new Period(rules, egress, periodSeconds > 0);
        next = null;
    }

    /** Packet time has come this far, also if nothing was counted: alerts are resolved in silence too. */
    public void time(long nanos) {
        alerts.time(Math.floorDiv(nanos, SECOND) - graceSeconds);
    }

    /** The alerts so far, for those who watch live. */
    public List<Alert> alerts() {
        return alerts.alerts();
    }

    /** The answer at the end of the feed, after which no message is taken. */
    public Answer finish(Input input) {
        feed.flush();
        period.windows.finish();
        return answer(input, true);
    }

    /** The answer as of now; messages that wait for their time are not in it. */
    public Answer current(Input input) {
        return answer(input, false);
    }

    private Answer answer(Input input, boolean last) {
        Input about = periodSeconds > 0 && period.begin != Long.MIN_VALUE ? input.since(period.begin * SECOND) : input;
        Windows windows = period.windows;
        List<Watched> watched = windows.watched(clients, about.pullLimits(), about.firstNanos(), about.lastNanos());
        List<OtherSource> others = windows.others();
        List<Alert> fired = alerts.alerts();
        List<HostCause> told = causes.causes(watched, about.firstNanos(), about.lastNanos(), last);
        EvidenceGaps all = period.gaps.plus(unused());
        List<Finding> findings = Findings.of(rules, about, watched, others, fired, all, told);
        return new Answer(about, watched, others, findings, fired, all);
    }

    /** What this half did not use, as gaps. */
    private EvidenceGaps unused() {
        Map<String, Long> shed = new TreeMap<>(period.windows.shed());
        put(shed, "late-intervals", feed.late());
        put(shed, "alerts", alerts.shed());
        shed.putAll(causes.shed());
        return EvidenceGaps.ofShed(shed);
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
