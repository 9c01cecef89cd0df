// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.Libc;
import egret.capture.linux.NetlinkMessages;
import egret.capture.linux.NetlinkSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's process connector: tells of each fork, exec and exit of the machine. Lives in the initial network, process
 * and user namespaces only; before kernel 6.6 it wants CAP_NET_ADMIN. include/uapi/linux/cn_proc.h, connector.h.
 *
 * <pre>
 *  0                16      20      24        32       36     40    44          52
 *  | netlink header | index | value | numbers | length | what | cpu | nanoseconds | fork: parent, its group, child, its group
 *                                                                                 | exec, exit: thread, its group
 * </pre>
 */
final class ProcessConnector implements SocketSource {
    static final String METHOD = "connector";

    private static final int CN_IDX_PROC = 1;
    private static final int CN_VAL_PROC = 1;
    private static final int PROC_CN_MCAST_LISTEN = 1;

    private static final int PROC_EVENT_NONE = 0;
    private static final int PROC_EVENT_FORK = 1;
    private static final int PROC_EVENT_EXEC = 2;
    private static final int PROC_EVENT_EXIT = 0x8000_0000;

    private static final int CONNECTOR_BYTES = 20;
    private static final int REQUEST_BYTES = NetlinkMessages.HEADER_BYTES + CONNECTOR_BYTES + 4;
    /** Of the event: up to its details. */
    private static final int EVENT_BYTES = 16;

    private static final int RECEIVE_BYTES = 4096;
    /** What may wait between two polls: 8 MiB are 10,000 events with the kernel's own bookkeeping. */
    private static final int WAITING_BYTES = 8 << 20;
    /** Events read in one poll: a fork bomb must not keep the capturing thread. */
    private static final int EVENTS = 8192;
    /** Events that may come before the kernel's consent. */
    private static final int BEFORE_CONSENT = 1024;

    private final NetlinkSocket socket;
    private final ByteBuffer bytes = NetlinkSocket.buffer(RECEIVE_BYTES);
    private final NetlinkMessages messages = new NetlinkMessages();
    private @Nullable OwnerCache cache;

    private ProcessConnector(NetlinkSocket socket) {
        this.socket = socket;
    }

    static ProcessConnector open() throws SocketSourceException {
        NetlinkSocket socket;
        try {
            socket = NetlinkSocket.open(NetlinkSocket.CONNECTOR, CN_IDX_PROC);
        } catch (IOException e) {
            throw new SocketSourceException("The kernel's process connector cannot be opened (" + e.getMessage()
                    + "): CAP_NET_ADMIN grants it.");
        }
        socket.receiveBuffer(WAITING_BYTES);
        ProcessConnector connector = new ProcessConnector(socket);
        try {
            connector.listen();
        } catch (SocketSourceException e) {
            socket.close();
            throw e;
        }
        return connector;
    }

    private void listen() throws SocketSourceException {
        ByteBuffer request = NetlinkSocket.buffer(REQUEST_BYTES);
        NetlinkMessages.header(request, REQUEST_BYTES, NetlinkMessages.NLMSG_DONE, 0, 0);
        request.putInt(16, CN_IDX_PROC).putInt(20, CN_VAL_PROC);
        request.putShort(32, (short) 4).putInt(36, PROC_CN_MCAST_LISTEN);
        if (!socket.send(request, REQUEST_BYTES)) {
            throw new SocketSourceException(
                    "The kernel's process connector refuses (" + Libc.strerror(Libc.errno()) + ").");
        }
        for (int i = 0; i < BEFORE_CONSENT; i++) {
            int length = socket.receive(bytes);
            if (length <= 0) {
                break;
            }
            messages.over(bytes, length);
            while (messages.next()) {
                int at = messages.body() + CONNECTOR_BYTES;
                if (whole(EVENT_BYTES + 4) && bytes.getInt(at) == PROC_EVENT_NONE) {
                    int error = bytes.getInt(at + EVENT_BYTES);
                    if (error == 0) {
                        return;
                    }
                    throw new SocketSourceException("The kernel's process connector refuses (" + Libc.strerror(error)
                            + "): CAP_NET_ADMIN grants it.");
                }
            }
        }
        throw new SocketSourceException("The kernel's process connector is silent:"
                + " it speaks in the initial network, process and user namespaces only.");
    }

    /** Who else must know of new processes before connections are looked for. */
    void beside(OwnerCache newest) {
        cache = newest;
    }

    @Override
    public String method() {
        return METHOD;
    }

    @Override
    public void poll(SocketEvents events) {
        for (int i = 0; i < EVENTS; i++) {
            int length = socket.receive(bytes);
            if (length <= 0) {
                return;
            }
            read(bytes, length, events);
        }
    }

    /** One datagram. Visible for tests of its bounds. */
    void read(ByteBuffer datagram, int length, SocketEvents events) {
        messages.over(datagram, length);
        while (messages.next()) {
            int connector = messages.body();
            if (!whole(EVENT_BYTES + 8)
                    || datagram.getInt(connector) != CN_IDX_PROC
                    || datagram.getInt(connector + 4) != CN_VAL_PROC) {
                continue;
            }
            int at = connector + CONNECTOR_BYTES;
            int details = at + EVENT_BYTES;
            switch (datagram.getInt(at)) {
                case PROC_EVENT_FORK -> {
                    if (whole(EVENT_BYTES + 16)) {
                        fork(datagram, details, datagram.getLong(at + 8), events);
                    }
                }
                case PROC_EVENT_EXEC -> {
                    int pid = datagram.getInt(details + 4);
                    if (cache != null) {
                        cache.executed(pid);
                    }
                    events.executed(pid, "");
                }
                case PROC_EVENT_EXIT -> {
                    int pid = datagram.getInt(details + 4);
                    if (pid == datagram.getInt(details)) {
                        if (cache != null) {
                            cache.exited(pid);
                        }
                        events.exited(pid);
                    }
                }
                default -> {} // changes of user, name and session
            }
        }
    }

    private void fork(ByteBuffer datagram, int details, long nanos, SocketEvents events) {
        int child = datagram.getInt(details + 12);
        if (child != datagram.getInt(details + 8)) {
            return; // a thread
        }
        if (cache != null) {
            cache.forked(datagram.getInt(details + 4), child, nanos);
        }
        events.forked(datagram.getInt(details + 4), child);
    }

    private boolean whole(int eventBytes) {
        return messages.bodyBytes() >= CONNECTOR_BYTES + eventBytes;
    }

    @Override
    public long lost() {
        return socket.overruns() + socket.truncated() + messages.damaged();
    }

    @Override
    public void close() {
        socket.close();
    }
}
