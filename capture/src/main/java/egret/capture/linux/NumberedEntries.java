// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import java.nio.ByteBuffer;

/**
 * The entries of a directory of proc(5) whose names are numbers: processes, or the descriptors of one. Ascending as the
 * kernel lists them, in blocks of 32 KiB, without allocation. One thread.
 *
 * <pre>
 *  struct linux_dirent64:   0        8        16       18     19
 *                           | inode  | offset | length | type | name, ends with 0
 * </pre>
 */
public final class NumberedEntries implements AutoCloseable {
    private static final int O_DIRECTORY_X86 = 0x10000;
    private static final int O_DIRECTORY_ARM = 0x4000;
    private static final int O_CLOEXEC = 0x80000;
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int NAME = 19;
    private static final int NONE = -1;

    private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));
    /** The C library has no getdents64 before glibc 2.30. */
    private static final long GETDENTS64 = X86 ? 217 : 61;

    private final ByteBuffer block = NetlinkSocket.buffer(BLOCK_BYTES);
    private int directory = NONE;
    private int at;
    private int end;

    /** False if there is no such directory or it may not be read: {@link Libc#errno} says why. */
    public boolean open(String path) {
        close();
        directory = Libc.open(path, (X86 ? O_DIRECTORY_X86 : O_DIRECTORY_ARM) | O_CLOEXEC);
        at = 0;
        end = 0;
        return directory >= 0;
    }

    /** The next number; -1 at the end, which also closes. */
    public int next() {
        while (directory >= 0) {
            if (at >= end) {
                at = 0;
                end = (int) Libc.syscall(GETDENTS64, directory, Libc.address(block), BLOCK_BYTES, 0, 0);
                if (end <= 0 || end > BLOCK_BYTES) {
                    close();
                    break;
                }
            }
            int length = end - at <= NAME ? 0 : block.getShort(at + 16) & 0xffff;
            if (length <= NAME || length > end - at) {
                close();
                break;
            }
            int number = number(at + NAME, at + length);
            at += length;
            if (number >= 0) {
                return number;
            }
        }
        return NONE;
    }

    /** The inode of the socket that the entry of this number is a link to; -1 if it is none. */
    public long socket(ProcFiles files, int number) {
        return files.socketIn(directory, number);
    }

    private int number(int from, int to) {
        long number = 0;
        int i = from;
        for (; i < to && block.get(i) != 0; i++) {
            int digit = block.get(i) - '0';
            if (digit < 0 || digit > 9 || i - from > 9) {
                return NONE;
            }
            number = number * 10 + digit;
        }
        return i == from || number > Integer.MAX_VALUE ? NONE : (int) number;
    }

    @Override
    public void close() {
        if (directory >= 0) {
            Libc.close(directory);
            directory = NONE;
        }
    }
}
