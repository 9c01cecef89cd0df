// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Texts that were made of bytes before: a daemon in trouble says the same over and over, and a text that is made once is
 * hashed once. What falls on the same place takes it. One thread.
 */
final class TextCache {
    private static final int SLOTS = 4096;

    /** Longer ones are made anew. */
    private static final int LONGEST = 512;

    private final @Nullable String[] texts = new @Nullable String[SLOTS];
    private final byte[] @Nullable [] bytes = new byte[SLOTS] @Nullable [];

    String of(byte[] b, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return "";
        }
        if (length > LONGEST) {
            return new String(b, from, length, StandardCharsets.UTF_8);
        }
        int hash = length;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + b[i];
        }
        int slot = (hash ^ (hash >>> 16) ^ (hash >>> 7)) & (SLOTS - 1);
        String cached = texts[slot];
        if (cached != null && same(bytes[slot], b, from, length)) {
            return cached;
        }
        String made = new String(b, from, length, StandardCharsets.UTF_8);
        byte[] copy = new byte[length];
        System.arraycopy(b, from, copy, 0, length);
        texts[slot] = made;
        bytes[slot] = copy;
        return made;
    }

    private static boolean same(byte @Nullable [] one, byte[] b, int from, int length) {
        if (one == null || one.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (one[i] != b[from + i]) {
                return false;
            }
        }
        return true;
    }
}
