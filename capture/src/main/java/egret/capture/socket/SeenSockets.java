// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/**
 * Sockets that were seen on the way when descriptors were looked through for another one: where several connections begin
 * at a time, each process is looked through once and not once for each. A hint, to be confirmed by its link. One thread, no
 * allocation.
 */
final class SeenSockets {
    /** Sockets remembered; the newer takes the place. A power of two. */
    private static final int SOCKETS = 4096;

    private final long[] inodes = new long[SOCKETS];
    private final int[] pids = new int[SOCKETS];
    private final int[] descriptors = new int[SOCKETS];

    void add(long inode, int pid, int fd) {
        int at = place(inode);
        inodes[at] = inode;
        pids[at] = pid;
        descriptors[at] = fd;
    }

    /** 0 if it was not seen. */
    int pid(long inode) {
        int at = place(inode);
        return inodes[at] == inode ? pids[at] : 0;
    }

    /** Good if {@link #pid} is. */
    int descriptor(long inode) {
        return descriptors[place(inode)];
    }

    /** Inodes of sockets are given in order: the lowest bits spread them. */
    private static int place(long inode) {
        return (int) inode & SOCKETS - 1;
    }
}
