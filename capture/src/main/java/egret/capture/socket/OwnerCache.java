// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.NumberedEntries;
import egret.capture.linux.ProcFiles;
import java.util.Arrays;

/**
 * Finds the process that holds a socket without a walk over all of them: first those that held one before, by the
 * descriptors they used, then the newest processes, then all descriptors of those that held one before. What it finds, the
 * kernel has just confirmed. On the capturing thread, which it may keep for as many links as its allowance has.
 */
final class OwnerCache {
    /** Processes that held a socket: daemons and runtimes, of which a machine has few that open connections all the time. */
    private static final int OWNERS = 64;
    /** Descriptors remembered of each; a pool of connections reuses the lowest free ones. */
    private static final int DESCRIPTORS = 4;
    /** Processes remembered from their fork on: one second at 1,000 a second. */
    private static final int NEWEST = 1024;
    /** Of the newest ones that still live, how many are looked at. */
    private static final int NEWEST_ASKED = 64;
    /** Descriptors of one process that are looked at here; the walk looks at all. */
    private static final int LISTED = 512;
    /** Of a parent: what a shell has open. */
    private static final int LISTED_OF_PARENT = 64;
    /** Owners whose descriptors are all looked at. */
    private static final int OWNERS_LISTED = 4;

    private static final int GENERATIONS = 8;

    private final ProcFiles files = new ProcFiles();
    private final NumberedEntries entries = new NumberedEntries();

    /** Most recently used first. */
    private final Known[] owners = new Known[OWNERS];

    private int known;

    private final int[] newest = new int[NEWEST];
    private final long[] forkedNanos = new long[NEWEST];
    private int newestNext;

    private long allowance;

    /** What {@link #find} found. */
    int pid;

    /** More than one process holds the socket: {@link #pid} is the oldest of them. */
    boolean shared;

    private static final class Known {
        private int pid;
        private int parent;
        private int uid;
        private final int[] descriptors = new int[DESCRIPTORS];
        private int last;

        private void used(int fd) {
            for (int i = 0; i < DESCRIPTORS; i++) {
                if (descriptors[i] == fd) {
                    last = i;
                    return;
                }
            }
            last = (last + 1) % DESCRIPTORS;
            descriptors[last] = fd;
        }
    }

    OwnerCache() {
        for (int i = 0; i < OWNERS; i++) {
            owners[i] = new Known();
        }
    }

    /** @param links that may be read from now on: 2 µs each */
    void allow(int links) {
        allowance = files.linksRead() + links;
    }

    boolean exhausted() {
        return files.linksRead() >= allowance;
    }

    /** @param uid of the socket, -1 if unknown */
    boolean find(long inode, int uid) {
        return byDescriptor(inode, uid) || amongNewest(inode, uid) || amongOwners(inode, uid);
    }

    /** The process began after this moment: what it holds since before was opened by another. CLOCK_MONOTONIC, 0 if unknown. */
    boolean youngerThan(int process, long nanos) {
        int at = nanos == 0 ? -1 : newestAt(process);
        return at >= 0 && forkedNanos[at] > nanos;
    }

    /** A walk found that this process holds a socket. */
    void learn(int holder, int fd, int uid) {
        remember(holder, files.parent(holder), fd, uid);
    }

    /** @param nanos CLOCK_MONOTONIC, 0 if unknown */
    void forked(int child, long nanos) {
        newest[newestNext] = child;
        forkedNanos[newestNext] = nanos;
        newestNext = (newestNext + 1) % NEWEST;
    }

    void executed(int process) {
        if (newestAt(process) < 0) {
            forked(process, 0);
        }
    }

    void exited(int process) {
        int at = newestAt(process);
        if (at >= 0) {
            newest[at] = 0;
        }
        for (int i = 0; i < known; i++) {
            if (owners[i].pid == process) {
                Known gone = owners[i];
                System.arraycopy(owners, i + 1, owners, i, known - 1 - i);
                known--;
                owners[known] = gone;
                break;
            }
        }
    }

