// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where file systems are mounted, from /proc/self/mountinfo (proc(5)). */
public final class Mounts {
    private Mounts() {}

    /** The mount points of a type of file system, in the order of mounting; none if /proc cannot be read. */
    public static List<Path> ofType(String type) {
        try {
            String table = Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1);
            return ofType(type, table);
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** {@code ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE OPTIONS}, space and more as \040. */
    static List<Path> ofType(String type, String table) {
        List<Path> points = new ArrayList<>();
        for (String line : table.split("\n", -1)) {
            int separator = line.indexOf(" - ");
            if (separator < 0 || !line.startsWith(type + " ", separator + 3)) {
                continue;
            }
            String[] words = line.split(" ", 6);
            if (words.length == 6 && words[4].startsWith("/")) {
                byte[] point = unescaped(words[4]).getBytes(StandardCharsets.ISO_8859_1);
                points.add(Path.of(new String(point, StandardCharsets.UTF_8)));
            }
        }
        return points;
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char sign = text.charAt(at);
            if (sign == '\\' && at + 3 < text.length() && isOctal(text, at + 1)) {
                plain.append((char) Integer.parseInt(text.substring(at + 1, at + 4), 8));
                at += 3;
            } else {
                plain.append(sign);
            }
        }
        return plain.toString();
    }

    private static boolean isOctal(String text, int from) {
        for (int at = from; at < from + 3; at++) {
            if (text.charAt(at) < '0' || text.charAt(at) > (at == from ? '3' : '7')) {
                return false;
            }
        }
        return true;
    }
}
