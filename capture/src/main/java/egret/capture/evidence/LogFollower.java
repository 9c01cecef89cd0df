// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows one log on a thread of its own, and hands on what it says: each second's evidence when the second is over, at
 * most about a tenth of a second later. Never waits for whoever takes it.
 */
final class LogFollower implements AutoCloseable {
    private static final int BLOCK = 64 << 10;
    private static final long POLL_MILLIS = 50;
    private static final long SECOND = 1_000_000_000L;
    private static final long RETRY_NANOS = SECOND;

    private final String name;
    private final LogInput input;
    private final EvidenceCounter counter;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private LogScanner scanner;
    private long lines; // of scanners before this one
    private long used;
    private long undated;
    private volatile Tally tally = new Tally(0, 0, 0, 0);
    private volatile String failure = "";

    /** Lines so far: of all, of those that became evidence, those without a time, those too many to tell apart. */
    record Tally(long lines, long used, long undated, long shed) {}

    private LogFollower(String name, LogInput input, EvidenceSink sink) {
        this.name = name;
        this.input = input;
        counter = new EvidenceCounter(name, sink);
        scanner = scanner(false);
        thread = new Thread(this::run, "log-follower");
        thread.setDaemon(true);
    }

    static LogFollower file(Path path, EvidenceSink sink) {
        return start(path.toString(), new FileTail(path), sink);
    }

    static LogFollower journal(EvidenceSink sink) {
        return start("journal", new JournalTail(), sink);
    }

    static LogFollower start(String name, LogInput input, EvidenceSink sink) {
        LogFollower follower = new LogFollower(name, input, sink);
        follower.thread.start();
        return follower;
    }

    private LogScanner scanner(boolean numbered) {
        return new LogScanner(new LogTime(wallSecond()), counter, numbered);
    }

    private static long wallSecond() {
        return Math.floorDiv(System.currentTimeMillis(), 1000);
    }

    private void run() {
        byte[] block = new byte[BLOCK];
        try (input) {
            while (closing.getCount() > 0) {
                boolean news = read(block);
                if (counter.isOpen() && counter.second() < wallSecond()) {
                    counter.flush();
                }
                tally = new Tally(
                        lines + scanner.lines(), used + scanner.used(), undated + scanner.undated(), counter.shed());
                if (!news && closing.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            scanner.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there may be more at once. */
    private boolean read(byte[] block) throws InterruptedException {
        int length;
        try {
            length = input.read(block);
            failure = "";
        } catch (IOException e) {
            failure = "cannot be read: " + e.getMessage();
            closing.await(RETRY_NANOS, TimeUnit.NANOSECONDS);
            return false;
        }
        if (length == LogInput.BEGUN) {
            scanner.end();
            lines += scanner.lines();
            used += scanner.used();
            undated += scanner.undated();
            scanner = scanner(input.fromStart());
            return true;
        }
        scanner.bytes(block, 0, Math.max(0, length));
        return length > 0;
    }

    /** Whether there is something that is followed. Any thread. */
    boolean follows() {
        return failure.isEmpty() && input.open();
    }

    Tally tally() {
        return tally;
    }

    /** One line for people. Any thread. */
    String state() {
        String problem = failure.isEmpty() ? input.state() : failure;
        Tally now = tally;
        return name
                + (problem.isEmpty() ? ": " : " " + problem + "; ")
                + now.used() + " of " + now.lines() + " lines used"
                + (now.undated() > 0 ? ", " + now.undated() + " without a time" : "");
    }

    /** Ends soon; waits a little for it. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
