// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.NumberedEntries;
import egret.capture.linux.ProcFiles;
import java.util.Arrays;

/**
 * Finds the process that holds a socket without a walk over all of them. What it finds, the kernel has just confirmed. It
 * asks, in this order,
 *
 * <ol>
 *   <li>who was seen to hold it when another one was looked for;
 *   <li>those that opened several connections, by the descriptors they used last: a daemon;
 *   <li>the newest processes that hold none yet, by all their descriptors: a program that does one thing and ends;
 *   <li>those that opened one connection, by the descriptors they used;
 *   <li>those that opened several, by all their descriptors.
 * </ol>
 *
 * On the capturing thread, which it may keep for as many links as its allowance has.
 */
final class OwnerCache {
    /** Processes that held a socket: daemons and runtimes, of which a machine has few that open connections all the time. */
    private static final int OWNERS = 64;
    /** Daemons asked even if the allowance is used up: that is where most connections come from. */
    private static final int DAEMONS_ALWAYS = 4;
    /** Processes with one connection so far that are asked for a second one: those that had it last. */
    private static final int ONCE_ASKED = 8;
    /** Descriptors remembered of each; a pool of connections reuses the lowest free ones. */
    private static final int DESCRIPTORS = 4;
    /** Of the newest processes, how many are looked at. */
    private static final int NEWEST_ASKED = 64;
    /** The same for those looked at a few milliseconds ago. */
    private static final int NEWEST_AGAIN = 8;
    /** Descriptors of one process that are looked at here; the walk looks at all. */
    private static final int LISTED = 512;
    /** Of a parent: what a shell has open. */
    private static final int LISTED_OF_PARENT = 64;
    /** Daemons whose descriptors are all looked at. */
    private static final int OWNERS_LISTED = 4;
    /** Input and output: descriptors that a shell puts another one's socket to. */
    private static final int STANDARD = 2;

    private static final int GENERATIONS = 8;
    /** How far the times of packets and of forks may be apart: one is of the clock that is set. */
    private static final long CLOCKS_NANOS = 2_000_000;
    /** A process of this age is not taken for the heir of a connection that begins now. */
    private static final long YOUNG_NANOS = 1_000_000_000;

    private final ProcFiles files = new ProcFiles();
    private final NumberedEntries entries = new NumberedEntries();
    private final NewestProcesses newest = new NewestProcesses();
    private final SeenSockets seen = new SeenSockets();

    /** Most recently used first. */
    private final Known[] owners = new Known[OWNERS];

    private int known;
    private long allowance;
    private int block;
    private long exhausted;

    /** What {@link #find} found. */
    int pid;

    /** More than one process holds the socket: {@link #pid} is the oldest of them. */
    boolean shared;

    private static final class Known {
        private int pid;
        private int parent;
        private int uid;
        private boolean daemon;
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

    /**
     * A new block of packets begins.
     *
     * @param links that may be read from now on: 2 µs each
     */
    void allow(int links) {
        allowance = files.linksRead() + links;
        block++;
    }

    /** How often the allowance ended a search. */
    long exhausted() {
        return exhausted;
    }

    /** @param uid of the socket, -1 if unknown */
    boolean find(long inode, int uid) {
        if (seenBefore(inode, uid)
                || byDescriptor(inode, uid, true)
                || amongNewest(inode, uid, false)
                || byDescriptor(inode, uid, false)
                || amongNewest(inode, uid, true)) {
            return true;
        }
        boolean found = amongDaemons(inode, uid);
        if (!found && spent()) {
            exhausted++;
        }
        return found;
    }

    /**
     * Whether the process may have the socket from its parent, although that one does not hold it any more.
     *
     * @param openedNanos when the connection began, CLOCK_MONOTONIC; 0 if unknown
     */
    boolean mayHaveInherited(int process, long openedNanos, long now) {
        long forked = newest.forkedNanos(process);
        if (forked == 0 || (openedNanos != 0 && openedNanos - forked > CLOCKS_NANOS)) {
            return false;
        }
        if (openedNanos != 0 && forked - openedNanos > CLOCKS_NANOS) {
            return true;
        }
        // Which of the two came first is not known: the parent, had it been the one, would hold the socket if it lived.
        return now - forked < YOUNG_NANOS && files.parent(newest.parent(process)) == 0;
    }

    /** A walk found that this process holds a socket. */
    void learn(int holder, int fd, int uid) {
        remember(holder, files.parent(holder), fd, uid);
    }

    /** @param nanos CLOCK_MONOTONIC */
    void forked(int parent, int child, long nanos) {
        newest.forked(parent, child, nanos);
    }

