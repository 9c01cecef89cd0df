// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

/** Addresses to which connections were translated here: a set that only grows, up to a bound beyond which it holds all. */
final class AddressSet {
    /** A NAT has one to a handful; a pool of a /20 still fits. 128 KiB. */
    static final int LARGEST = 4096;

    private static final int SLOTS = LARGEST * 2;

    /** Pairs of high and low; no address is ::. */
    private final long[] slots = new long[SLOTS * 2];

    private int size;

    void add(long high, long low) {
        int slot = slot(high, low);
        if (size < LARGEST && slots[slot] == 0 && slots[slot + 1] == 0) {
            slots[slot] = high;
            slots[slot + 1] = low;
            size++;
        }
    }

    /** Whether it was added; once the set is full always true. */
    boolean mayContain(long high, long low) {
        int slot = slot(high, low);
        return size == LARGEST || (slots[slot] == high && slots[slot + 1] == low && (high | low) != 0);
    }

    /** Its own place, or the free one where it would be: half the slots stay free. */
    private int slot(long high, long low) {
        long mixed = (high * 31 + low) * 0x9e37_79b9_7f4a_7c15L; // 2^64 / golden ratio
        int slot = (int) (mixed >>> 48) & (SLOTS - 1);
        while ((slots[slot * 2] | slots[slot * 2 + 1]) != 0
                && (slots[slot * 2] != high || slots[slot * 2 + 1] != low)) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        return slot * 2;
    }
}
