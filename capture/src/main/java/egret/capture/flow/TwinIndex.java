// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/**
 * Remembers recently seen keys that NAT leaves alone, to recognise the second sighting of a connection: the initial
 * sequence number at the SYN, the ClientHello random at the hello.
 *
 * <p>Sets of {@value #WAYS} entries; a new key takes the place of the oldest of its set. With {@value #ENTRIES} entries a
 * key outlives 65,536 newer ones on average, far longer than the microseconds to milliseconds between two sightings.
 */
final class TwinIndex {
    private static final int ENTRIES = 1 << 16;
    private static final int WAYS = 4;
    private static final int SETS = ENTRIES / WAYS;

    private final long[] keys = new long[ENTRIES];
    private final long[] nanos = new long[ENTRIES];
    private final long[] values = new long[ENTRIES];
    private final long windowNanos;
    private final long none;

    /** @param windowNanos how far apart two sightings may lie, in either direction of time */
    TwinIndex(long windowNanos, long none) {
        this.windowNanos = windowNanos;
        this.none = none;
    }

    /** The value put with this key within the window, or {@code none}; then the key is not put again. */
    long findOrPut(long key, long timestampNanos, long value) {
        long tag = key | 1;
        int set = (int) (Hash.mix(key) & (SETS - 1)) * WAYS;
        int oldest = set;
        for (int i = set; i < set + WAYS; i++) {
            if (keys[i] == tag && Math.abs(timestampNanos - nanos[i]) <= windowNanos) {
                return values[i];
            }
            if (nanos[i] < nanos[oldest]) {
                oldest = i;
            }
        }
        keys[oldest] = tag;
        nanos[oldest] = timestampNanos;
        values[oldest] = value;
        return none;
    }
}
