// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

/**
 * How a page is laid out and painted.
 *
 * @param columns width of the page, {@value #NARROWEST} to {@value #WIDEST}
 * @param colour whether to use the colours of a terminal (ECMA-48 SGR)
 */
public record Style(int columns, boolean colour) {
    /** Below this, the table of sources loses what it is for. */
    public static final int NARROWEST = 80;

    /** Beyond this, eyes lose the line. */
    public static final int WIDEST = 120;

    /** For a page that is not for a terminal. */
    public static final Style PLAIN = new Style(100, false);

    public Style {
        columns = Math.max(NARROWEST, Math.min(WIDEST, columns));
    }

    String bold(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    /** By the word of a severity. */
    String severity(String severity, String text) {
        return paint(severity.equals("critical") ? "1;31" : severity.equals("warning") ? "1;33" : "1", text);
    }

    private String paint(String code, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
