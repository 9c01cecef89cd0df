// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

/**
 * Text of unknown origin made fit for a terminal: what could move the cursor, change colours, hide or reorder the line is
 * shown as an escape. Server names, file names and everything else that a capture or a user brings passes through here.
 */
public final class TerminalText {
    private TerminalText() {}

    /**
     * The text with every harmful character as {@code \xNN} or {@code \}{@code u{NNNN}}, and {@code \} doubled, so that no
     * name can pretend to be an escape.
     */
    public static String safe(String text) {
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, plain);
        int codePoint;
        for (int at = plain; at < text.length(); at += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(at);
            append(safe, codePoint);
        }
        return safe.toString();
    }

    /** The text made safe, and cut with an ellipsis to at most {@code columns} (≥ 1) columns. */
    public static String safe(String text, int columns) {
        return cut(safe(text), columns);
    }

    /** Safe text cut with an ellipsis to at most {@code columns} (≥ 1) columns. */
    public static String cut(String safe, int columns) {
        if (width(safe) <= columns) {
            return safe;
        }
        int used = 0;
        int at = 0;
        while (at < safe.length()) {
            int codePoint = safe.codePointAt(at);
            used += width(codePoint);
            if (used > columns - 1) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return safe.substring(0, at) + "…";
    }

    /** Columns that safe text takes. */
    public static int width(String safe) {
        int width = 0;
        int codePoint;
        for (int at = 0; at < safe.length(); at += Character.charCount(codePoint)) {
            codePoint = safe.codePointAt(at);
            width += width(codePoint);
        }
        return width;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '\\';
    }

    private static void append(StringBuilder safe, int codePoint) {
        if (codePoint == '\\') {
            safe.append("\\\\");
        } else if (codePoint < 0x80 ? isPlain((char) codePoint) : isHarmless(codePoint)) {
            safe.appendCodePoint(codePoint);
        } else if (codePoint < 0x100) {
            String hex = Integer.toHexString(codePoint);
            safe.append(hex.length() == 1 ? "\\x0" : "\\x").append(hex);
        } else {
            safe.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
        }
    }

    /** Letters, digits, marks of punctuation and symbols that are seen, and are written from left to right. */
    private static boolean isHarmless(int codePoint) {
        boolean showsNothing = switch (codePoint) {
            case 0x115f, 0x1160, 0x2800, 0x3164, 0xffa0 -> true; // fillers that count as letters or symbols
            default -> false;
        };
        byte direction = Character.getDirectionality(codePoint);
        return !showsNothing
                && direction != Character.DIRECTIONALITY_RIGHT_TO_LEFT
                && direction != Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC
                && switch (Character.getType(codePoint)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR,
                            Character.NON_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.COMBINING_SPACING_MARK -> false;
                    default -> true;
                };
    }

    /** Two columns for the East Asian wide blocks and pictographs (UAX #11, coarsely), one for everything else. */
    private static int width(int codePoint) {
        boolean wide = codePoint >= 0x1100
                && (codePoint <= 0x115f
                        || (codePoint >= 0x2e80 && codePoint <= 0xa4cf)
                        || (codePoint >= 0xac00 && codePoint <= 0xd7a3)
                        || (codePoint >= 0xf900 && codePoint <= 0xfaff)
                        || (codePoint >= 0xfe30 && codePoint <= 0xfe6f)
                        || (codePoint >= 0xff00 && codePoint <= 0xff60)
                        || (codePoint >= 0xffe0 && codePoint <= 0xffe6)
                        || (codePoint >= 0x1f300 && codePoint <= 0x1faff)
                        || (codePoint >= 0x20000 && codePoint <= 0x3fffd));
        return wide ? 2 : 1;
    }
}
