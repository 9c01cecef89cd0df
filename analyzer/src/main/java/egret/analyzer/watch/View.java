// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.report.Figures;
import egret.analyzer.report.TerminalText;
import egret.analyzer.watch.ViewState.Mode;
import java.util.ArrayList;
import java.util.List;

/** The whole screen from a moment and what was pressed: exactly so many lines, none too wide. Draws nothing itself. */
final class View {
    private static final int MOST_ALERTS = 6;
    private static final int MOST_SUMMARY = 8;

    /** The table's title, its columns, and three rows. */
    private static final int LEAST_TABLE = 5;

    private static final List<String> HELP = List.of(
            "",
            "  Up Down PgUp PgDn Home End   move (also j, k)",
            "  Enter, Right                 look inside: owners, then their connections",
            "  Esc, Left                    back; with a filter: show all again",
            "  Tab, Shift-Tab               the next watched endpoint",
            "  s  r                         sort by something else; the other way round",
            "  /                            show only what has a text in it",
            "  p, Space                     pause: what is seen stays, capturing goes on",
            "  q, Ctrl-C                    stop, and print the answer",
            "",
            "  /MIN     requests in the last 60 s; 10 s×6 is the pace of the last 10 s",
            "  SINCE    when a source left its own level; with ≤ it was at it before",
            "  REPEATS  retry loops, and the time from one try to the next",
            "  OWNER    with ~ in front it is inferred, not told by the kernel",
            "  All times are UTC.");

    private View() {}

    static List<Line> draw(Moment latest, ViewState state, int columns, int rows) {
        Moment moment = state.shown(latest);
        List<Line> lines = new ArrayList<>();
        List<Line> header = new Header(moment, state, columns).lines();
        List<Line> alerts = alerts(moment, columns, rows);
        List<String> summary = List.of();
        Rows content = Rows.of(moment, state);
        if (state.mode() != Mode.HELP) {
            summary = content.summary();
        }
        int room = rows - 1; // the line of keys
        lines.addAll(first(header, room - LEAST_TABLE));
        room -= lines.size();
        int alertLines = Math.max(0, Math.min(alerts.size(), room - LEAST_TABLE));
        room -= alertLines;
        if (state.mode() == Mode.HELP) {
            help(lines, columns, room);
        } else {
            int more = Math.max(0, Math.min(Math.min(summary.size(), MOST_SUMMARY), room - LEAST_TABLE));
            for (String text : summary.subList(0, more)) {
                lines.add(new Line(columns).add(text));
            }
            table(lines, content, state, columns, room - more);
        }
        lines.addAll(alerts.subList(0, alertLines));
        lines.add(keys(state, columns));
        return lines.size() > rows ? lines.subList(lines.size() - rows, lines.size()) : lines;
    }

    /** Rows of the table on such a screen, for paging. */
    static int page(int rows) {
        return Math.max(1, rows - 12);
    }

    private static List<Line> first(List<Line> lines, int most) {
        return lines.subList(0, Math.max(0, Math.min(lines.size(), most)));
    }

    private static void help(List<Line> lines, int columns, int room) {
        for (int at = 0; at < room; at++) {
            lines.add(new Line(columns).add(at < HELP.size() ? HELP.get(at) : ""));
        }
    }

    private static void table(List<Line> lines, Rows content, ViewState state, int columns, int room) {
        int end = lines.size() + Math.max(0, room);
        int body = Math.max(0, room - 2); // the title, and the titles of the columns
        int count = content.names().size();
        int cursor = content.cursor(state.selected());
        int from = Math.max(0, Math.min(cursor - body / 2, count - body));
        int to = Math.min(count, from + body);
        if (room > 0) {
            lines.add(title(content, state, columns, from, to));
        }
        if (room > 1 && count > 0) {
            lines.addAll(content.grid(from, to, columns).lines(columns, cursor - from));
        }
        while (lines.size() < end) {
            lines.add(new Line(columns));
        }
    }

    private static Line title(Rows content, ViewState state, int columns, int from, int to) {
        Line line = new Line(columns).add(content.title(), Paint.FAINT);
        if (state.mode() == Mode.TYPING || !state.filter().isEmpty()) {
            line.add("  with: ", Paint.FAINT)
                    .add(
                            TerminalText.safe(state.filter(), 60) + (state.mode() == Mode.TYPING ? "_" : ""),
                            Paint.WARNING);
        }
        int count = content.names().size();
        return to - from == count
                ? line
                : line.right((from + 1) + "-" + to + " of " + Figures.grouped(count), Paint.FAINT);
    }

    /** Those that fire first, then the latest of the others. */
    private static List<Line> alerts(Moment moment, int columns, int rows) {
        List<Line> lines = new ArrayList<>();
        List<Alert> all = moment.alerts();
        if (all.isEmpty()) {
            return lines;
        }
        int firing = 0;
        for (Alert alert : all) {
            firing += alert.firing() ? 1 : 0;
        }
        lines.add(new Line(columns)
                .add(
                        "Alerts: " + Figures.grouped(firing) + " firing, " + Figures.grouped(all.size() - firing)
                                + " over",
                        firing > 0 ? Paint.STRONG : Paint.FAINT));
        int most = Math.max(1, Math.min(MOST_ALERTS, rows / 6));
        for (int over = 0; over < 2; over++) {
            for (int at = all.size() - 1; at >= 0 && lines.size() <= most; at--) {
                Alert alert = all.get(at);
                if (alert.firing() == (over == 0)) {
                    lines.add(new Line(columns)
                            .add(
                                    over == 0 ? AlertText.brief(alert) : AlertText.resolved(alert),
                                    over == 0 ? Header.severity(alert.severity()) : Paint.FAINT));
                }
            }
        }
        return lines;
    }

    private static Line keys(ViewState state, int columns) {
        String words = switch (state.mode()) {
            case TYPING -> "Type what to look for  Enter keep  Esc show all";
            case HELP -> "Any key goes back";
            case QUIT -> "Stopping ...";
            case BROWSING ->
                switch (state.level()) {
                    case SOURCES -> "Enter owners  Tab endpoint  / filter  s sort  r reverse  p pause  ? help  q quit";
                    case OWNERS -> "Enter connections  Esc back  / filter  r reverse  p pause  ? help  q quit";
                    case NAMES -> "Esc back  / filter  r reverse  p pause  ? help  q quit";
                };
        };
        return new Line(columns).add(words, Paint.TITLE).all(Paint.TITLE);
    }
}
