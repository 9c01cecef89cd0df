// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Answer.InputLog;
import egret.analyzer.answer.Culprit;
import egret.analyzer.report.Table.Column;
import java.util.List;

/** The services behind a finding, the first of many, and the logs that told of them. */
final class CulpritTable {
    private static final int MOST = 8;
    private static final int MOST_LOGS = 20;
    private static final int INDENT = 13;
    private static final int NAME_COLUMNS = 40;

    private CulpritTable() {}

    static void print(List<Culprit> culprits, Page page) {
        if (culprits.isEmpty()) {
            return;
        }
        Table table = new Table(
                new Column("SERVICE", false, 0),
                new Column("REQUESTS", true, 0),
                new Column("SHARE", true, 1),
                new Column("TRIES", true, 2),
                new Column("EVERY", true, 3),
                new Column("PINNED", false, 4),
                new Column("SURE", true, 5));
        for (int at = 0; at < Math.min(culprits.size(), MOST); at++) {
            Culprit culprit = culprits.get(at);
            Boolean pinned = culprit.pinned();
            table.row(
                    TerminalText.safe(culprit.shown(), NAME_COLUMNS),
                    Figures.grouped(culprit.requests()),
                    Figures.percent(culprit.share()),
                    Figures.grouped(culprit.attempts()),
                    culprit.periodSeconds() > 0 ? Figures.duration(culprit.periodSeconds()) : "",
                    pinned == null ? "" : pinned ? "yes" : "no",
                    Figures.percent(culprit.confidence()));
        }
        table.fit(page.style().columns() - INDENT);
        table.print(page, INDENT);
        int more = culprits.size() - MOST;
        if (more > 0) {
            page.line(" ".repeat(INDENT) + "and " + Figures.grouped(more) + " more, in --json");
        }
    }

    static void logs(List<InputLog> logs, Page page) {
        for (int at = 0; at < Math.min(logs.size(), MOST_LOGS); at++) {
            InputLog log = logs.get(at);
            StringBuilder text = new StringBuilder();
            text.append(log.path().equals("-") ? "standard input" : TerminalText.safe(log.path(), 160));
            text.append(": ").append(Figures.counted(log.lines(), "line"));
            text.append(", ").append(Figures.grouped(log.used())).append(" about pulls or tasks that fail");
            text.append(log.used() > 0 && log.inTime() == 0 ? ", none of that in the time of the captures" : "");
            text.append(
                    log.undated() > 0 ? "; " + Figures.grouped(log.undated()) + " without a time are not used" : "");
            text.append(log.overlong() > 0 ? "; " + Figures.counted(log.overlong(), "line") + " too long, cut" : "");
            text.append(log.shed() > 0 ? "; " + Figures.grouped(log.shed()) + " too many to tell apart" : "");
            text.append(log.zoneAssumed() ? "; local times without a zone were taken for UTC" : "");
            page.wrapped("  ", 4, text.toString());
        }
        if (logs.size() > MOST_LOGS) {
            page.line("  and " + Figures.grouped(logs.size() - MOST_LOGS) + " more logs");
        }
    }
}
