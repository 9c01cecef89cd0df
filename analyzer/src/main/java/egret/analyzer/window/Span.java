// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

/** The time that an answer is about, from the first packet to the last. */
record Span(long firstNanos, long lastNanos) {
    static final long SECOND = 1_000_000_000L;
    private static final long LONG = 600; // s

    /** Of so much time a burst can be a small part. */
    boolean isLong() {
        return nanos() > LONG * SECOND;
    }

    long nanos() {
        return Math.max(0, lastNanos - firstNanos);
    }

    long lastSecond() {
        return Math.floorDiv(lastNanos, SECOND);
    }

    /** The end of a second, or the last packet's time if that lies within it. */
    long endOf(long second) {
        long end = (second + 1) * SECOND;
        return lastNanos > second * SECOND ? Math.min(end, lastNanos) : end;
    }
}
