// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Connection tracking by reading /proc/net/nf_conntrack: the way without netlink. The whole text is read by a thread of
 * its own, at most once a second and only when a connection was not known; the one that captures takes the lines.
 *
 * <p>Connections that come and go between two readings stay unknown.
 */
final class FileFeed implements Feed {
    /** Some 80,000 connections; what lies behind is not read and counted as damaged. */
    static final int LARGEST_BYTES = 16 << 20;

    private static final int FIRST_BYTES = 64 << 10;
    private static final long PAUSE_NANOS = 1_000_000_000L;

    /** Reading takes some µs a connection in the kernel: this share of a core at most. */
    private static final int SHARE = 10;

    /** At 1 µs each. */
    private static final int LINES_A_POLL = 512;

    private enum Turn {
        IDLE,
        WANTED,
        FILLED
    }

    private final Path path;
    private final Thread reader;
    private final ConntrackLine line = new ConntrackLine();
    private volatile boolean closed;

    /** Whose the buffer is: the reader's while wanted, the capturing thread's otherwise. */
    private volatile Turn turn = Turn.WANTED;

    private byte[] text = new byte[FIRST_BYTES];
    private int length;
    private int at;
    private long readings;
    private long damaged;

    FileFeed(Path path) {
        this.path = path;
        reader = new Thread(this::read, "egret-conntrack");
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public String way() {
        return "/proc/net/nf_conntrack, once a second";
    }

    private void read() {
        while (!closed) {
            long pause = PAUSE_NANOS;
            if (turn == Turn.WANTED) {
                pause = Math.max(PAUSE_NANOS, SHARE * readOnce());
                turn = Turn.FILLED;
            }
            LockSupport.parkNanos(this, pause);
        }
    }

    /** @return how long it took, nanoseconds */
    private long readOnce() {
        long start = System.nanoTime();
        length = 0;
        try (InputStream in = Files.newInputStream(path)) {
            for (; ; ) {
                if (length == text.length) {
                    if (length == LARGEST_BYTES) {
                        damaged++;
                        break;
                    }
                    text = Arrays.copyOf(text, length * 2);
                }
                int more = in.read(text, length, text.length - length);
                if (more < 0) {
                    break;
                }
                length += more;
            }
        } catch (IOException e) {
            damaged++;
        }
        return System.nanoTime() - start;
    }

    @Override
    public void poll(Translations into) {
        if (turn != Turn.FILLED) {
            return;
        }
        for (int lines = 0; lines < LINES_A_POLL; lines++) {
            int end = at;
            while (end < length && text[end] != '\n') {
                end++;
            }
            if (end == length) {
                // A last line without its end was cut.
                at = 0;
                readings++;
                turn = Turn.IDLE;
                return;
            }
            if (line.parse(text, at, end)) {
                into.put(line.original, line.reply);
            } else if (line.damaged()) {
                damaged++;
            }
            at = end + 1;
        }
    }

    @Override
    public Answer ask(Tuple reply, Translations into, OriginalSource source) {
        if (turn == Turn.IDLE) {
            turn = Turn.WANTED;
        }
        return Answer.LATER;
    }

    @Override
    public boolean complete() {
        return false;
    }

    @Override
    public ConntrackCounts counts(Translations of, long unanswered) {
        return new ConntrackCounts(of.translated(), 0, readings, unanswered, of.shed(), damaged);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(reader);
    }
}
