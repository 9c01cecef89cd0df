// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.report.TerminalText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under titles. Columns give way when the screen is too narrow; the last one takes what room is left. */
final class Grid {
    private static final int GAP = 2;

    /** Of the last column, below which another gives way for it. */
    private static final int LEAST_LAST = 20;

    /**
     * @param right numbers stand to the right
     * @param need 0 always stays, the highest goes first
     */
    record Column(String title, boolean right, int need) {}

    record Cell(String text, Paint paint) {
        static Cell of(String safe) {
            return new Cell(safe, Paint.PLAIN);
        }
    }

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    Grid(Column... columns) {
        this.columns = List.of(columns);
    }

    void row(Cell... cells) {
        rows.add(List.of(cells));
    }

    /** The titles and then the rows; the marker stands before the one that is selected, -1 for none. */
    List<Line> lines(int width, int selected) {
        int[] widths = widths(width - 1);
        List<Line> lines = new ArrayList<>();
        Line titles = new Line(width).add(" ");
        for (int at = 0; at < widths.length; at++) {
            put(titles, at, widths, columns.get(at).title(), Paint.TITLE);
        }
        lines.add(titles.all(Paint.TITLE));
        for (int row = 0; row < rows.size(); row++) {
            Line line = new Line(width).add(row == selected ? "▶" : " ");
            for (int at = 0; at < widths.length; at++) {
                Cell cell = rows.get(row).get(at);
                put(line, at, widths, cell.text(), cell.paint());
            }
            lines.add(row == selected ? line.all(Paint.SELECTED) : line);
        }
        return lines;
    }

    private void put(Line line, int at, int[] widths, String text, Paint paint) {
        int width = widths[at];
        if (width <= 0) {
            return;
        }
        int start = line.width() + (line.width() > 1 ? GAP : 0);
        String cut = TerminalText.cut(text, width);
        boolean right = columns.get(at).right();
        line.to(right ? start + width - TerminalText.width(cut) : start).add(cut, paint);
        line.to(start + width);
    }

    /** 0 for a column that is left out. */
    private int[] widths(int room) {
        int[] widths = new int[columns.size()];
        Arrays.setAll(widths, at -> TerminalText.width(columns.get(at).title()));
        for (List<Cell> row : rows) {
            for (int at = 0; at < widths.length; at++) {
                widths[at] = Math.max(widths[at], TerminalText.width(row.get(at).text()));
            }
        }
        int last = widths.length - 1;
        int wanted = widths[last];
        widths[last] = Math.min(wanted, LEAST_LAST);
        while (sum(widths) > room) {
            int least = -1;
            for (int at = 0; at < widths.length; at++) {
                boolean may = widths[at] > 0 && columns.get(at).need() > 0;
                if (may
                        && (least < 0
                                || columns.get(at).need() > columns.get(least).need())) {
                    least = at;
                }
            }
            if (least < 0) {
                break;
            }
            widths[least] = 0;
        }
        if (widths[last] > 0) {
            widths[last] = Math.max(1, Math.min(wanted, widths[last] + room - sum(widths)));
        }
        return widths;
    }

    private static int sum(int[] widths) {
        int sum = 0;
        for (int width : widths) {
            sum += width > 0 ? width + GAP : 0;
        }
        return Math.max(0, sum - GAP);
    }
}
