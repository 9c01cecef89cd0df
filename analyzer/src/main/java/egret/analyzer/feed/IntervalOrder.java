// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.feed;

import egret.capture.count.SourceCounts;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The way in: messages in any order and perhaps twice, intervals out in order of packet time and once.
 *
 * <p>The clock is the latest start of an interval. An interval is held back for {@code graceSeconds} of that clock and
 * then passed on, by start, agent, boot and sequence: the order of arrival leaves no trace. What comes after its time
 * is late: passed on as such. An interval that is more than {@value #FUTURE_SECONDS} s ahead of the clock does not move
 * it: one agent with a wrong clock must not make all others late. When {@value #JUMP_AFTER} such intervals come and
 * nothing else in between, it was a gap in the traffic, and the clock jumps.
 *
 * <p>At most {@value #MAX_HELD} messages are held; past that the earliest is passed on before its time. Owned by one
 * thread.
 */
public final class IntervalOrder {
    static final int FUTURE_SECONDS = 3600;
    static final int JUMP_AFTER = 10;
    static final int MAX_HELD = 65_536;

    private final int graceSeconds;
    private final IntervalSink sink;
    private final SeenSequences seen = new SeenSequences();
    private final PriorityQueue<SourceCounts> held = new PriorityQueue<>(64, new ByStart());
    private long clock = Long.MIN_VALUE;
    private long passed = Long.MIN_VALUE; // everything before this second has been passed on
    private int ahead;
    private long duplicates;
    private long late;
    private long future;

    /**
     * @param graceSeconds how late a message may be and still find its place, ≥ 0; at 0 nothing is held, which is right
     *     for one agent in the same process
     */
    public IntervalOrder(int graceSeconds, IntervalSink sink) {
        this.graceSeconds = graceSeconds;
        this.sink = sink;
    }

    public void accept(SourceCounts counts) {
        if (!seen.first(counts.agent(), counts.boot(), counts.sequence())) {
            duplicates++;
            return;
        }
        long start = counts.startSecond();
        if (start < passed) {
            late++;
            sink.interval(counts, true);
            return;
        }
        held.add(counts);
        if (clock == Long.MIN_VALUE || start <= clock + FUTURE_SECONDS) {
            clock = Math.max(clock, start);
            ahead = 0;
        } else {
            future++;
            ahead++;
            if (ahead >= JUMP_AFTER) {
                jump();
            }
        }
        pass(graceSeconds == 0 ? clock : clock - graceSeconds - 1);
        while (held.size() > MAX_HELD) {
            passOne();
        }
    }

    /** Passes on all that is held, at the end of a feed. */
    public void flush() {
        while (!held.isEmpty()) {
            passOne();
        }
    }

    /** Messages that had come before and were ignored. */
    public long duplicates() {
        return duplicates;
    }

    /** Messages that came after their time was over. */
    public long late() {
        return late;
    }

    /** Messages that were far ahead of all others when they came. */
    public long future() {
        return future;
    }

    /** To the earliest interval after the gap; what was held before it is due. */
    private void jump() {
        long before = clock + FUTURE_SECONDS;
        long earliest = Long.MAX_VALUE;
        for (SourceCounts counts : held) {
            if (counts.startSecond() > before) {
                earliest = Math.min(earliest, counts.startSecond());
            }
        }
        clock = earliest;
        ahead = 0;
    }

    private void pass(long second) {
        while (true) {
            SourceCounts first = held.peek();
            if (first == null || first.startSecond() > second) {
                return;
            }
            passOne();
        }
    }

    private void passOne() {
        SourceCounts counts = held.poll();
        if (counts != null) {
            passed = Math.max(passed, counts.startSecond());
            sink.interval(counts, false);
        }
    }

    /** A class rather than a lambda, which would cost 10 ms at the start of every run. */
    private static final class ByStart implements Comparator<SourceCounts> {
        @Override
        public int compare(SourceCounts one, SourceCounts other) {
            int order = Long.compare(one.startSecond(), other.startSecond());
            if (order == 0) {
                order = one.agent().compareTo(other.agent());
            }
            if (order == 0) {
                order = one.boot().compareTo(other.boot());
            }
            return order != 0 ? order : Long.compare(one.sequence(), other.sequence());
        }
    }
}
