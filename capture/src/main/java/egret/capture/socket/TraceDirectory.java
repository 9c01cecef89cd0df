// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.DetachedMount;
import egret.capture.linux.Libc;
import egret.capture.linux.Mounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root of tracefs: where it is mounted, or below debugfs, or opened for this process alone without being mounted
 * anywhere. All of them show the same instances.
 */
final class TraceDirectory implements AutoCloseable {
    private final Path path;
    private final @Nullable DetachedMount mount;

    private TraceDirectory(Path path, @Nullable DetachedMount mount) {
        this.path = path;
        this.mount = mount;
    }

    static TraceDirectory open() throws SocketSourceException {
        List<Path> candidates = new ArrayList<>(Mounts.ofType("tracefs"));
        for (Path debug : Mounts.ofType("debugfs")) {
            candidates.add(debug.resolve("tracing")); // mounts itself when it is looked into
        }
        for (Path candidate : candidates) {
            if (Files.isWritable(candidate.resolve("instances"))) {
                return new TraceDirectory(candidate, null);
            }
        }
        DetachedMount mount = DetachedMount.of("tracefs");
        if (mount != null && Files.isWritable(mount.root().resolve("instances"))) {
            return new TraceDirectory(mount.root(), mount);
        }
        int errno = Libc.errno();
        if (mount != null) {
            mount.close();
        }
        throw new SocketSourceException(
                mount != null || !candidates.isEmpty()
                        ? "tracefs may not be written by this process; CAP_DAC_OVERRIDE grants it"
                        : "tracefs is not mounted (mount -t tracefs nodev /sys/kernel/tracing), and to open it without"
                                + " takes CAP_SYS_ADMIN (error " + errno + ")");
    }

    Path path() {
        return path;
    }

    Path events() {
        return path.resolve("events");
    }

    @Override
    public void close() {
        if (mount != null) {
            mount.close();
        }
    }
}
