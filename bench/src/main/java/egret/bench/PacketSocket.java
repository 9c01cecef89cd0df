// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import egret.capture.linux.Libc;
import egret.capture.linux.NetworkDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sends frames on an interface, {@value #BATCH} with a system call. Linux, 64 bits, needs NET_RAW. */
final class PacketSocket implements Wire, AutoCloseable {
    static final int BATCH = 64;

    /** struct mmsghdr, struct iovec. */
    private static final int MESSAGE = 64;

    private static final int VECTOR = 16;
    private static final int FRAME = 2_048;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final long SENDMMSG = System.getProperty("os.arch").equals("aarch64") ? 269 : 307;

    private final int fd;
    private final ByteBuffer frames = ByteBuffer.allocateDirect(BATCH * FRAME);
    private final ByteBuffer vectors = ByteBuffer.allocateDirect(BATCH * VECTOR).order(ByteOrder.nativeOrder());
    private final ByteBuffer messages =
            ByteBuffer.allocateDirect(BATCH * MESSAGE).order(ByteOrder.nativeOrder());
    private int waiting;
    private long packets;
    private long bytes;

    PacketSocket(String device) {
        fd = open(device);
        for (int i = 0; i < BATCH; i++) {
            vectors.putLong(i * VECTOR, Libc.address(frames) + (long) i * FRAME);
            messages.putLong(i * MESSAGE + 16, Libc.address(vectors) + (long) i * VECTOR);
            messages.putLong(i * MESSAGE + 24, 1);
        }
    }

    /** A socket that sends past the queueing discipline. */
    static int open(String device) {
        int fd = Libc.socket(AF_PACKET, SOCK_RAW, 0);
        ByteBuffer address = words(AF_PACKET, NetworkDevice.index(fd, device));
        if (fd < 0 || Libc.bind(fd, address, 20) != 0) {
            throw new IllegalStateException("cannot send on " + device + ": error " + Libc.errno());
        }
        Libc.setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, words(1), 4);
        return fd;
    }

    /** Returns how many went, or -1. */
    static long send(int fd, long messages, int count) {
        return Libc.syscall(SENDMMSG, fd, messages, count, 0, 0);
    }

    private static ByteBuffer words(int... values) {
        ByteBuffer words = ByteBuffer.allocateDirect(20).order(ByteOrder.nativeOrder());
        for (int i = 0; i < values.length; i++) {
            words.putInt(i * 4, values[i]);
        }
        return words;
    }

    @Override
    public void write(long micros, byte[] frame, int length) {
        frames.put(waiting * FRAME, frame, 0, length);
        vectors.putLong(waiting * VECTOR + 8, length);
        packets++;
        bytes += length;
        if (++waiting == BATCH) {
            flush();
        }
    }

    /** Sends what waits, and again what the kernel had no room for. */
    void flush() {
        int sent = 0;
        while (sent < waiting) {
            sent += (int) Math.max(0, send(fd, Libc.address(messages) + (long) sent * MESSAGE, waiting - sent));
        }
        waiting = 0;
    }

    @Override
    public long packets() {
        return packets;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        flush();
        Libc.close(fd);
    }
}
