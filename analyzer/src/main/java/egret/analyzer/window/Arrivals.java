// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import java.util.Arrays;

/**
 * The times of the last arrivals, in ms of packet time: up to {@value #MOST}, fewer where the room that all sources
 * share is used up.
 */
final class Arrivals {
    static final int MOST = 8192;
    static final int FIRST = 8;

    private final Budget room;
    private long[] ring = {};
    private int next;
    private int size;
    private boolean full;

    Arrivals(Budget room) {
        this.room = room;
    }

    void add(long millis) {
        if (size == ring.length && !full) {
            grow();
        }
        ring[next] = millis;
        next = next + 1 == ring.length ? 0 : next + 1;
        size = Math.min(size + 1, ring.length);
    }

    int size() {
        return size;
    }

    long[] ascending() {
        long[] times = Arrays.copyOf(ring, size);
        Arrays.sort(times);
        return times;
    }

    private void grow() {
        if (ring.length == 0) {
            ring = new long[FIRST];
            return;
        }
        if (ring.length >= MOST || !room.take(ring.length)) {
            full = true;
            return;
        }
        next = ring.length;
        ring = Arrays.copyOf(ring, ring.length * 2);
    }
}