    private int newestAt(int process) {
        for (int i = 1; i <= NEWEST; i++) {
            int at = (newestNext - i + NEWEST) % NEWEST;
            if (newest[at] == process) {
                return at;
            }
        }
        return -1;
    }

    private boolean byDescriptor(long inode, int uid) {
        for (int i = 0; i < known; i++) {
            Known owner = owners[i];
            if (uid >= 0 && owner.uid != uid) {
                continue;
            }
            int highest = 0;
            for (int k = 0; k < DESCRIPTORS && !exhausted(); k++) {
                int fd = owner.descriptors[(owner.last - k + DESCRIPTORS) % DESCRIPTORS];
                highest = Math.max(highest, fd);
                if (fd >= 0 && files.socket(owner.pid, fd) == inode) {
                    return confirmed(i, fd, inode);
                }
            }
            if (!exhausted() && files.socket(owner.pid, highest + 1) == inode) {
                return confirmed(i, highest + 1, inode);
            }
        }
        return false;
    }

    private boolean confirmed(int index, int fd, long inode) {
        Known owner = owners[index];
        System.arraycopy(owners, 0, owners, 1, index);
        owners[0] = owner;
        owner.used(fd);
        pid = owner.pid;
        shared = false;
        if (owner.parent > 1 && files.socket(owner.parent, fd) == inode) {
            toOldest(owner.pid, fd, inode);
        }
        return true;
    }

    private boolean amongNewest(long inode, int uid) {
        int asked = 0;
        for (int i = 1; i <= NEWEST && asked < NEWEST_ASKED && !exhausted(); i++) {
            int candidate = newest[(newestNext - i + NEWEST) % NEWEST];
            if (candidate == 0) {
                continue;
            }
            asked++;
            if (holds(candidate, inode, uid, LISTED)) {
                return true;
            }
        }
        return false;
    }

    private boolean amongOwners(long inode, int uid) {
        int asked = 0;
        for (int i = 0; i < known && asked < OWNERS_LISTED && !exhausted(); i++) {
            if (uid < 0 || owners[i].uid == uid) {
                asked++;
                if (holds(owners[i].pid, inode, uid, LISTED)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean holds(int candidate, long inode, int uid, int most) {
        int fd = descriptor(candidate, inode, most);
        if (fd < 0) {
            return false;
        }
        toOldest(candidate, fd, inode);
        remember(pid, files.parent(pid), fd, uid);
        return true;
    }

    /** A child has its parent's sockets: the oldest that holds this one is meant, but the kernel does not say so. */
    private void toOldest(int holder, int fd, long inode) {
        pid = holder;
        shared = false;
        int at = holder;
        for (int generation = 0; generation < GENERATIONS; generation++) {
            at = files.parent(at);
            if (at <= 1) {
                return;
            }
            if (files.socket(at, fd) != inode && descriptor(at, inode, LISTED_OF_PARENT) < 0) {
                return;
            }
            pid = at;
            shared = true;
        }
    }

    private int descriptor(int process, long inode, int most) {
        if (!entries.open("/proc/" + process + "/fd")) {
            return -1;
        }
        int seen = 0;
        for (int fd = entries.next(); fd >= 0 && seen < most; fd = entries.next()) {
            if (entries.socket(files, fd) == inode) {
                entries.close();
                return fd;
            }
            if (files.refused()) {
                break;
            }
            seen++;
        }
        entries.close();
        return -1;
    }

    private void remember(int holder, int parent, int fd, int uid) {
        int at = 0;
        while (at < known && owners[at].pid != holder) {
            at++;
        }
        boolean present = at < known;
        if (!present) {
            known = Math.min(OWNERS, known + 1);
            at = known - 1;
        }
        Known owner = owners[at];
        System.arraycopy(owners, 0, owners, 1, at);
        owners[0] = owner;
        if (!present) {
            Arrays.fill(owner.descriptors, -1);
        }
        owner.pid = holder;
        owner.parent = parent;
        owner.uid = uid;
        owner.used(fd);
    }
}
