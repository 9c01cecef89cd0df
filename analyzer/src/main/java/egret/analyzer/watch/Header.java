// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.report.Figures;
import egret.analyzer.report.TerminalText;
import egret.analyzer.report.UtcTime;
import egret.capture.count.EvidenceGaps;
import java.util.ArrayList;
import java.util.List;

/** The top of the screen: what is captured, how near the limit is, and who is behind it in one sentence. */
final class Header {
    private static final double HIGH = 0.6;
    private static final int MOST_INTERFACES = 4;
    private static final int MOST_HIDDEN = 600;
    private static final long NOTICE_NANOS = 60_000_000_000L;

    private final Moment moment;
    private final ViewState state;
    private final int columns;

    Header(Moment moment, ViewState state, int columns) {
        this.moment = moment;
        this.state = state;
        this.columns = columns;
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        lines.add(capture());
        Watched watched = Shown.endpoint(moment, state);
        if (watched != null) {
            lines.add(limit(watched));
        }
        lines.add(totals());
        String hidden = moment.status().hidden();
        if (!hidden.isEmpty()) {
            wrapped(TerminalText.safe(hidden, MOST_HIDDEN), Paint.WARNING, lines);
        }
        List<Status.Notice> notices = moment.status().notices();
        if (!notices.isEmpty()) {
            Status.Notice last = notices.get(notices.size() - 1);
            if (moment.status().nowNanos() - last.nanos() < NOTICE_NANOS) {
                wrapped(TerminalText.safe(last.words(), MOST_HIDDEN), Paint.WARNING, lines);
            }
        }
        List<Finding> findings = moment.answer().findings();
        if (!findings.isEmpty()) {
            Finding first = findings.get(0);
            wrapped(TerminalText.safe(first.title()), severity(first.severity()), lines);
        }
        return lines;
    }

    /** On two lines if one is too short. */
    private void wrapped(String text, Paint paint, List<Line> lines) {
        int end = text.length();
        while (end > 0 && TerminalText.width(text.substring(0, end)) > columns) {
            end = text.lastIndexOf(' ', end - 1);
        }
        if (end <= 0) {
            lines.add(new Line(columns).add(text, paint));
            return;
        }
        lines.add(new Line(columns).add(text.substring(0, end), paint));
        if (end < text.length()) {
            lines.add(new Line(columns).add(text.substring(end + 1), paint));
        }
    }

    static Paint severity(String word) {
        return word.equals("critical") ? Paint.CRITICAL : word.equals("warning") ? Paint.WARNING : Paint.STRONG;
    }

    private Line capture() {
        Status status = moment.status();
        Line line = new Line(columns).add("egret", Paint.STRONG).add("  ");
        line.add(interfaces(status), Paint.STRONG);
        if (!status.vantage().isEmpty()) {
            line.add("  ").add(TerminalText.safe(status.vantage(), 40));
        }
        line.add("  owners: ", Paint.FAINT)
                .add(owners(status, moment.answer().gaps().owners()));
        String clock = (state.frozen() == null ? "" : "PAUSED ") + UtcTime.clock(moment.nowNanos()) + " UTC";
        return line.right(clock, state.frozen() == null ? Paint.PLAIN : Paint.WARNING);
    }

    static String interfaces(Status status) {
        StringBuilder text = new StringBuilder();
        List<Status.Interface> all = status.interfaces();
        for (int at = 0; at < Math.min(all.size(), MOST_INTERFACES); at++) {
            text.append(at == 0 ? "" : ", ")
                    .append(TerminalText.safe(all.get(at).name(), 20));
        }
        return text.append(all.size() > MOST_INTERFACES ? " +" + (all.size() - MOST_INTERFACES) : "")
                .toString();
    }

    /** What tells of them, and for how many connections it did. */
    static String owners(Status status, EvidenceGaps.Coverage coverage) {
        if (status.ownerMethod().isEmpty()) {
            return "not known";
        }
        String method = TerminalText.safe(status.ownerMethod(), 20);
        long exact = 0;
        for (long count : coverage.exact().values()) {
            exact += count;
        }
        long all = exact + coverage.unattributed();
        for (long count : coverage.inferred().values()) {
            all += count;
        }
        return all == 0 ? method : method + ", " + Figures.percent((double) exact / all) + " exact";
    }

    private Line limit(Watched watched) {
        long minute = Shown.now(watched.windows(), 60);
        Line line = new Line(columns);
        List<Watched> all = Shown.endpoints(moment);
        line.add(TerminalText.safe(watched.endpoint(), 30), Paint.STRONG);
        if (all.size() > 1) {
            line.add(" " + (all.indexOf(watched) + 1) + "/" + all.size(), Paint.FAINT);
        }
        line.add("  ");
        Limit limit = watched.limit();
        if (limit != null && limit.perMinute() > 0) {
            double used = (double) minute / limit.perMinute();
            int cells = Math.max(8, Math.min(40, columns / 7));
            int full = (int) Math.min(cells, Math.round(used * cells));
            Paint paint = used >= 1 ? Paint.CRITICAL : used >= HIGH ? Paint.WARNING : Paint.GOOD;
            line.add("█".repeat(full), paint).add("░".repeat(cells - full), Paint.FAINT);
            line.add(" " + Figures.percent(used), paint);
            line.add(" of " + Figures.grouped(limit.perMinute()) + "/min  ");
        }
        line.add(Figures.grouped(minute), Paint.STRONG).add(" in 60 s  ");
        return line.add("pace " + Figures.grouped(Shown.pace(watched.windows())) + "/min");
    }

    private Line totals() {
        Answer answer = moment.answer();
        Status status = moment.status();
        Line line = new Line(columns);
        long dropped = Math.max(status.dropped(), answer.gaps().packetsDropped());
        if (dropped > 0) {
            line.add(Figures.grouped(dropped) + " packets dropped  ", Paint.CRITICAL);
        }
        Watched watched = Shown.endpoint(moment, state);
        if (watched != null) {
            line.add(Figures.requests(watched.requests()) + " requests in "
                    + Figures.counted(watched.connections(), "connection"));
            line.add(
                    answer.input().firstNanos() == 0
                            ? "  "
                            : " since " + UtcTime.clock(answer.input().firstNanos()) + "  ");
        }
        line.add(Figures.counted(status.received(), "packet") + (dropped > 0 ? "" : ", 0 dropped"), Paint.FAINT);
        if (!status.writing().isEmpty()) {
            line.add("  writing ", Paint.FAINT).add(TerminalText.safe(status.writing(), 60), Paint.FAINT);
        }
        return line;
    }
}
