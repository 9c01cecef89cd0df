// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

/** Image pulls of one source or behind one egress address, over the window that a limit counts them in. */
final class Pulls {
    private static final int PACE_SECONDS = 300;

    private final SlidingCounts recent = new SlidingCounts(PACE_SECONDS);
    private final SlidingCounts window;

    /** @param windowSeconds at most a day */
    Pulls(int windowSeconds) {
        window = new SlidingCounts(windowSeconds);
    }

    void add(long second, long pulls) {
        recent.add(second, pulls);
        window.add(second, pulls);
    }

    /** In the window that ends with a second. */
    long now(long second) {
        return window.sumAt(0, second);
    }

    /** A second, in the 5 min that end with one, or in as much of them as was seen. */
    double pace(long second, double seenSeconds) {
        return recent.sumAt(0, second) / Math.min(PACE_SECONDS, seenSeconds);
    }

    Outlook outlook(long second) {
        return window.outlook(0, second);
    }
}
