// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.util.Arrays;

/**
 * Finds entries of a table by the hash of a key: open addressing over one array of entry numbers, each entry in it once at
 * most. Who asks compares the keys. Allocates nothing but when it grows.
 */
final class EntryIndex {
    private int[] slots;

    /** By entry. */
    private int[] hashes;

    private int mask;

    /** @param entries numbers run from 0 to this; the slots are up to twice as many, and more */
    EntryIndex(int entries) {
        int count = Integer.highestOneBit(entries) * 2;
        this.slots = new int[count];
        this.hashes = new int[entries];
        this.mask = count - 1;
    }

    /** There are twice as many entries from now on. */
    void grow() {
        int[] before = slots;
        hashes = Arrays.copyOf(hashes, 2 * hashes.length);
        slots = new int[2 * before.length];
        mask = slots.length - 1;
        for (int entry : before) {
            if (entry != 0) {
                add(entry - 1, hashes[entry - 1]);
            }
        }
    }

    /** Where to look first for a key; then {@link #next} until {@link #entry} is -1. */
    int first(int hash) {
        return spread(hash);
    }

    int next(int slot) {
        return (slot + 1) & mask;
    }

    /** The entry there, -1 if there is none. */
    int entry(int slot) {
        return slots[slot] - 1;
    }

    void add(int entry, int hash) {
        int slot = spread(hash);
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        hashes[entry] = hash;
        slots[slot] = entry + 1;
    }

    /** Takes it out, if it is in, and closes the hole by moving later ones back. */
    void remove(int entry) {
        int hole = spread(hashes[entry]);
        while (slots[hole] != entry + 1) {
            if (slots[hole] == 0) {
                return;
            }
            hole = (hole + 1) & mask;
        }
        int slot = hole;
        for (; ; ) {
            slot = (slot + 1) & mask;
            if (slots[slot] == 0) {
                break;
            }
            int home = spread(hashes[slots[slot] - 1]);
            if (((slot - home) & mask) >= ((slot - hole) & mask)) {
                slots[hole] = slots[slot];
                hole = slot;
            }
        }
        slots[hole] = 0;
    }

    private int spread(int hash) {
        return ((hash * 0x9E37_79B9) >>> 7) & mask;
    }

    /** Hash of what tells a connection apart, which is no secret and comes off the wire. */
    static int hash(long a, long b, long c) {
        long h = mix(a + 0x9E37_79B9_7F4A_7C15L);
        h = mix(h ^ b);
        h = mix(h ^ c);
        return (int) h;
    }

    /** The finalizer of MurmurHash3. */
    private static long mix(long value) {
        long h = value;
        h = (h ^ (h >>> 33)) * 0xff51_afd7_ed55_8ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
        return h ^ (h >>> 33);
    }
}
