// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's table of network interfaces, /proc/thread-self/net/dev: it takes no lock, has interfaces without addresses,
 * and stays with the network namespace of the thread that opened it.
 *
 * <pre>
 *  eth0: bytes packets errs drop fifo frame compressed multicast (received), the same again (sent)
 * </pre>
 */
final class DeviceTable implements AutoCloseable {
    /** About 8,000 interfaces; what stands behind is not seen. */
    private static final int MOST_BYTES = 1 << 20;

    /** "drop" counts from 0 behind the name: missed for want of memory, and dropped. */
    private static final int DROP_COLUMN = 3;

    private final @Nullable RandomAccessFile file;
    private byte[] bytes = new byte[4096];
    private int length;

    DeviceTable() {
        file = open();
    }

    private static @Nullable RandomAccessFile open() {
        try {
            return new RandomAccessFile("/proc/thread-self/net/dev", "r");
        } catch (IOException absent) {
            return null;
        }
    }

    /** In the kernel's order; empty where there is no such table. */
    List<String> names() {
        read();
        List<String> names = new ArrayList<>();
        int line = 0;
        while (line < length) {
            int end = endOfLine(line);
            int colon = lastColon(line, end);
            if (colon >= 0) {
                int start = afterBlanks(line, colon);
                names.add(new String(bytes, start, colon - start, StandardCharsets.UTF_8));
            }
            line = end + 1;
        }
        return names;
    }

    /** Packets that interfaces dropped on arrival since they exist: of one, or of all for a null. */
    long dropped(@Nullable String name) {
        read();
        byte[] wanted = name == null ? null : name.getBytes(StandardCharsets.UTF_8);
        long sum = 0;
        int line = 0;
        while (line < length) {
            int end = endOfLine(line);
            int colon = lastColon(line, end);
            if (colon >= 0) {
                int start = afterBlanks(line, colon);
                if (wanted == null || java.util.Arrays.equals(bytes, start, colon, wanted, 0, wanted.length)) {
                    sum += column(colon + 1, end);
                }
            }
            line = end + 1;
        }
        return sum;
    }

    private long column(int from, int end) {
        int at = from;
        for (int skipped = 0; skipped < DROP_COLUMN; skipped++) {
            at = afterBlanks(at, end);
            while (at < end && bytes[at] != ' ') {
                at++;
            }
        }
        at = afterBlanks(at, end);
        long value = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            value = value * 10 + bytes[at] - '0';
            at++;
        }
        return value;
    }

    private int endOfLine(int from) {
        int at = from;
        while (at < length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private int afterBlanks(int from, int end) {
        int at = from;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    /** Behind the name, which may have colons itself; the two lines of headings have none. */
    private int lastColon(int from, int end) {
        for (int at = end - 1; at >= from; at--) {
            if (bytes[at] == ':') {
                return at;
            }
        }
        return -1;
    }

    private void read() {
        length = 0;
        if (file == null) {
            return;
        }
        try {
            file.seek(0);
            while (length < MOST_BYTES) {
                if (length == bytes.length) {
                    bytes = java.util.Arrays.copyOf(bytes, bytes.length * 2);
                }
                int count = file.read(bytes, length, bytes.length - length);
                if (count <= 0) {
                    return;
                }
                length += count;
            }
        } catch (IOException vanished) {
            length = 0;
        }
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException alreadyGone) {
                length = 0;
            }
        }
    }
}
