// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads one large file with several threads and gives its packets to the sink as one thread would: in order, from one
 * thread at a time.
 *
 * <p>Worker w of n reads the blocks w, w + n, w + 2n ..., counted from where all join, each into its own window, all at
 * the same time; that is the
 * kernel's copying, about half of the work. Then it waits until the turn has come to its block, puts the record that
 * the block before cut in front, walks the records and passes the turn on. The bytes are parsed on the core that read
 * them, and nothing has to be merged afterwards, unlike with threads that walk parts of the file.
 *
 * <p>{@link #turn} is the token: who holds it owns the format, the packet view, the rest and the sink. Its volatile write
 * and read order all that the sink does.
 */
final class Relay {
    /** More do not help: the walks are one after the other, and reading a block is not twice as long as walking it. */
    private static final int MAXIMUM_WORKERS = 4;

    /**
     * Turns of the loop that wait for another's walk of some 50 µs: first spinning, then giving way, so that on a busy
     * machine the one who is waited for gets the core. Parking comes last, as waking up takes as long as a walk.
     */
    private static final int SPINS = 100;

    private static final int YIELDS = 200;

    private final FileChannel channel;
    private final RecordFormat format;
    private final int blockSize;
    private final PacketSink sink;
    private final ProgressSum progress;
    private final RawPacket packet = new RawPacket();
    private final Worker[] workers;
    private final int spins;

    /** Blocks that worker 0 reads before the others join. */
    private final long alone;

    /** The cut record at the end of the block before. */
    private ByteBuffer rest = ByteBuffer.allocateDirect(0);

    private int restLength;

    /** Position up to which progress knows. */
    private long reported;

    /** The block whose records are walked now or next. */
    private volatile long turn;

    private volatile boolean over;

    /** Set before {@link #over} by the worker whose turn was the last. */
    private @Nullable Throwable failure;

    private RecordWindow last;

    /**
     * @param first a window that holds the beginning of the file, and in which the file's header is used up
     * @param threads at least 1; the calling thread is one of them
     * @param fromBytes what lies before this position is left to the calling thread
     */
    Relay(
            FileChannel channel,
            RecordFormat format,
            RecordWindow first,
            int threads,
            long fromBytes,
            int file,
            PacketSink sink,
            ProgressSum progress) {
        this.channel = channel;
        this.format = format;
        this.blockSize = first.blockSize();
        this.sink = sink;
        this.progress = progress;
        packet.file = file;
        last = first;
        alone = fromBytes / blockSize;
        spins = Runtime.getRuntime().availableProcessors() > 1 ? SPINS : 0;
        workers = new Worker[Math.min(threads, MAXIMUM_WORKERS)];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i, i == 0 ? first : new RecordWindow(blockSize));
        }
    }

    /**
     * Runs to the end of the file.
     *
     * @throws IOException if the file cannot be read on; what the sink throws is thrown as it is
     */
    void run() throws IOException {
        Thread[] others = new Thread[workers.length];
        for (int i = 1; i < workers.length; i++) {
            others[i] = new Thread(workers[i], "egret-read-" + i);
            others[i].setDaemon(true);
            workers[i].thread = others[i];
        }
        workers[0].thread = Thread.currentThread();
        for (int i = 1; i < workers.length; i++) {
            others[i].start();
        }
        workers[0].run();
        boolean interrupted = false;
        for (int i = 1; i < workers.length; i++) {
            for (boolean joined = false; !joined; ) {
                try {
                    others[i].join();
                    joined = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof IOException io) {
            throw io;
        } else if (failure instanceof RuntimeException runtime) {
            throw runtime;
        } else if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** The window in which reading ended, with what is left in it. */
    RecordWindow lastWindow() {
        return last;
    }

    private final class Worker implements Runnable {
        private final int index;
        private final RecordWindow window;
        private @Nullable Thread thread;

        Worker(int index, RecordWindow window) {
            this.index = index;
            this.window = window;
        }

        @Override
        public void run() {
            for (long block = index == 0 ? 0 : alone + index; !over; block += block < alone ? 1 : workers.length) {
                Throwable unread = null;
                try {
                    if (block == 0) {
                        window.complete(channel);
                    } else {
                        window.read(channel, block * blockSize);
                    }
                } catch (Throwable t) {
                    // Waits for its turn too: until then the blocks before are good.
                    unread = t;
                }
                if (!awaitTurn(block)) {
                    return;
                }
                boolean more = false;
                try {
                    more = walk(unread);
                } catch (Throwable t) {
                    // From the sink: for the thread that called, whichever this one is.
                    failure = t;
                }
                if (more) {
                    turn = block + 1;
                    if (block >= alone) {
                        LockSupport.unpark(workers[(index + 1) % workers.length].thread);
                    }
                } else {
                    last = window;
                    over = true;
                    for (Worker other : workers) {
                        LockSupport.unpark(other.thread);
                    }
                }
            }
        }

        @SuppressWarnings("ThreadPriorityCheck") // yield() only shortens the wait; correct is what the turn makes so
        private boolean awaitTurn(long block) {
            int waited = 0;
            while (turn != block) {
                if (over) {
                    return false;
                }
                if (waited >= spins + YIELDS) {
                    LockSupport.park(Relay.this);
                } else if (waited++ < spins) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            return true;
        }

        /** The records of this worker's block; false if it was the last. */
        private boolean walk(@Nullable Throwable unread) {
            if (restLength > 0) {
                window.prepend(rest, 0, restLength);
            }
            if (unread != null) {
                failure = unread;
                return false;
            }
            window.offset = format.walk(window.bytes, window.offset, window.limit, packet, sink);
            restLength = window.rest();
            if (rest.capacity() < restLength) {
                rest = ByteBuffer.allocateDirect(Integer.highestOneBit(restLength) << 1);
            }
            rest.put(0, window.bytes, window.offset, restLength);
            boolean stop = progress.add(window.position - reported);
            reported = window.position;
            return !stop && window.full() && format.problem() == null;
        }
    }
}
