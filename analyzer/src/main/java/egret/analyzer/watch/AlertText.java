// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Top;
import egret.analyzer.report.Figures;
import egret.analyzer.report.TerminalText;
import egret.analyzer.report.UtcTime;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;

/** An alert in one safe line. */
final class AlertText {
    private static final int MOST_TOP = 2;
    private static final int NAME_COLUMNS = 60;

    private AlertText() {}

    /** When it fired, how bad it is, what it is, and who is behind it. */
    static String fired(Alert alert) {
        StringBuilder text = new StringBuilder(UtcTime.clock(alert.atNanos()));
        text.append(" ALERT ").append(TerminalText.safe(alert.severity(), NAME_COLUMNS));
        text.append(' ').append(what(alert)).append(", threshold ").append(Figures.grouped(alert.threshold()));
        for (int at = 0; at < Math.min(alert.top().size(), MOST_TOP); at++) {
            Top top = alert.top().get(at);
            text.append(at == 0 ? "; most from " : ", ").append(top.source());
            text.append(" (").append(Figures.grouped(top.value()));
            text.append(owner(top)).append(')');
        }
        return text.toString();
    }

    /** The same for the view: who stands first, as what does not fit is cut. */
    static String brief(Alert alert) {
        StringBuilder text = new StringBuilder(UtcTime.clock(alert.atNanos()));
        text.append(' ')
                .append(TerminalText.safe(alert.severity(), NAME_COLUMNS))
                .append("  ");
        if (!alert.top().isEmpty()) {
            Top top = alert.top().get(0);
            text.append(top.source()).append(owner(top)).append(": ");
        }
        return text.append(TerminalText.safe(alert.rule(), NAME_COLUMNS))
                .append(", ")
                .append(Figures.grouped(alert.value()))
                .append(" in ")
                .append(Figures.duration(alert.windowSeconds()))
                .append(" (from ")
                .append(Figures.grouped(alert.threshold()))
                .append(" on)")
                .toString();
    }

    private static String owner(Top top) {
        Owner owner = top.owner();
        return owner == null || owner.quality() == Quality.UNKNOWN ? "" : ", " + OwnerText.brief(owner);
    }

    static String resolved(Alert alert) {
        Long at = alert.resolvedNanos();
        return UtcTime.clock(at == null ? alert.atNanos() : at) + " OVER " + what(alert) + ", fired at "
                + UtcTime.clock(alert.atNanos());
    }

    private static String what(Alert alert) {
        String group = alert.group().isEmpty() ? "" : TerminalText.safe(alert.group(), NAME_COLUMNS) + " to ";
        return TerminalText.safe(alert.rule(), NAME_COLUMNS) + ": " + group
                + TerminalText.safe(alert.endpoint(), NAME_COLUMNS) + ", " + Figures.grouped(alert.value()) + " in "
                + Figures.duration(alert.windowSeconds());
    }
}
