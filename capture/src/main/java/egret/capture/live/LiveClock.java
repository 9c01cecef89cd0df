// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/**
 * The time before which no packet will come any more. It goes on when the machine's clock is set back, and is set back only
 * by packets that were stamped after that.
 */
final class LiveClock {
    /** What is further back was stamped by a clock that was set. */
    static final long STEP = 1_000_000_000L;

    /** A kernel's tick or two, and a reader that is not woken at once. */
    private static final long LATE_NANOS = 30_000_000L;

    private final long lag;
    private long last = Long.MIN_VALUE;

    /** What is added to the machine's clock since it was set back. */
    private long ahead;

    /** @param waitMillis after which the kernel closes a block that is not full, at the second look */
    LiveClock(int waitMillis) {
        lag = 2L * waitMillis * 1_000_000L + LATE_NANOS;
    }

    /** How long a packet may wait unseen, generously. */
    long lag() {
        return lag;
    }

    static long now() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    /** The oldest packet that is about to be handed over; 0 if there is none after all. */
    void packets(long oldestNanos) {
        if (last != Long.MIN_VALUE && oldestNanos != 0 && oldestNanos < last - STEP) {
            last = oldestNanos;
            ahead = 0;
        }
    }

    /** No packet waits, at this time of the machine's clock. */
    long quiet(long now) {
        long time = now - lag;
        if (ahead != 0 && time >= last) {
            ahead = 0;
        }
        time += ahead;
        if (last != Long.MIN_VALUE && time < last - STEP) {
            ahead += last - time;
            time = last;
        }
        last = Math.max(last, time);
        return last;
    }

    /** Packets come without a pause, the next of them with this stamp. */
    long busy(long oldestNanos, long now) {
        last = Math.max(last, Math.min(oldestNanos, now + ahead - lag));
        return last;
    }
}
