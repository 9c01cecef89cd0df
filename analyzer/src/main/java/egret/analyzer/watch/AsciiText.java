// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.report.TerminalText;

/** Safe text for a terminal that knows ASCII only, of the same width. */
final class AsciiText {
    private static final String FROM = "▁▂▃▄▅▆▇█░·…≈≤≥±×│─▶";
    private static final String TO = "..:-=+*#-.~~<>~x|->";

    private AsciiText() {}

    static String of(String safe) {
        StringBuilder text = new StringBuilder(safe.length());
        int codePoint;
        for (int at = 0; at < safe.length(); at += Character.charCount(codePoint)) {
            codePoint = safe.codePointAt(at);
            int known = FROM.indexOf(codePoint);
            if (codePoint < 0x80) {
                text.append((char) codePoint);
            } else if (known >= 0) {
                text.append(TO.charAt(known));
            } else {
                text.append("?".repeat(TerminalText.width(Character.toString(codePoint))));
            }
        }
        return text.toString();
    }
}
