// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.Libc;
import egret.capture.linux.NetlinkMessages;
import egret.capture.linux.NetlinkSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Asks the kernel of one network namespace for the socket of a connection: sock_diag(7), struct inet_diag_req_v2 of
 * include/uapi/linux/inet_diag.h. The kernel answers inside the call that asks, so nothing waits.
 *
 * <pre>
 *  request  | netlink header 16 | family | protocol | extensions | - | states 4 | id 48 |
 *  id       | source port 2 | destination port 2 | source 16 | destination 16 | interface 4 | cookie 8 |
 * </pre>
 */
final class DiagSocket implements AutoCloseable {
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;

    private static final int HEADER_BYTES = NetlinkMessages.HEADER_BYTES;
    private static final int REQUEST_BYTES = 72;
    private static final int REQUEST_ID = 24;
    /** The kernel sends dumps in parts of at most 32 KiB; one more page for what it may add. */
    private static final int RECEIVE_BYTES = 36 * 1024;
    /** Old answers that may lie before the one that was asked for. */
    private static final int ANSWERS_READ = 8;
    /** Parts of a dump that are read: sockets of one port are few. */
    private static final int PARTS_READ = 64;

    private final NetlinkSocket socket;
    private final ByteBuffer request = NetlinkSocket.buffer(REQUEST_BYTES);
    private final ByteBuffer answer = NetlinkSocket.buffer(RECEIVE_BYTES);
    private final NetlinkMessages messages = new NetlinkMessages();
    private final DiagAnswer counted = new DiagAnswer();
    private int sequence;
    private long failures;

    /** Of the last {@link #find}. */
    final DiagAnswer found = new DiagAnswer();

    private DiagSocket(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** In the network namespace of the calling thread. */
    static DiagSocket open() throws IOException {
        return new DiagSocket(NetlinkSocket.open(NetlinkSocket.SOCK_DIAG));
    }

    /**
     * Looks for the socket that sends with this tuple.
     *
     * @return whether there is one; {@link #found} says what is known of it
     */
    boolean find(SocketEvent seen) {
        return ask(seen) && received(false);
    }

    /** Looks for a listening TCP socket, or an UDP socket without a peer: what {@link #find} must not take for a connection. */
    boolean findListening(SocketEvent seen) {
        return ask(seen) && received(true);
    }

    /** Whether exactly one UDP socket is bound to this source port, at whatever address. Costs a walk of all UDP sockets. */
    boolean sole(SocketEvent seen) {
        int ipv4 = bound(seen, AF_INET);
        int ipv6 = bound(seen, AF_INET6);
        return ipv4 >= 0 && ipv6 >= 0 && ipv4 + ipv6 == 1;
    }

    /** How many sockets are bound to the source port, -1 if the kernel did not say. */
    private int bound(SocketEvent seen, int family) {
        start(family, IPPROTO_UDP, NetlinkMessages.NLM_F_DUMP);
        putPort(REQUEST_ID, seen.sourcePort);
        if (!sent()) {
            return -1;
        }
        int sockets = 0;
        for (int part = 0; part < PARTS_READ; part++) {
            int length = socket.receive(answer);
            if (length <= 0) {
                return -1;
            }
            messages.over(answer, length);
            while (messages.next()) {
                if (messages.sequence() != sequence) {
                    continue;
                }
                if (messages.type() == NetlinkMessages.NLMSG_DONE) {
                    return messages.error() == 0 ? sockets : -1;
                }
                if (messages.type() != SOCK_DIAG_BY_FAMILY) {
                    return -1;
                }
                if (counted.read(answer, messages.body(), messages.end()) && counted.sourcePort == seen.sourcePort) {
                    sockets++;
                }
            }
        }
        return -1;
    }

    /** Requests that the kernel did not take or answered with another error than "no such socket". */
    long failures() {
        return failures;
    }

    private boolean ask(SocketEvent seen) {
        boolean ipv4 = mapped(seen.sourceHigh, seen.sourceLow) && mapped(seen.destinationHigh, seen.destinationLow);
        // AF_INET finds the dual-stack sockets as well.
        start(ipv4 ? AF_INET : AF_INET6, seen.udp ? IPPROTO_UDP : IPPROTO_TCP, 0);
        // UDP is looked up as the kernel does for a datagram that arrives: what the socket sends to is the source.
        int source = seen.udp ? 1 : 0;
        put(seen.sourceHigh, seen.sourceLow, seen.sourcePort, source, ipv4);
        put(seen.destinationHigh, seen.destinationLow, seen.destinationPort, 1 - source, ipv4);
        return sent();
    }

    private static boolean mapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    private void start(int family, int protocol, int flags) {
        sequence++;
        NetlinkMessages.header(
                request, REQUEST_BYTES, SOCK_DIAG_BY_FAMILY, NetlinkMessages.NLM_F_REQUEST | flags, sequence);
        request.put(HEADER_BYTES, (byte) family);
        request.put(HEADER_BYTES + 1, (byte) protocol);
        request.putShort(HEADER_BYTES + 2, (short) 0);
        request.putInt(HEADER_BYTES + 4, -1); // all states
        for (int at = REQUEST_ID; at < REQUEST_BYTES - 8; at += 4) {
            request.putInt(at, 0);
        }
        request.putLong(REQUEST_BYTES - 8, -1L); // INET_DIAG_NOCOOKIE
    }

    private boolean sent() {
        boolean taken = socket.send(request, REQUEST_BYTES);
        if (!taken) {
            failures++;
        }
        return taken;
    }

    private boolean received(boolean listening) {
        for (int i = 0; i < ANSWERS_READ; i++) {
            int length = socket.receive(answer);
            if (length <= 0) {
                failures++;
                return false;
            }
            messages.over(answer, length);
            while (messages.next()) {
                if (messages.sequence() != sequence) {
                    continue;
                }
                if (messages.type() == NetlinkMessages.NLMSG_ERROR) {
                    if (messages.error() != Libc.ENOENT) {
                        failures++;
                    }
                    return false;
                }
                if (messages.type() != SOCK_DIAG_BY_FAMILY || !found.read(answer, messages.body(), messages.end())) {
                    failures++;
                    return false;
                }
                return listening || found.state != DiagAnswer.STATE_LISTEN;
            }
        }
        failures++;
        return false;
    }

    private void put(long high, long low, int port, int side, boolean ipv4) {
        putPort(REQUEST_ID + 2 * side, port);
        int at = REQUEST_ID + 4 + 16 * side;
        if (ipv4) {
            putInt(at, (int) low);
            return;
        }
        putInt(at, (int) (high >>> 32));
        putInt(at + 4, (int) high);
        putInt(at + 8, (int) (low >>> 32));
        putInt(at + 12, (int) low);
    }

    private void putPort(int at, int port) {
        request.put(at, (byte) (port >> 8));
        request.put(at + 1, (byte) port);
    }

    private void putInt(int at, int bigEndian) {
        request.put(at, (byte) (bigEndian >> 24));
        request.put(at + 1, (byte) (bigEndian >> 16));
        request.put(at + 2, (byte) (bigEndian >> 8));
        request.put(at + 3, (byte) bigEndian);
    }

    @Override
    public void close() {
        socket.close();
    }
}
