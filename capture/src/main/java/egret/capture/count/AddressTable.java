// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import java.util.Arrays;

/**
 * Addresses as small numbers. Number 0 is the address :: and stands for all that found the table full; those are
 * counted as shed.
 */
final class AddressTable {
    private final int limit;
    private long[] highs = new long[256];
    private long[] lows = new long[256];
    private int[] slots = new int[512];
    private int mask = slots.length - 1;
    private int size = 1;
    private long shed;

    AddressTable(int limit) {
        this.limit = limit;
    }

    int number(long high, long low) {
        int slot = slot(high, low);
        for (int number = slots[slot]; number != 0; number = slots[slot]) {
            if (lows[number] == low && highs[number] == high) {
                return number;
            }
            slot = (slot + 1) & mask;
        }
        if (size >= limit) {
            shed++;
            return 0;
        }
        if (size == highs.length) {
            highs = Arrays.copyOf(highs, size * 2);
            lows = Arrays.copyOf(lows, size * 2);
        }
        int number = size++;
        highs[number] = high;
        lows[number] = low;
        slots[slot] = number;
        if (size > slots.length / 2) {
            rehash();
        }
        return number;
    }

    long high(int number) {
        return highs[number];
    }

    long low(int number) {
        return lows[number];
    }

    /** Forgets all numbers but 0. */
    void clear() {
        Arrays.fill(slots, 0);
        size = 1;
    }

    /** Numbers given so far, with 0. */
    int size() {
        return size;
    }

    long shed() {
        return shed;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        mask = slots.length - 1;
        for (int number = 1; number < size; number++) {
            int slot = slot(highs[number], lows[number]);
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = number;
        }
    }

    private int slot(long high, long low) {
        long mixed = (high ^ (high >>> 32)) * 0xff51_afd7_ed55_8ccdL;
        mixed = (mixed ^ (mixed >>> 29) ^ low) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) & mask;
    }
}
