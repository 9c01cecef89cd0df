// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The C library's calls, as in section 2 of the Linux manual, mapped directly. Addresses are {@code long}s, buffers direct
 * {@link ByteBuffer}s whose position is not looked at. A call that fails returns -1 and leaves {@link #errno}, which is
 * per thread and good until the next call.
 */
public final class Libc {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EINVAL = 22;
    public static final int ENOBUFS = 105;
    public static final int ENETDOWN = 100;

    static {
        Native.register(Libc.class, "c");
    }

    private Libc() {}

    public static native int socket(int domain, int type, int protocol);

    public static native int bind(int fd, ByteBuffer address, int length);

    public static native int connect(int fd, ByteBuffer address, int length);

    public static native int setsockopt(int fd, int level, int option, ByteBuffer value, int length);

    public static native int getsockopt(int fd, int level, int option, ByteBuffer value, ByteBuffer length);

    public static native long send(int fd, ByteBuffer bytes, long length, int flags);

    public static native long recv(int fd, ByteBuffer bytes, long length, int flags);

    public static native int open(String path, int flags);

    public static native long read(int fd, ByteBuffer bytes, long length);

    public static native int openat(int directory, ByteBuffer path, int flags);

    /** What a link says goes into the buffer, without an end mark. */
    public static native long readlinkat(int directory, ByteBuffer path, ByteBuffer into, long length);

    public static native int close(int fd);

    public static native int poll(ByteBuffer descriptors, long count, int timeoutMillis);

    public static native int setns(int fd, int type);

    public static native int munmap(long address, long length);

    public static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    public static native long syscall(long number, long one, long two, long three, long four, long five);

    /** Words for an {@link #errno}. */
    public static native String strerror(int errno);

    public static native int getpagesize();

    /** The time goes into the buffer as two longs: seconds, nanoseconds. */
    public static native int clock_gettime(int clock, ByteBuffer time);

    /** Why the last call of this thread failed. */
    public static int errno() {
        return Native.getLastError();
    }

    /** Memory that {@link #mmap} gave, in the machine's byte order; it must not be used after {@link #munmap}. */
    public static ByteBuffer memory(long address, long length) {
        return new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
    }

    /** The address of a direct buffer's first byte; the buffer must be kept reachable while the address is used. */
    public static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }
}
