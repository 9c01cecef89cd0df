// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of users by number, from the file passwd(5) alone: no directory service is asked. The file is read again when it
 * has changed, looked at every {@value #LOOK_NANOS} ns at most; of a larger one than {@value #MAX_BYTES} bytes the beginning.
 */
final class Users {
    private static final int MAX_BYTES = 1 << 20;
    private static final long LOOK_NANOS = 10_000_000_000L;

    private final Path file;
    private Map<Integer, String> names = new HashMap<>();
    private @Nullable FileTime modified;
    private long size = -1;
    private boolean looked;
    private long lookedNanos;

    Users(Path file) {
        this.file = file;
    }

    /** The name, or the number as text; "" for -1. */
    String name(int uid, long nowNanos) {
        if (uid == -1) {
            return "";
        }
        if (!looked || nowNanos - lookedNanos >= LOOK_NANOS) {
            looked = true;
            lookedNanos = nowNanos;
            look();
        }
        String name = names.get(uid);
        return name == null ? Integer.toUnsignedString(uid) : name;
    }

    private void look() {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            long bytes = Files.size(file);
            if (now.equals(modified) && bytes == size) {
                return;
            }
            byte[] text = new byte[(int) Math.min(bytes, MAX_BYTES)];
            int length;
            try (var in = Files.newInputStream(file)) {
                length = in.readNBytes(text, 0, text.length);
            }
            names = parse(new String(text, 0, length, StandardCharsets.UTF_8));
            modified = now;
            size = bytes;
        } catch (IOException ignored) {
            // Without the file the numbers stand for themselves, and names known before stay.
        }
    }

    /** Lines of {@code name:password:uid:...}; the first of a number counts. */
    static Map<Integer, String> parse(String text) {
        Map<Integer, String> names = new HashMap<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            int first = text.indexOf(':', from);
            int second = first < 0 ? -1 : text.indexOf(':', first + 1);
            int third = second < 0 ? -1 : text.indexOf(':', second + 1);
            if (first > from && third > 0 && third < end) {
                int uid = uid(text, second + 1, third);
                if (uid >= 0) {
                    names.putIfAbsent(uid, Texts.printable(text.substring(from, first), 64));
                }
            }
            from = end + 1;
        }
        return names;
    }

    private static int uid(String text, int from, int end) {
        if (end == from || end - from > 10) {
            return -1;
        }
        long uid = 0;
        for (int at = from; at < end; at++) {
            char c = text.charAt(at);
            if (c < '0' || c > '9') {
                return -1;
            }
            uid = uid * 10 + c - '0';
        }
        return uid <= Integer.MAX_VALUE ? (int) uid : -1;
    }
}
