// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

/** A page of text in the making. Whoever adds a line has made its text safe; the page only wraps and paints. */
final class Page {
    private static final int LABEL_COLUMNS = 11;

    private final StringBuilder text = new StringBuilder(4096);
    private final Style style;

    Page(Style style) {
        this.style = style;
    }

    Style style() {
        return style;
    }

    void line(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == ' ') {
            end--;
        }
        text.append(line, 0, end).append('\n');
    }

    /** An empty line, unless the page just begins. */
    void blank() {
        if (text.length() > 0) {
            text.append('\n');
        }
    }

    void heading(String heading) {
        blank();
        line(style.bold(heading));
    }

    /** A label and its text, which is wrapped beside it. */
    void labelled(int indent, String label, String safe) {
        StringBuilder lead = new StringBuilder();
        lead.append(" ".repeat(indent)).append(label);
        int column = indent + LABEL_COLUMNS;
        lead.append(" ".repeat(Math.max(1, column - lead.length())));
        wrapped(lead.toString(), column, safe);
    }

    /** Text wrapped between words; what is longer than a line is broken. */
    void wrapped(String lead, int indent, String safe) {
        int room = style.columns() - indent;
        StringBuilder line = new StringBuilder(lead);
        int used = 0;
        int at = 0;
        while (at < safe.length()) {
            int end = safe.indexOf(' ', at);
            end = end < 0 ? safe.length() : end;
            String word = safe.substring(at, end);
            int width = TerminalText.width(word);
            if (used > 0 && used + 1 + width > room) {
                line(line.toString());
                line.setLength(0);
                line.append(" ".repeat(indent));
                used = 0;
            }
            if (used > 0) {
                line.append(' ');
                used++;
            }
            int from = 0;
            while (width > room) {
                int cut = columnsFit(word, from, room);
                line(line.append(word, from, cut).toString());
                line.setLength(0);
                line.append(" ".repeat(indent));
                from = cut;
                width = TerminalText.width(word.substring(from));
            }
            line.append(word, from, word.length());
            used += width;
            at = end + 1;
        }
        line(line.toString());
    }

    private static int columnsFit(String word, int from, int room) {
        int at = from;
        int used = 0;
        while (at < word.length()) {
            int codePoint = word.codePointAt(at);
            int next = at + Character.charCount(codePoint);
            used += TerminalText.width(word.substring(at, next));
            if (used > room) {
                break;
            }
            at = next;
        }
        return at;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
