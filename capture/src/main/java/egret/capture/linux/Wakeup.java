// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;

/** A descriptor (eventfd(2)) that becomes readable when any thread asks for it, so that {@link Libc#poll} returns. */
public final class Wakeup implements AutoCloseable {
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int NON_BLOCKING = 0x800;

    static {
        Native.register(Wakeup.class, "c");
    }

    private int fd = eventfd(0, CLOSE_ON_EXEC | NON_BLOCKING);

    private static native int eventfd(int value, int flags);

    private static native long write(int fd, ByteBuffer bytes, long length);

    /** The descriptor, or -1 when the process may not have more; polling that is allowed and never wakes. */
    public synchronized int descriptor() {
        return fd;
    }

    /** From any thread, also after {@link #close}. It stays readable. */
    public synchronized void wake() {
        if (fd >= 0) {
            ByteBuffer one =
                    ByteBuffer.allocateDirect(Long.BYTES).put(0, (byte) 1).put(Long.BYTES - 1, (byte) 1);
            write(fd, one, Long.BYTES);
        }
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
