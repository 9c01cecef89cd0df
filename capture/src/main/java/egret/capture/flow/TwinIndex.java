// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/**
 * Remembers recently seen keys that NAT leaves alone, to recognise the second sighting of a connection: the initial
 * sequence number at the SYN, the random at the hello.
 *
 * <p>Sets of {@value #WAYS} entries; a new key takes the place of the oldest of its set. A key outlives some
 * {@value #ENTRIES} newer ones: a quarter of a second at a million connections a minute, where copies come within
 * microseconds to milliseconds. Small enough to stay in the processor's cache, as every connection looks here twice.
 */
final class TwinIndex {
    private static final int ENTRIES = 1 << 12;
    private static final int WAYS = 4;
    private static final int SETS = ENTRIES / WAYS;

    /** An entry is a word of key and time, and its value: four entries fill a cache line. */
    private static final int STRIDE = 2;

    private static final int VALUE = 1;

    /** The low bits of the first word are the time in ms, which comes round after 16.8 s; the others are of the key. */
    private static final long TIME = (1 << 24) - 1;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long[] entries = new long[ENTRIES * STRIDE];
    private final long windowMillis;
    private final long none;

    /** @param windowNanos how far apart two sightings may lie, in either direction of time; less than 16 s */
    TwinIndex(long windowNanos, long none) {
        this.windowMillis = windowNanos / NANOS_PER_MILLI;
        this.none = none;
    }

    /** The value put with this key within the window, or {@code none}; only then is the key put. */
    long findOrPut(long key, long timestampNanos, long value) {
        long[] e = entries;
        long now = (timestampNanos / NANOS_PER_MILLI) & TIME;
        long tag = (key & ~TIME) | (1L << 24);
        int first = ((int) key & (SETS - 1)) * WAYS * STRIDE;
        int oldest = first;
        long oldestAge = -1;
        for (int at = first; at < first + WAYS * STRIDE; at += STRIDE) {
            long word = e[at];
            long age = (now - word) & TIME;
            if ((word & ~TIME) == tag && (age <= windowMillis || age >= TIME - windowMillis)) {
                return e[at + VALUE];
            }
            // Of the future a little, when captures disagree on the time: as young as can be.
            long since = word == 0 ? TIME : age >= TIME - windowMillis ? 0 : age;
            if (since > oldestAge) {
                oldestAge = since;
                oldest = at;
            }
        }
        e[oldest] = tag | now;
        e[oldest + VALUE] = value;
        return none;
    }
}
