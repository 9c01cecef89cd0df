// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

/** Image pulls behind one egress address. */
final class Pulls {
    private static final int PACE_SECONDS = 300;
    private static final int WINDOW_SECONDS = 21_600;

    private final SlidingCounts counts = new SlidingCounts(PACE_SECONDS, WINDOW_SECONDS);
    private long first = Long.MIN_VALUE;

    void add(long second, long pulls) {
        if (first == Long.MIN_VALUE) {
            first = second;
        }
        counts.add(second, pulls);
    }

    /** In the 6 h that end with a second. */
    long now(long second) {
        return counts.sumAt(1, second);
    }

    /** A second, in the 5 min that end with one, or in as much of them as was seen. */
    double pace(long second, double seenSeconds) {
        return counts.sumAt(0, second) / Math.max(1, Math.min(PACE_SECONDS, seenSeconds));
    }

    /** The second of the first. */
    long first() {
        return first;
    }
}
