// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import java.util.Arrays;

/**
 * Counts along the whole time, in at most {@value #MOST} points: of a second each at first, of two when they are used
 * up, of four, and so on. Points begin at multiples of their length, so that the finer of two timelines can be added up
 * to the coarser.
 */
final class Timeline {
    static final int MOST = 900;

    private final Budget room;
    private long[] points = new long[0];
    private int size;
    private long first; // second at which the first point begins
    private int step = 1;
    private boolean given = true;

    Timeline(Budget room) {
        this.room = room;
    }

    /** Seconds before the first are not drawn. */
    void add(long second, long count) {
        if (!given) {
            return;
        }
        if (size == 0) {
            first = second;
        }
        if (second < first) {
            return;
        }
        while ((second - first) / step >= MOST) {
            fold();
        }
        int index = (int) ((second - first) / step);
        if (index >= points.length && !grow(index + 1)) {
            return;
        }
        points[index] += count;
        size = Math.max(size, index + 1);
    }

    long first() {
        return first;
    }

    int step() {
        return step;
    }

    int size() {
        return size;
    }

    /** Second at which the point begins that a second lies in. */
    long begin(long second) {
        return first + Math.floorDiv(second - first, (long) step) * step;
    }

    /** What was counted from one second to before another, both the beginnings of points; -1 if there was no room for it. */
    long sum(long from, long to) {
        if (!given) {
            return -1;
        }
        long sum = 0;
        for (int i = 0; i < size; i++) {
            long at = first + (long) i * step;
            if (at >= from && at < to) {
                sum += points[i];
            }
        }
        return sum;
    }

    /** The points of the time that another timeline covers, in its steps; empty if there was no room for this one. */
    Long[] along(Timeline whole) {
        if (!given) {
            return new Long[0];
        }
        long[] sums = new long[whole.size];
        for (int i = 0; i < size; i++) {
            long index = (first + (long) i * step - whole.first) / whole.step;
            if (index >= 0 && index < sums.length) {
                sums[(int) index] += points[i];
            }
        }
        Long[] boxed = new Long[sums.length];
        for (int i = 0; i < sums.length; i++) {
            boxed[i] = sums[i];
        }
        return boxed;
    }

    private boolean grow(int need) {
        int length = Math.min(MOST, Math.max(need, Math.max(16, points.length * 2)));
        if (!room.take(length - points.length)) {
            given = false;
            points = new long[0];
            size = 0;
            return false;
        }
        points = Arrays.copyOf(points, length);
        return true;
    }

    private void fold() {
        long begin = Math.floorDiv(first, (long) step * 2) * step * 2;
        int shift = (int) ((first - begin) / step); // 0 or 1
        int folded = 0;
        for (int i = 0; i < size; i++) {
            int index = (i + shift) / 2;
            long count = points[i];
            points[i] = 0;
            points[index] += count;
            folded = index + 1;
        }
        first = begin;
        step *= 2;
        size = folded;
    }
}
