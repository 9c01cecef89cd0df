// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.report.TerminalText;
import java.util.ArrayList;
import java.util.List;

/** One line of the screen: runs of safe text, never wider than the screen. */
final class Line {
    record Run(String text, Paint paint) {}

    private final int columns;
    private final List<Run> runs = new ArrayList<>();
    private int width;

    /** @param columns of the screen, ≥ 1 */
    Line(int columns) {
        this.columns = columns;
    }

    /** Adds safe text; what does not fit is cut. */
    Line add(String safe, Paint paint) {
        int room = columns - width;
        if (room <= 0 || safe.isEmpty()) {
            return this;
        }
        String text = TerminalText.cut(safe, room);
        runs.add(new Run(text, paint));
        width += TerminalText.width(text);
        return this;
    }

    Line add(String safe) {
        return add(safe, Paint.PLAIN);
    }

    /** Blanks up to a column. */
    Line to(int column) {
        int blanks = Math.min(column, columns) - width;
        return blanks > 0 ? add(" ".repeat(blanks)) : this;
    }

    /** Safe text that ends at the last column, if there is room for it and a blank. */
    Line right(String safe, Paint paint) {
        int start = columns - TerminalText.width(safe);
        return start > width ? to(start).add(safe, paint) : this;
    }

    /** The same text over the whole width in one paint. */
    Line all(Paint paint) {
        Line line = new Line(columns);
        line.add(text(), paint);
        return line.add(" ".repeat(Math.max(0, columns - line.width)), paint);
    }

    int width() {
        return width;
    }

    List<Run> runs() {
        return runs;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (Run run : runs) {
            text.append(run.text());
        }
        return text.toString();
    }
}