    void executed(int process) {
        newest.executed(process);
    }

    void exited(int process) {
        newest.exited(process);
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

    private boolean spent() {
        return files.linksRead() >= allowance;
    }

    private boolean byDescriptor(long inode, int uid, boolean daemons) {
        int asked = 0;
        for (int i = 0; i < known; i++) {
            Known owner = owners[i];
            if (owner.daemon != daemons || (uid >= 0 && owner.uid != uid)) {
                continue;
            }
            if (daemons ? spent() && asked >= DAEMONS_ALWAYS : spent() || asked >= ONCE_ASKED) {
                return false;
            }
            asked++;
            int highest = 0;
            for (int k = 0; k < DESCRIPTORS; k++) {
                int fd = owner.descriptors[(owner.last - k + DESCRIPTORS) % DESCRIPTORS];
                highest = Math.max(highest, fd);
                if (fd >= 0 && files.socket(owner.pid, fd) == inode) {
                    return confirmed(i, fd, inode);
                }
            }
            if (files.socket(owner.pid, highest + 1) == inode) {
                return confirmed(i, highest + 1, inode);
            }
        }
        return false;
    }

    private boolean confirmed(int index, int fd, long inode) {
        Known owner = owners[index];
        System.arraycopy(owners, 0, owners, 1, index);
        owners[0] = owner;
        owner.daemon = true;
        owner.used(fd);
        pid = owner.pid;
        shared = false;
        if (owner.parent > 1 && files.socket(owner.parent, fd) == inode) {
            toOldest(owner.pid, fd, inode);
        }
        return true;
    }

    private boolean seenBefore(long inode, int uid) {
        int holder = seen.pid(inode);
        if (holder == 0 || spent()) {
            return false;
        }
        int fd = seen.descriptor(inode);
        if (files.socket(holder, fd) != inode) {
            return false;
        }
        held(holder, fd, inode, uid);
        return true;
    }

    /** @param again those that were looked through in this block already, as they may have connected since */
    private boolean amongNewest(long inode, int uid, boolean again) {
        int asked = 0;
        int most = again ? NEWEST_AGAIN : NEWEST_ASKED;
        for (int ago = 0; ago < newest.size() && asked < most && !spent(); ago++) {
            int candidate = newest.fresh(ago);
            if (candidate == 0 || newest.askedIn(ago, block) != again) {
                continue;
            }
            asked++;
            newest.asked(ago, block);
            if (holds(candidate, inode, uid)) {
                return true;
            }
        }
        return false;
    }

    private boolean amongDaemons(long inode, int uid) {
        int asked = 0;
        for (int i = 0; i < known && asked < OWNERS_LISTED && !spent(); i++) {
            if (owners[i].daemon && (uid < 0 || owners[i].uid == uid)) {
                asked++;
                if (holds(owners[i].pid, inode, uid)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean holds(int candidate, long inode, int uid) {
        int fd = descriptor(candidate, inode, LISTED);
        if (fd < 0) {
            return false;
        }
        held(candidate, fd, inode, uid);
        return true;
    }

    private void held(int holder, int fd, long inode, int uid) {
        newest.holds(holder);
        toOldest(holder, fd, inode);
        remember(pid, parent(pid), fd, uid);
    }

    /** A child has its parent's sockets: the oldest that holds this one is meant, but the kernel does not say so. */
    private void toOldest(int holder, int fd, long inode) {
        pid = holder;
        shared = false;
        int at = holder;
        for (int generation = 0; generation < GENERATIONS; generation++) {
            at = parent(at);
            if (at <= 1
                    || (files.socket(at, fd) != inode
                            && (fd > STANDARD || descriptor(at, inode, LISTED_OF_PARENT) < 0))) {
                return;
            }
            pid = at;
            shared = true;
        }
    }

    private int parent(int process) {
        int told = newest.parent(process);
        return told != 0 ? told : files.parent(process);
    }

    private int descriptor(int process, long inode, int most) {
        if (!entries.open("/proc/" + process + "/fd")) {
            newest.exited(process); // before its end was told, or we may not look
            return -1;
        }
        int looked = 0;
        for (int fd = entries.next(); fd >= 0 && looked < most; fd = entries.next()) {
            long socket = entries.socket(files, fd);
            if (socket == inode) {
                entries.close();
                return fd;
            }
            if (socket > 0) {
                seen.add(socket, process, fd);
            } else if (files.refused()) {
                break;
            }
            looked++;
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
        owner.daemon = present;
        owner.pid = holder;
        owner.parent = parent;
        owner.uid = uid;
        owner.used(fd);
    }
}
