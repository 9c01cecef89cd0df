// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A netlink socket (netlink(7)) that never blocks and hears the kernel only. It stays in the network namespace of the
 * thread that opened it. Used by one thread.
 */
public final class NetlinkSocket implements AutoCloseable {
    public static final int ROUTE = 0;
    public static final int SOCK_DIAG = 4;
    public static final int CONNECTOR = 11;
    public static final int NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int MSG_TRUNC = 0x20;
    /** struct sockaddr_nl: family, padding, port id, groups. */
    private static final int ADDRESS_BYTES = 12;
    /** Failures in a row that one call passes over: more means that the kernel fills faster than is read. */
    private static final int PASSED_OVER = 16;

    private final int fd;
    private boolean open = true;
    private long overruns;
    private long truncated;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /**
     * @param protocol as in socket(2): {@link #SOCK_DIAG} and so on
     * @throws IOException with the C library's words for the reason
     */
    public static NetlinkSocket open(int protocol) throws IOException {
        return open(protocol, 0);
    }

    /** @param groups a bit for each of the first 32 multicast groups, as in sockaddr_nl */
    public static NetlinkSocket open(int protocol, int groups) throws IOException {
        int fd = Libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
        if (fd < 0) {
            throw new IOException("socket: " + Libc.strerror(Libc.errno()));
        }
        ByteBuffer address = buffer(ADDRESS_BYTES).putShort(0, (short) AF_NETLINK);
        // Connected to the kernel (port 0): what other processes send is refused by it.
        if (Libc.bind(fd, address.putInt(8, groups), ADDRESS_BYTES) != 0
                || Libc.connect(fd, address.putInt(8, 0), ADDRESS_BYTES) != 0) {
            int errno = Libc.errno();
            Libc.close(fd);
            throw new IOException("bind: " + Libc.strerror(errno));
        }
        return new NetlinkSocket(fd);
    }

    /** A direct buffer in the machine's byte order, as netlink's headers are. */
    public static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Joins a multicast group by its number. False if the kernel refuses. */
    public boolean join(int group) {
        return option(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
    }

    /** How many bytes may wait to be read. Beyond the machine's limit only with CAP_NET_ADMIN. */
    public void receiveBuffer(int bytes) {
        if (!option(SOL_SOCKET, SO_RCVBUFFORCE, bytes)) {
            option(SOL_SOCKET, SO_RCVBUF, bytes);
        }
    }

    /** Sets an integer option of setsockopt(2). False if the kernel refuses. */
    public boolean option(int level, int option, int value) {
        return Libc.setsockopt(fd, level, option, buffer(4).putInt(0, value), 4) == 0;
    }

    /** Sends the first bytes of the buffer. False if the kernel did not take them; {@link Libc#errno} says why. */
    public boolean send(ByteBuffer message, int length) {
        return Libc.send(fd, message, length, 0) == length;
    }

    /**
     * The next datagram, from the buffer's first byte.
     *
     * @return its length; 0 if none waits, -1 if the socket failed and {@link Libc#errno} says why. Overruns and datagrams
     *     that the buffer is too small for are counted and passed over.
     */
    public int receive(ByteBuffer into) {
        for (int passed = 0; passed < PASSED_OVER; passed++) {
            long length = Libc.recv(fd, into, into.capacity(), MSG_TRUNC);
            if (length > into.capacity()) {
                truncated++;
                continue;
            }
            if (length > 0) {
                return (int) length;
            }
            int errno = length < 0 ? Libc.errno() : Libc.EAGAIN;
            if (errno == Libc.EAGAIN) {
                return 0;
            }
            if (errno == Libc.ENOBUFS) {
                overruns++;
            } else if (errno != Libc.EINTR) {
                return -1;
            }
        }
        return 0;
    }

    /** For poll(2). */
    public int fd() {
        return fd;
    }

    /** How often the kernel found no room and dropped one or more messages. */
    public long overruns() {
        return overruns;
    }

    /** Datagrams that were longer than the buffer given. */
    public long truncated() {
        return truncated;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Libc.close(fd);
        }
    }
}
