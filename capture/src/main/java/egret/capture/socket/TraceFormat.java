// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.util.HashMap;
import java.util.Map;

/**
 * Where the fields of an event lie, from its {@code format} file in tracefs: offsets differ between kernels.
 *
 * <pre>
 * ID: 365
 * format:
 *     field:__data_loc char[] filename;    offset:8;    size:4;    signed:0;
 * </pre>
 */
final class TraceFormat {
    /** The largest page that tracing can be set to. */
    static final int LONGEST = 1 << 17;

    private final String name;
    private final Map<String, int[]> fields = new HashMap<>();
    private int id = -1;
    private int length;

    TraceFormat(String name, String text) {
        this.name = name;
        for (String line : text.split("\n", -1)) {
            String plain = line.trim();
            if (plain.startsWith("ID:")) {
                id = number(plain, "ID:");
            } else if (plain.startsWith("field:")) {
                field(plain);
            }
        }
    }

    private void field(String line) {
        int end = line.indexOf(';');
        int offset = number(line, "offset:");
        int size = number(line, "size:");
        if (end < 0 || offset < 0 || size < 0 || offset + size > LONGEST) {
            return;
        }
        String declaration = line.substring("field:".length(), end);
        int bracket = declaration.endsWith("]") ? declaration.lastIndexOf('[') : -1;
        String plain = bracket < 0 ? declaration : declaration.substring(0, bracket);
        fields.put(plain.substring(plain.lastIndexOf(' ') + 1), new int[] {offset, size});
    }

    /** The decimal number behind a word, -1 if there is none. */
    private static int number(String line, String word) {
        int at = line.indexOf(word);
        if (at < 0) {
            return -1;
        }
        int value = 0;
        int digits = 0;
        for (int from = at + word.length(); from < line.length(); from++) {
            char sign = line.charAt(from);
            if (sign >= '0' && sign <= '9' && digits < 9) {
                value = value * 10 + sign - '0';
                digits++;
            } else if (digits > 0 || sign != ' ') {
                break;
            }
        }
        return digits == 0 ? -1 : value;
    }

    int id() throws SocketSourceException {
        if (id < 0) {
            throw new SocketSourceException("the kernel's event " + name + " has no number");
        }
        return id;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    /** The offset of a field, which must have this size; from then on {@link #length} includes it. */
    int offset(String field, int size) throws SocketSourceException {
        int[] place = fields.get(field);
        if (place == null || place[1] != size) {
            throw new SocketSourceException(
                    "the kernel's event " + name + " has no " + field + " of " + size + " bytes");
        }
        length = Math.max(length, place[0] + size);
        return place[0];
    }

    /** The offset of what has no fixed size. */
    int start(String field) throws SocketSourceException {
        int[] place = fields.get(field);
        if (place == null) {
            throw new SocketSourceException("the kernel's " + name + " has no " + field);
        }
        return place[0];
    }

    /** What an event must have for all fields that were asked for. */
    int length() {
        return length;
    }
}
