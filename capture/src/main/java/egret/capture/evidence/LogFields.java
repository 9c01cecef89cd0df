// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.nio.charset.StandardCharsets;

/**
 * The fields of a line as logrus' text formatter and klog write them: {@code key=value key="quoted \"value\""}. Stateless
 * but for its scratch.
 */
final class LogFields {
    private byte[] scratch = new byte[1024];
    private final TextCache texts = new TextCache();

    /** Hands the fields of {@code [from, to)} on; what is torn at the end is handed on as far as it is there. */
    void read(byte[] b, int from, int to, LogLine line) {
        int at = from;
        while (at < to) {
            while (at < to && b[at] <= ' ') {
                at++;
            }
            int key = at;
            while (at < to && b[at] != '=' && b[at] > ' ') {
                at++;
            }
            if (at >= to || b[at] != '=') {
                continue; // a word of its own
            }
            int keyEnd = at++;
            boolean known = known(b, key, keyEnd);
            boolean quoted = at < to && b[at] == '"';
            int value = quoted ? at + 1 : at;
            int end = value;
            if (quoted) {
                end = endOfQuoted(b, value, to);
            } else {
                while (end < to && b[end] > ' ') {
                    end++;
                }
            }
            if (known) {
                boolean task = b[key] == 't';
                // Each is seen once or twice: no use in keeping it.
                String text = task ? text(b, value, end) : quoted ? unquoted(b, value, end) : texts.of(b, value, end);
                line.field(texts.of(b, key, keyEnd), text);
            }
            at = quoted ? Math.min(to, end + 1) : end;
        }
    }

    /** Fields that {@link LogLine} takes, by their first letter and length, so that no string is made of others. */
    private static boolean known(byte[] b, int from, int to) {
        int length = to - from;
        if (length < 3) {
            return false;
        }
        return switch (b[from]) {
            case 'm' -> length == 3;
            case 'e' -> length == 5 || length == 3 || length == 14;
            case 's' -> length == 10;
            case 't' -> length == 7;
            case 'r' -> length == 6 || length == 11;
            case 'i' -> length == 5;
            case 'u' -> length == 3;
            case 'h' -> length == 4;
            case 'p' -> length == 3;
            default -> false;
        };
    }

    /** Position of the closing quote, or {@code to} if there is none. */
    static int endOfQuoted(byte[] b, int from, int to) {
        int at = ByteSearch.find(b, from, to, (byte) '"');
        while (at < to && isEscaped(b, from, at)) {
            at = ByteSearch.find(b, at + 1, to, (byte) '"');
        }
        return at;
    }

    /** An odd number of backslashes stands before it. */
    private static boolean isEscaped(byte[] b, int from, int at) {
        int first = at;
        while (first > from && b[first - 1] == '\\') {
            first--;
        }
        return ((at - first) & 1) == 1;
    }

    /** Undoes Go's and JSON's escapes as far as people need it: \" \\ \n \t; others stay as they are. */
    String unquoted(byte[] b, int from, int to) {
        if (ByteSearch.find(b, from, to, (byte) '\\') == to) {
            return texts.of(b, from, to);
        }
        if (scratch.length < to - from) {
            scratch = new byte[Integer.highestOneBit(to - from) << 1];
        }
        int n = 0;
        for (int at = from; at < to; at++) {
            byte c = b[at];
            if (c == '\\' && at + 1 < to) {
                byte next = b[at + 1];
                if (next == '"' || next == '\\') {
                    c = next;
                    at++;
                } else if (next == 'n' || next == 't') {
                    c = ' ';
                    at++;
                }
            }
            scratch[n++] = c;
        }
        return texts.of(scratch, 0, n);
    }

    /** Of what is said over and over. */
    String cached(byte[] b, int from, int to) {
        return texts.of(b, from, to);
    }

    static String text(byte[] b, int from, int to) {
        return new String(b, from, to - from, StandardCharsets.UTF_8);
    }
}
