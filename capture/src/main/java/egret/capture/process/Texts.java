// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

/** What processes and containers call themselves, made fit to be kept: they may call themselves anything. */
final class Texts {
    private Texts() {}

    /** At most so many characters, with '?' for each that controls a terminal or text; the same object if there is none. */
    static String printable(String text, int most) {
        int end = Math.min(text.length(), most);
        for (int at = 0; at < end; at++) {
            if (unprintable(text.charAt(at))) {
                return cleaned(text, end);
            }
        }
        return end == text.length() ? text : text.substring(0, end);
    }

    private static String cleaned(String text, int end) {
        StringBuilder cleaned = new StringBuilder(end);
        for (int at = 0; at < end; at++) {
            char c = text.charAt(at);
            cleaned.append(unprintable(c) ? '?' : c);
        }
        return cleaned.toString();
    }

    private static boolean unprintable(char c) {
        return c < ' '
                || c == 0x7f
                || (c > 0x7f && (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT));
    }
}
