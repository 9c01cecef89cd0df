// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file system that is mounted nowhere: only this process reaches it, through its descriptor, and it is gone with it.
 * So a machine that has no tracefs or cgroup2 mounted stays as it was. Needs CAP_SYS_ADMIN and Linux 5.2 (fsopen(2)).
 */
public final class DetachedMount implements AutoCloseable {
    // The same numbers on all architectures.
    private static final long FSOPEN = 430;
    private static final long FSCONFIG = 431;
    private static final long FSMOUNT = 432;
    private static final int CLOSE_ON_EXEC = 1;
    private static final int CREATE = 6;

    private final int descriptor;

    private DetachedMount(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * The file system, null if the kernel refuses it; {@link Libc#errno} then says why.
     *
     * @param type as in /proc/filesystems
     */
    public static @Nullable DetachedMount of(String type) {
        ByteBuffer name = ByteBuffer.allocateDirect(type.length() + 1);
        name.put(type.getBytes(StandardCharsets.US_ASCII));
        int context = (int) Libc.syscall(FSOPEN, Libc.address(name), CLOSE_ON_EXEC, 0, 0, 0);
        if (context < 0) {
            return null;
        }
        int mount = -1;
        if (Libc.syscall(FSCONFIG, context, CREATE, 0, 0, 0) == 0) {
            mount = (int) Libc.syscall(FSMOUNT, context, CLOSE_ON_EXEC, 0, 0, 0);
        }
        int errno = Libc.errno();
        Libc.close(context);
        if (mount < 0) {
            Native.setLastError(errno);
            return null;
        }
        return new DetachedMount(mount);
    }

    /** Its root, good until it is closed. */
    public Path root() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
