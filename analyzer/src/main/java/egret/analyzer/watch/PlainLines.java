// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.report.Figures;
import egret.analyzer.report.TerminalText;
import egret.analyzer.report.UtcTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moments as lines, for pipes and logs: one a second for each endpoint that is asked, one a minute when it is quiet. */
public final class PlainLines {
    private static final long NANOS = 1_000_000_000L;
    private static final int QUIET_SECONDS = 60;
    private static final int MOST_ENDPOINTS = 3;
    private static final int MOST_HIDDEN = 600;
    private static final int LONGEST_CAUSE = 2000;

    private final AlertNews news = new AlertNews();
    private final CauseNews causes = new CauseNews();
    private boolean toldHidden;
    private long second = Long.MIN_VALUE;
    private long lastLine = Long.MIN_VALUE;
    private boolean evidenceTold;
    private final NoticeNews notices = new NoticeNews();

    /** What is new in this moment: alerts first, for those who wait for them, then causes that became known. */
    public List<String> lines(Moment moment) {
        List<String> lines = new ArrayList<>();
        for (Alert alert : news.since(moment.alerts())) {
            lines.add(alert.firing() ? AlertText.fired(alert) : AlertText.resolved(alert));
        }
        for (Finding finding : causes.since(moment.answer().findings(), nanos(moment))) {
            lines.add(cause(moment, finding));
        }
        String hidden = moment.status().hidden();
        if (!hidden.isEmpty() && !toldHidden) {
            toldHidden = true;
            lines.add(0, UtcTime.clock(nanos(moment)) + " NOTE " + TerminalText.safe(hidden, MOST_HIDDEN));
        }
        for (Status.Notice notice : notices.since(moment.status().notices())) {
            lines.add(UtcTime.clock(notice.nanos()) + " NOTE " + TerminalText.safe(notice.words(), MOST_HIDDEN));
        }
        long now = Math.floorDiv(nanos(moment), NANOS);
        if (now <= second) { // alerts are told before the rest is known
            return lines;
        }
        if (!evidenceTold && second != Long.MIN_VALUE) { // by the second line it is known who answers
            evidenceTold = true;
            for (String line : moment.status().evidence()) {
                lines.add(UtcTime.clock(nanos(moment)) + " evidence: " + TerminalText.safe(line, 200));
            }
        }
        second = now;
        int asked = 0;
        for (Watched watched : Shown.endpoints(moment)) {
            if (asked < MOST_ENDPOINTS && Shown.now(watched.windows(), 60) > 0) {
                asked++;
                lines.add(rate(moment, watched));
            }
        }
        boolean begun = moment.status().firstNanos() > 0;
        if (asked == 0 && begun && (lastLine == Long.MIN_VALUE || now - lastLine >= QUIET_SECONDS)) {
            asked++;
            lines.add(UtcTime.clock(nanos(moment)) + " quiet" + dropped(moment));
        }
        lastLine = asked > 0 ? now : lastLine;
        return lines;
    }

    /** Who is told by the title, the services by the cause. */
    private static String cause(Moment moment, Finding finding) {
        StringBuilder text = new StringBuilder(UtcTime.clock(nanos(moment))).append(" CAUSE");
        if (finding.source() != null) {
            text.append(' ').append(finding.source()).append(':');
        }
        text.append(' ').append(TerminalText.safe(String.valueOf(finding.cause()), LONGEST_CAUSE));
        if (finding.stop() != null) {
            text.append(" Stop it: ").append(TerminalText.safe(finding.stop(), LONGEST_CAUSE));
        }
        return text.toString();
    }

    /** Up to when the answer reaches. */
    private static long nanos(Moment moment) {
        return moment.answer().input().lastNanos() + 1;
    }

    private static String rate(Moment moment, Watched watched) {
        long minute = Shown.now(watched.windows(), 60);
        StringBuilder text = new StringBuilder(UtcTime.clock(nanos(moment)));
        text.append(' ').append(TerminalText.safe(watched.endpoint(), 40));
        text.append(' ').append(Figures.grouped(minute)).append(" in 60 s, pace ");
        text.append(Figures.grouped(Shown.pace(watched.windows()))).append("/min");
        Limit limit = watched.limit();
        if (limit != null && limit.perMinute() > 0) {
            text.append(", ").append(Figures.percent((double) minute / limit.perMinute()));
            text.append(" of ").append(Figures.grouped(limit.perMinute()));
        }
        Source first = first(watched);
        if (first != null) {
            long own = Shown.now(first.windows(), 60);
            text.append("; ").append(SourceRows.name(first));
            text.append(' ').append(Figures.percent((double) own / minute));
            String owner = new SourceOwners(moment, watched.endpoint()).brief(first);
            text.append(owner.isEmpty() || owner.equals(OwnerText.UNKNOWN) ? "" : " " + owner);
        }
        return text + dropped(moment);
    }

    /** With the most requests in the last minute. */
    private static @Nullable Source first(Watched watched) {
        Source first = null;
        for (Source source : watched.sources()) {
            if (first == null || Shown.now(source.windows(), 60) > Shown.now(first.windows(), 60)) {
                first = source;
            }
        }
        return first;
    }

    private static String dropped(Moment moment) {
        long dropped =
                Math.max(moment.status().dropped(), moment.answer().gaps().packetsDropped());
        return dropped == 0 ? "" : "; " + Figures.counted(dropped, "packet") + " dropped";
    }
}
