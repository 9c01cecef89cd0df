// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The cgroups of version 2 by number, which is the inode of their directory: for processes that were gone before theirs was
 * read. Walks the tree when a number is not known, once in {@value #PAUSE_NANOS} ns at most and no more than {@value #MAX}
 * directories. The lookup thread walks, any thread asks.
 */
final class CgroupWalk {
    private static final int MAX = 1 << 14;
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final List<Path> roots;
    private final Map<Long, Cgroup> byId = new ConcurrentHashMap<>();
    private boolean walked;
    private long walkedNanos;

    CgroupWalk(List<Path> roots) {
        this.roots = roots;
    }

    @Nullable
    Cgroup find(long id) {
        return byId.get(id);
    }

    /** Learns what this number stands for, if it is there and it is time; false if that was not looked for. */
    boolean look(long id, long nowNanos) {
        if (byId.containsKey(id)) {
            return true;
        }
        if (walked && nowNanos - walkedNanos < PAUSE_NANOS) {
            return false;
        }
        walked = true;
        walkedNanos = nowNanos;
        for (Path root : roots) {
            if (Files.exists(root.resolve("cgroup.controllers"))) {
                walk(root);
                return true;
            }
        }
        return true;
    }

    private void walk(Path root) {
        if (byId.size() >= MAX) {
            byId.clear(); // Mostly of cgroups that are gone; the living are found again.
        }
        ArrayDeque<Path> left = new ArrayDeque<>();
        left.add(root);
        int seen = 0;
        for (Path directory = left.poll(); directory != null && seen < MAX; directory = left.poll()) {
            seen++;
            try {
                Object inode = Files.getAttribute(directory, "unix:ino", LinkOption.NOFOLLOW_LINKS);
                if (inode instanceof Long id && !byId.containsKey(id)) {
                    byId.put(id, CgroupText.path("/" + root.relativize(directory), true));
                }
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                    for (Path entry : entries) {
                        if (left.size() < MAX && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                            left.add(entry);
                        }
                    }
                }
            } catch (IOException | DirectoryIteratorException ignored) {
                // Gone while we walk.
            }
        }
    }
}
