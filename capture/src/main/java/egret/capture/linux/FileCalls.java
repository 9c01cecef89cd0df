// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;

/**
 * The C library's calls on files of a directory that is held open, in the manner of {@link Libc}. Paths are direct buffers of
 * bytes that end with 0. What is read through an open {@code /proc/PID} is of that process, or fails: never of another one
 * that got its number since.
 */
public final class FileCalls {
    /** Relative paths begin in the working directory. */
    public static final int AT_FDCWD = -100;

    public static final int O_CLOEXEC = 0x8_0000;

    /** To name a place in the file system, not to read. */
    public static final int O_PATH = 0x20_0000;

    static {
        Native.register(FileCalls.class, "c");
    }

    private FileCalls() {}

    public static native int openat(int directory, ByteBuffer path, int flags);

    public static native long readlinkat(int directory, ByteBuffer path, ByteBuffer target, long size);
}
