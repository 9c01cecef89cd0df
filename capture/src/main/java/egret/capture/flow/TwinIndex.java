// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/**
 * Remembers recently seen keys that NAT leaves alone, to recognise the second sighting of a connection: the initial
 * sequence number at the SYN, the random at the hello.
 *
 * <p>Sets of {@value #WAYS} entries; a new key takes the place of the oldest of its set. A key outlives some
 * {@value #ENTRIES} newer ones, half a second at 30,000 connections a second, where copies come within microseconds to
 * milliseconds. Small enough to stay in the processor's cache, as every connection looks here twice.
 */
final class TwinIndex {
    private static final int ENTRIES = 1 << 14;
    private static final int WAYS = 4;
    private static final int SETS = ENTRIES / WAYS;

    /** An entry is its key, its time and its value. */
    private static final int STRIDE = 3;

    private static final int TIME = 1;
    private static final int VALUE = 2;

    private final long[] entries = new long[ENTRIES * STRIDE];
    private final long windowNanos;
    private final long none;

    /** @param windowNanos how far apart two sightings may lie, in either direction of time */
    TwinIndex(long windowNanos, long none) {
        this.windowNanos = windowNanos;
        this.none = none;
    }

    /** The value put with this key within the window, or {@code none}; only then is the key put. */
    long findOrPut(long key, long timestampNanos, long value) {
        long[] e = entries;
        long tag = key | 1;
        int set = (int) (key >>> 20) & (SETS - 1);
        int first = set * WAYS * STRIDE;
        int oldest = first;
        for (int at = first; at < first + WAYS * STRIDE; at += STRIDE) {
            if (e[at] == tag && Math.abs(timestampNanos - e[at + TIME]) <= windowNanos) {
                return e[at + VALUE];
            }
            if (e[at + TIME] < e[oldest + TIME]) {
                oldest = at;
            }
        }
        e[oldest] = tag;
        e[oldest + TIME] = timestampNanos;
        e[oldest + VALUE] = value;
        return none;
    }
}
