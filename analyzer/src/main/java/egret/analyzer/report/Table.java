// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, each as wide as its widest cell. Columns that are not needed give way when the page is too narrow. */
final class Table {
    private static final int GAP = 2;

    /**
     * @param right numbers stand to the right
     * @param need 0 always stays, the highest goes first
     */
    record Column(String title, boolean right, int need) {}

    private final Column[] columns;
    private final int[] widths;
    private final boolean[] kept;
    private final List<String[]> rows = new ArrayList<>();

    Table(Column... columns) {
        this.columns = columns;
        this.widths = new int[columns.length];
        this.kept = new boolean[columns.length];
        for (int at = 0; at < columns.length; at++) {
            widths[at] = TerminalText.width(columns[at].title());
            kept[at] = true;
        }
    }

    /** Adds a row of safe cells. */
    void row(String... cells) {
        for (int at = 0; at < columns.length; at++) {
            widths[at] = Math.max(widths[at], TerminalText.width(cells[at]));
        }
        rows.add(cells);
    }

    /** Leaves out a column in which there is nothing to tell. */
    void drop(int column) {
        kept[column] = false;
    }

    /** Lets columns go until the table is at most so wide; returns what is left over, negative if it cannot be. */
    int fit(int room) {
        while (width() > room) {
            int least = -1;
            for (int at = 0; at < columns.length; at++) {
                if (kept[at] && columns[at].need() > 0 && (least < 0 || columns[at].need() > columns[least].need())) {
                    least = at;
                }
            }
            if (least < 0) {
                break;
            }
            kept[least] = false;
        }
        return room - width();
    }

    private int width() {
        int width = -GAP;
        for (int at = 0; at < columns.length; at++) {
            width += kept[at] ? widths[at] + GAP : 0;
        }
        return width;
    }

    /** @param more a last column, unpadded: its title, then a cell for each row; empty for none */
    void print(Page page, int indent, String... more) {
        print(page, indent, -1, more);
    }

    /** Without the titles. */
    void printRows(Page page, int indent) {
        print(page, indent, 0);
    }

    private void print(Page page, int indent, int from, String... more) {
        StringBuilder line = new StringBuilder();
        for (int row = from; row < rows.size(); row++) {
            line.setLength(0);
            line.append(" ".repeat(indent));
            boolean first = true;
            for (int at = 0; at < columns.length; at++) {
                if (!kept[at]) {
                    continue;
                }
                line.append(first ? "" : "  ");
                first = false;
                String cell = row < 0 ? columns[at].title() : rows.get(row)[at];
                String padding = " ".repeat(widths[at] - TerminalText.width(cell));
                line.append(columns[at].right() ? padding + cell : cell + padding);
            }
            if (more.length > 0) {
                line.append("  ").append(more[row + 1]);
            }
            page.line(row < 0 ? page.style().faint(line.toString().stripTrailing()) : line.toString());
        }
    }
}
