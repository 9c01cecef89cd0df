// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import java.nio.ByteBuffer;

/**
 * The files of proc(5) that say which process holds which socket, read without allocation. Each answer is of the moment: a
 * process may be gone by the next call. One thread; nothing stays open between the calls.
 */
public final class ProcFiles {
    /** Of {@link Libc#openat}: the working directory, which absolute paths do not look at. */
    private static final int AT_FDCWD = -100;

    private static final int O_CLOEXEC = 0x80000;
    /** "/proc/4294967295/task/..." fits many times. */
    private static final int PATH_BYTES = 128;
    /** "socket:[4294967295]" and "net:[4026531840]"; a longer link is neither. */
    private static final int LINK_BYTES = 64;
    /** Of /proc/PID/stat: the name, at most 64 bytes, and the fields up to the parent's number. */
    private static final int STAT_BYTES = 256;

    private static final byte[] SOCKET = ascii("socket:[");
    private static final byte[] NETWORK = ascii("net:[");
    private static final byte[] FD = ascii("/fd/");
    private static final byte[] NS = ascii("/ns/net");
    private static final byte[] STAT = ascii("/stat");
    private static final byte[] PROC = ascii("/proc/");

    private final ByteBuffer path = NetlinkSocket.buffer(PATH_BYTES);
    private final ByteBuffer link = NetlinkSocket.buffer(LINK_BYTES);
    private final ByteBuffer stat = NetlinkSocket.buffer(STAT_BYTES);
    private long linksRead;
    private boolean refused;

    /** The inode of the socket that this descriptor of the process is; -1 if it is none or may not be looked at. */
    public long socket(int pid, int fd) {
        int end = number(append(number(append(0, PROC), pid), FD), fd);
        return linkNumber(AT_FDCWD, end, SOCKET);
    }

    /** The same of an entry of an open directory of descriptors. */
    long socketIn(int directory, int fd) {
        return linkNumber(directory, number(0, fd), SOCKET);
    }

    /** The inode of the process's network namespace; -1 if it is gone or may not be looked at. */
    public long networkNamespace(int pid) {
        return linkNumber(AT_FDCWD, append(number(append(0, PROC), pid), NS), NETWORK);
    }

    /** The inode of the network namespace that a descriptor of the process leads to; -1 if it leads elsewhere. */
    public long networkNamespace(int pid, int fd) {
        int end = number(append(number(append(0, PROC), pid), FD), fd);
        return linkNumber(AT_FDCWD, end, NETWORK);
    }

    /** The number of the process's parent; 0 if there is none or it is gone. */
    public int parent(int pid) {
        int end = append(number(append(0, PROC), pid), STAT);
        path.put(end, (byte) 0);
        int fd = Libc.openat(AT_FDCWD, path, O_CLOEXEC);
        if (fd < 0) {
            return 0;
        }
        int length = (int) Libc.read(fd, stat, STAT_BYTES);
        Libc.close(fd);
        return parentIn(stat, length);
    }

    /** "1 (name) S 0 ...": the name may hold anything, its end is the last parenthesis. 0 if the text is another. */
    static int parentIn(ByteBuffer text, int length) {
        int at = Math.min(length, text.capacity()) - 1;
        while (at >= 0 && text.get(at) != ')') {
            at--;
        }
        if (at < 0) {
            return 0;
        }
        long parent = 0;
        int digits = 0;
        for (int i = at + 4; i < length && digits <= 10; i++) {
            int digit = text.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return digits > 0 && text.get(i) == ' ' && parent <= Integer.MAX_VALUE ? (int) parent : 0;
            }
            parent = parent * 10 + digit;
            digits++;
        }
        return 0;
    }

    /** The last link was there but may not be looked at, and so are the others of its process. */
    public boolean refused() {
        return refused;
    }

    /** Links that were read so far: what looking up costs. */
    public long linksRead() {
        return linksRead;
    }

    private long linkNumber(int directory, int end, byte[] prefix) {
        path.put(end, (byte) 0);
        linksRead++;
        int length = (int) Libc.readlinkat(directory, path, link, LINK_BYTES);
        refused = length < 0 && Libc.errno() == Libc.EACCES;
        return numberIn(link, length, prefix);
    }

    /** The number in "prefix" "number" "]"; -1 if the text is another. */
    static long numberIn(ByteBuffer text, int length, byte[] prefix) {
        int last = length - 1;
        if (last <= prefix.length || last > prefix.length + 18 || text.get(last) != ']') {
            return -1;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (text.get(i) != prefix[i]) {
                return -1;
            }
        }
        long number = 0;
        for (int i = prefix.length; i < last; i++) {
            int digit = text.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private int append(int at, byte[] text) {
        path.put(at, text);
        return at + text.length;
    }

    /** Writes a number ≥ 0. */
    private int number(int at, int number) {
        int digits = 1;
        for (int rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        int rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            path.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return at + digits;
    }

    static byte[] ascii(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }
}
