// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.NumberedEntries;
import egret.capture.linux.ProcFiles;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk over all processes and their descriptors: who holds which socket, and which network namespaces there are. Takes
 * 20 ms for 400 processes and 150 ms for 3,000, so never on the capturing thread.
 */
final class ProcessScan {
    /** Sockets remembered of one walk, 100 bytes each. */
    private static final int SOCKETS = 65_536;
    /** Network namespaces remembered of one walk. */
    static final int NAMESPACES = 256;
    /** Of one process: the default limit of descriptors is 1,024, large servers raise it. */
    private static final int DESCRIPTORS = 65_536;
    /** Generations that are looked up to see which of two holders is the older. */
    private static final int GENERATIONS = 8;

    /**
     * Who holds a socket.
     *
     * @param pid 0 if several processes do, none of which is the parent of the others
     * @param fd the descriptor
     * @param shared several processes do: the kernel does not say which of them opened it
     */
    record Holder(int pid, int fd, boolean shared) {}

    private final ProcFiles files = new ProcFiles();
    private final NumberedEntries processes = new NumberedEntries();
    private final NumberedEntries descriptors = new NumberedEntries();

    /** By inode of the socket. */
    final Map<Long, Holder> holders = new HashMap<>();

    /** By inode of the namespace: some process in it. */
    final Map<Long, Integer> namespaces = new HashMap<>();

    /** Sockets and namespaces beyond the bounds. */
    long shed;

    /** @param wanted inodes of sockets; null for all */
    void run(@Nullable Set<Long> wanted) {
        holders.clear();
        namespaces.clear();
        if (!processes.open("/proc")) {
            return;
        }
        for (int pid = processes.next(); pid >= 0; pid = processes.next()) {
            namespace(pid);
            if (wanted == null || !wanted.isEmpty()) {
                sockets(pid, wanted);
            }
        }
    }

    private void namespace(int pid) {
        long namespace = files.networkNamespace(pid);
        if (namespace < 0) {
            return;
        }
        if (namespaces.size() < NAMESPACES) {
            namespaces.putIfAbsent(namespace, pid);
        } else if (!namespaces.containsKey(namespace)) {
            shed++;
        }
    }

    private void sockets(int pid, @Nullable Set<Long> wanted) {
        if (!descriptors.open("/proc/" + pid + "/fd")) {
            return;
        }
        int seen = 0;
        for (int fd = descriptors.next(); fd >= 0; fd = descriptors.next()) {
            long inode = descriptors.socket(files, fd);
            if (inode >= 0) {
                if (wanted == null || wanted.contains(inode)) {
                    held(inode, pid, fd);
                }
            } else if (files.refused()) {
                break;
            }
            if (++seen >= DESCRIPTORS) {
                shed++;
                break;
            }
        }
        descriptors.close();
    }

    private void held(long inode, int pid, int fd) {
        Holder other = holders.get(inode);
        if (other == null) {
            if (holders.size() < SOCKETS) {
                holders.put(inode, new Holder(pid, fd, false));
            } else {
                shed++;
            }
        } else if (other.pid != pid && other.pid != 0) {
            if (descends(other.pid, pid)) {
                holders.put(inode, new Holder(pid, fd, true));
            } else if (descends(pid, other.pid)) {
                holders.put(inode, new Holder(other.pid, other.fd, true));
            } else {
                holders.put(inode, new Holder(0, fd, true));
            }
        }
    }

    private boolean descends(int pid, int from) {
        int at = pid;
        for (int generation = 0; generation < GENERATIONS && at > 1; generation++) {
            at = files.parent(at);
            if (at == from) {
                return true;
            }
        }
        return false;
    }
}
