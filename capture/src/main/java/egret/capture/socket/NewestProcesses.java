// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/** The processes that began last and still live, as the process connector tells. One thread, no allocation. */
final class NewestProcesses {
    /** One second at 1,000 a second; older ones are found by other means. */
    private static final int PROCESSES = 1024;

    private final int[] pids = new int[PROCESSES];
    private final int[] parents = new int[PROCESSES];
    private final long[] forkedNanos = new long[PROCESSES];
    private final boolean[] holding = new boolean[PROCESSES];
    private final int[] askedIn = new int[PROCESSES];
    private int next;

    /**
     * @param parent 0 if it is not known
     * @param nanos CLOCK_MONOTONIC, 0 if it is not known
     */
    void forked(int parent, int pid, long nanos) {
        pids[next] = pid;
        parents[next] = parent;
        forkedNanos[next] = nanos;
        holding[next] = false;
        askedIn[next] = 0;
        next = (next + 1) % PROCESSES;
    }

    void executed(int pid) {
        if (find(pid) < 0) {
            forked(0, pid, 0);
        }
    }

    void exited(int pid) {
        int at = find(pid);
        if (at >= 0) {
            pids[at] = 0;
        }
    }

    /** It holds a socket that was asked for, so others are looked at first. */
    void holds(int pid) {
        int at = find(pid);
        if (at >= 0) {
            holding[at] = true;
        }
    }

    int size() {
        return PROCESSES;
    }

    /** The one that began so many forks ago, 0 if it is over or holds a socket. */
    int fresh(int ago) {
        int at = place(ago);
        return holding[at] ? 0 : pids[at];
    }

    /** Notes that its descriptors are looked through in this block of packets, counted from 1. */
    void asked(int ago, int block) {
        askedIn[place(ago)] = block;
    }

    boolean askedIn(int ago, int block) {
        return askedIn[place(ago)] == block;
    }

    private int place(int ago) {
        return (next - 1 - ago + PROCESSES) % PROCESSES;
    }

    /** 0 if it is not known. */
    int parent(int pid) {
        int at = find(pid);
        return at < 0 ? 0 : parents[at];
    }

    /** CLOCK_MONOTONIC, 0 if it is not known. */
    long forkedNanos(int pid) {
        int at = find(pid);
        return at < 0 ? 0 : forkedNanos[at];
    }

    private int find(int pid) {
        for (int i = 1; i <= PROCESSES; i++) {
            int at = (next - i + PROCESSES) % PROCESSES;
            if (pids[at] == pid) {
                return at;
            }
        }
        return -1;
    }
}
