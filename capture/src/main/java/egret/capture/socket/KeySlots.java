// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.util.Arrays;

/**
 * A bounded table from keys to slot numbers; what belongs to a key is kept by the user, in arrays of {@link #capacity}
 * elements. A key can stand in four slots; when they are taken, the one that was claimed first gives way. Key 0 is no key.
 */
final class KeySlots {
    private static final int WAYS = 4;

    private final long[] keys;

    /** When each slot was claimed, in claims. */
    private final long[] claims;

    private final int shift;
    private long claimed;
    private long shed;

    /** @param bits the capacity's logarithm to the base 2, 3 to 24 */
    KeySlots(int bits) {
        keys = new long[1 << bits];
        claims = new long[1 << bits];
        shift = 64 - (bits - 2);
    }

    int capacity() {
        return keys.length;
    }

    /** Keys that gave way to others. */
    long shed() {
        return shed;
    }

    /** The slot of a key, -1 if it has none. */
    int find(long key) {
        int first = first(key);
        for (int slot = first; slot < first + WAYS; slot++) {
            if (keys[slot] == key && key != 0) {
                return slot;
            }
        }
        return -1;
    }

    /** The slot of a key from now on: its own, a free one, or the oldest one's. */
    int claim(long key) {
        int first = first(key);
        int best = first;
        for (int slot = first; slot < first + WAYS; slot++) {
            if (keys[slot] == key) {
                best = slot;
                break;
            }
            if (age(slot) > age(best)) {
                best = slot;
            }
        }
        if (keys[best] != 0 && keys[best] != key) {
            shed++;
        }
        keys[best] = key;
        claims[best] = ++claimed;
        return best;
    }

    private long age(int slot) {
        return keys[slot] == 0 ? Long.MAX_VALUE : claimed - claims[slot];
    }

    void free(int slot) {
        keys[slot] = 0;
    }

    void clear() {
        Arrays.fill(keys, 0);
    }

    private int first(long key) {
        long mixed = key * 0x9e37_79b9_7f4a_7c15L; // 2^64 / golden ratio: neighbours fall far apart
        return (int) (mixed >>> shift) * WAYS;
    }
}
