// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.pcap.RawPacket;

/**
 * The time of a capture: the machine's clock, by which the kernel stamps packets, less what a packet may wait unseen. When
 * that clock is set back, by {@value #MOST_AHEAD} ns at most all in all, the capture's time goes on, whole seconds ahead of it
 * from then on, and packets are moved by as much. When it is set back by more, the capture follows with the next packets;
 * when it is set forward, at once.
 */
final class LiveClock {
    /** A clock that moves by more than this against one that nobody sets was set. */
    static final long STEP = 1_000_000_000L;

    /** Further ahead of the machine's clock nobody would find the times of an answer again. */
    static final long MOST_AHEAD = 300_000_000_000L;

    /** A kernel's tick or two, and a reader that is not woken at once. */
    private static final long LATE_NANOS = 30_000_000L;

    private static final long SECOND = 1_000_000_000L;

    /** Clocks that are read further apart are not compared: the thread was held up in between. */
    private static final long APART = 100_000_000L;

    private final long lag;
    private long last = Long.MIN_VALUE;

    /** What is added to the machine's clock. */
    private long ahead;

    private boolean looked;
    private long lookedNow;

    /** The machine's clock less the one that nobody sets. */
    private long offset;

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

    /**
     * Compares both clocks of the machine, and says so if the first was set since the last look.
     *
     * @return the time of the first
     */
    long look(LiveListener listener) {
        long monotonic = System.nanoTime();
        long now = now();
        if (System.nanoTime() - monotonic < APART) {
            long step = step(now, monotonic);
            if (step != 0) {
                listener.clockSet(new ClockStep(step, ahead()));
            }
        }
        return now;
    }

    /** By how much the machine's clock was set since the last time, 0 if it was not. */
    long step(long now, long monotonic) {
        long step = looked ? now - monotonic - offset : 0;
        looked = true;
        lookedNow = now;
        offset = now - monotonic;
        if (Math.abs(step) <= STEP) {
            return 0;
        }
        ahead = Math.max(0, ahead - Math.round((double) step / SECOND) * SECOND);
        return step;
    }

    /** Packets are about to be handed over, the first of them with this stamp. */
    void packets(long stamp, LiveListener listener) {
        if (isBack(stamp)) {
            look(listener);
        }
        packets(stamp);
    }

    void packets(long stamp) {
        if (ahead > MOST_AHEAD) {
            ahead = 0;
        }
        if (isBack(stamp)) {
            last = stamp + ahead;
        }
    }

    private boolean isBack(long stamp) {
        return last != Long.MIN_VALUE && stamp + ahead < last - STEP;
    }

    /** Gives a packet its place in the capture's time. What was stamped before the clock was set back has it. */
    void place(RawPacket packet) {
        if (packet.timestampNanos <= lookedNow + STEP) {
            packet.timestampNanos += ahead;
        }
    }

    /** No packet waits, at this time of the machine's clock. */
    long quiet(long now) {
        last = Math.max(last, now + ahead - lag);
        return last;
    }

    /** Packets come without a pause, the next of them with this stamp. */
    long busy(long stamp, long now) {
        last = Math.max(last, Math.min(stamp, now - lag) + ahead);
        return last;
    }

    /** By how much packets are moved: whole seconds. */
    long ahead() {
        return ahead > MOST_AHEAD ? 0 : ahead;
    }
}
