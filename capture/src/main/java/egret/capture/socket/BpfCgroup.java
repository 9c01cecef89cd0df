// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.DetachedMount;
import egret.capture.linux.Libc;
import egret.capture.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The root of the cgroup v2 tree, as a descriptor: programs that are attached there see every process, wherever it is,
 * also on machines whose resources are ruled by v1. Where no tree is mounted, one is opened for this process alone.
 */
final class BpfCgroup {
    /** The root directory's inode; a cgroup namespace shows a part of the tree as its root, which has another one. */
    private static final long ROOT_INODE = 1;

    private static final int CLOSE_ON_EXEC = 0x80000;

    private BpfCgroup() {}

    /** @return a descriptor, which the caller closes */
    static int open() throws SocketSourceException {
        boolean part = false;
        for (Path point : Mounts.ofType("cgroup2")) {
            if (isRoot(point)) {
                return open(point);
            }
            part = true;
        }
        try (DetachedMount mount = DetachedMount.of("cgroup2")) {
            if (mount != null && isRoot(mount.root())) {
                return open(mount.root());
            }
            part |= mount != null;
        }
        throw new SocketSourceException(
                part
                        ? "only a part of the cgroup v2 tree is visible; the host's cgroup namespace shows all of it"
                        : "no cgroup v2 tree is mounted: mount -t cgroup2 none DIRECTORY");
    }

    private static boolean isRoot(Path directory) {
        try {
            return Files.getAttribute(directory, "unix:ino") instanceof Long inode && inode == ROOT_INODE;
        } catch (IOException invisible) {
            return false;
        }
    }

    private static int open(Path directory) throws SocketSourceException {
        int descriptor = Libc.open(directory.toString(), CLOSE_ON_EXEC);
        if (descriptor < 0) {
            throw new SocketSourceException(
                    "the cgroup v2 tree at " + directory + " cannot be opened (error " + Libc.errno() + ")");
        }
        return descriptor;
    }
}
