// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import java.util.Arrays;

/** The last times of something, in ms since the epoch, in any order: up to {@value #MOST}, or as many as there is room for. */
final class Times {
    static final int MOST = 8192;
    private static final int FIRST = 8;

    /** Room that many share: who comes when it is used up keeps fewer. */
    static final class Room {
        private int left;

        Room(int times) {
            left = times;
        }

        private boolean take(int times) {
            if (times > left) {
                return false;
            }
            left -= times;
            return true;
        }
    }

    private final Room room;
    private long[] ring = new long[FIRST];
    private int next;
    private int size;
    private boolean full;

    Times(Room room) {
        this.room = room;
    }

    void add(long millis) {
        if (size == ring.length && !full) {
            full = ring.length >= MOST || !room.take(ring.length);
            if (!full) {
                ring = Arrays.copyOf(ring, ring.length * 2);
                next = size;
            }
        }
        ring[next] = millis;
        next = next + 1 == ring.length ? 0 : next + 1;
        size = Math.min(size + 1, ring.length);
    }

    int size() {
        return size;
    }

    /** Whether older ones were given up. */
    boolean isFull() {
        return full;
    }

    long[] ascending() {
        long[] times = Arrays.copyOf(ring, size);
        Arrays.sort(times);
        return times;
    }
}
