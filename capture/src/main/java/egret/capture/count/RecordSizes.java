// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * How often each size of a record occurred: a table of fixed length. When it is full, the largest size that was seen once
 * gives way; what was given up is counted. Owned by one connection; 0 B per call.
 */
final class RecordSizes {
    /** Different sizes that are told apart: repeated request headers come in few. */
    private static final int CAPACITY = 24;

    private final int[] size = new int[CAPACITY];
    private final int[] times = new int[CAPACITY];
    private int used;

    void reset() {
        used = 0;
    }

    void add(int value) {
        int victim = -1;
        for (int i = 0; i < used; i++) {
            if (size[i] == value) {
                times[i]++;
                return;
            }
            if (times[i] == 1 && (victim < 0 || size[i] > size[victim])) {
                victim = i;
            }
        }
        if (used < CAPACITY) {
            victim = used++;
        } else if (victim < 0 || size[victim] < value) {
            return;
        }
        size[victim] = value;
        times[victim] = 1;
    }

    /** Smallest size seen at least {@code atLeast} times, 0 if there is none. */
    int smallest(int atLeast) {
        int best = 0;
        for (int i = 0; i < used; i++) {
            if (times[i] >= atLeast && (best == 0 || size[i] < best)) {
                best = size[i];
            }
        }
        return best;
    }

    /** Records with a size of {@code value} ± {@code tolerance}. */
    int near(int value, int tolerance) {
        int sum = 0;
        for (int i = 0; i < used; i++) {
            if (Math.abs(size[i] - value) <= tolerance) {
                sum += times[i];
            }
        }
        return sum;
    }

    /** The size that occurred most often, the smaller of two; 0 if the table is empty. */
    int mostFrequent() {
        int best = -1;
        for (int i = 0; i < used; i++) {
            if (best < 0 || times[i] > times[best] || (times[i] == times[best] && size[i] < size[best])) {
                best = i;
            }
        }
        return best < 0 ? 0 : size[best];
    }

    int times(int value) {
        for (int i = 0; i < used; i++) {
            if (size[i] == value) {
                return times[i];
            }
        }
        return 0;
    }

    /** Smallest size of at least {@code floor} that goes into {@code value} two or more times without rest, 0 if none does. */
    int divisorOf(int value, int floor) {
        int best = 0;
        for (int i = 0; i < used; i++) {
            if (size[i] >= floor && size[i] <= value / 2 && value % size[i] == 0 && (best == 0 || size[i] < best)) {
                best = size[i];
            }
        }
        return best;
    }

    /** How many pieces of {@code unit} the records below {@code limit} can hold, a record at least one. */
    int fits(int unit, int limit) {
        int sum = 0;
        for (int i = 0; i < used; i++) {
            sum += times[i] * (size[i] < limit ? Math.max(1, size[i] / unit) : 1);
        }
        return sum;
    }

    /** What records that are whole multiples (two or more times, below {@code limit}) of {@code unit} hold beyond one each. */
    int beyondOne(int unit, int limit) {
        int sum = 0;
        for (int i = 0; i < used; i++) {
            if (size[i] >= 2 * unit && size[i] < limit && size[i] % unit == 0) {
                sum += times[i] * (size[i] / unit - 1);
            }
        }
        return sum;
    }

    /** The same for records that hold {@code besides} bytes more, of which only one is believed. */
    int beyondOnePlus(int besides, int unit, int limit) {
        for (int i = 0; i < used; i++) {
            int value = size[i] - besides;
            if (times[i] == 1 && value >= 2 * unit && value < limit && value % unit == 0) {
                return value / unit - 1;
            }
        }
        return 0;
    }
}
