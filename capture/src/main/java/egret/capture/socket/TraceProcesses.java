// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which process a thread belongs to, and what processes do: tracing knows threads only. */
final class TraceProcesses {
    /** Threads known; of others, and of those that were there before, /proc is asked. */
    private static final int THREADS_BITS = 16;

    private final boolean lastExitTold;
    private final KeySlots threads = new KeySlots(THREADS_BITS);
    private final int[] processes = new int[threads.capacity()];
    private long gapUntil = Long.MIN_VALUE;

    TraceProcesses(boolean lastExitTold) {
        this.lastExitTold = lastExitTold;
    }

    /** The process of a thread, 0 if it is not known and the thread is gone. */
    int process(int thread) {
        int slot = threads.find(thread);
        if (slot >= 0) {
            return processes[slot];
        }
        int process = ask(thread);
        if (process > 0) {
            remember(thread, process);
        }
        return process;
    }

    /** Takes everything but sockets. */
    void take(TraceEvent event, SocketEvents events) {
        switch (event.kind) {
            case GAP -> {
                // Numbers may have been given again without our knowing.
                threads.clear();
                gapUntil = event.until;
            }
            case NEW_TASK -> {
                int parent = process(event.thread);
                if (!event.flag) {
                    remember(event.other, event.other);
                    if (parent > 0) {
                        events.forked(parent, event.other);
                    }
                } else if (parent > 0 && event.time > gapUntil) {
                    remember(event.other, parent);
                } else {
                    forget(event.other);
                }
            }
            case EXECUTED -> {
                // Whichever thread executes, it goes on under the number of the process.
                forget(event.other);
                remember(event.thread, event.thread);
                events.executed(event.thread, event.path);
            }
            case EXITED -> {
                // Of a process that was there before us, its own number stands for it.
                int slot = threads.find(event.thread);
                int process = slot < 0 ? event.thread : processes[slot];
                boolean last = lastExitTold ? event.flag : process == event.thread;
                forget(event.thread);
                if (last && process > 0) {
                    events.exited(process);
                }
            }
            case STATE -> {}
        }
    }

    private void remember(int thread, int process) {
        if (thread > 0) {
            processes[threads.claim(thread)] = process;
        }
    }

    private void forget(int thread) {
        int slot = threads.find(thread);
        if (slot >= 0) {
            threads.free(slot);
        }
    }

    /** The directory of a thread can be opened by its number, although it is not listed. */
    private static int ask(int thread) {
        try {
            String status = Files.readString(Path.of("/proc/" + thread + "/status"), StandardCharsets.ISO_8859_1);
            return process(status);
        } catch (IOException gone) {
            return 0;
        }
    }

    /** The number in the line {@code Tgid:}, 0 if there is none. */
    static int process(String status) {
        int at = status.indexOf("\nTgid:\t");
        int value = 0;
        for (int from = at + 7; at >= 0 && from < status.length() && value < 100_000_000; from++) {
            char sign = status.charAt(from);
            if (sign < '0' || sign > '9') {
                break;
            }
            value = value * 10 + sign - '0';
        }
        return value;
    }
}
