// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.capture.count.CountSink;
import egret.capture.count.SourceCounts;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * From the thread that captures to the one that analyzes. Giving never waits: if the analyzer is {@value #MOST_INTERVALS}
 * seconds behind, or {@value #MOST_ROWS} rows, intervals are shed and counted. Both ends hold the lock for a few steps.
 */
final class IntervalQueue implements CountSink {
    static final int MOST_INTERVALS = 60;

    /** About 100 MB; a single interval is always taken, as it has no more than the counter's own bound. */
    static final int MOST_ROWS = 200_000;

    private final ArrayDeque<SourceCounts> waiting = new ArrayDeque<>();
    private long rows;
    private long shed;
    private boolean closed;

    @Override
    public synchronized void counts(SourceCounts counts) {
        int more = counts.rows().size() + counts.others().size();
        boolean full = waiting.size() >= MOST_INTERVALS || (!waiting.isEmpty() && rows + more > MOST_ROWS);
        if (full || closed) {
            shed++;
            return;
        }
        waiting.addLast(counts);
        rows += more;
        notifyAll();
    }

    /** The next interval; null if none comes within the time, or if it is closed and empty. */
    synchronized @Nullable SourceCounts take(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (waiting.isEmpty() && !closed) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        SourceCounts counts = waiting.pollFirst();
        if (counts != null) {
            rows -= counts.rows().size() + counts.others().size();
        }
        return counts;
    }

    /** Nothing will be given any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Closed, and all was taken. */
    synchronized boolean finished() {
        return closed && waiting.isEmpty();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    synchronized long shed() {
        return shed;
    }
}
