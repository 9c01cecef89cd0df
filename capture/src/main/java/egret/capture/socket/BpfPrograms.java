// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static egret.capture.socket.BpfAssembler.FRAME;
import static egret.capture.socket.BpfAssembler.R0;
import static egret.capture.socket.BpfAssembler.R1;
import static egret.capture.socket.BpfAssembler.R2;
import static egret.capture.socket.BpfAssembler.R3;
import static egret.capture.socket.BpfAssembler.R4;
import static egret.capture.socket.BpfAssembler.R6;
import static egret.capture.socket.BpfAssembler.R7;
import static egret.capture.socket.BpfAssembler.R8;
import static egret.capture.socket.BpfAssembler.R9;

import java.nio.ByteBuffer;

/**
 * The programs that the kernel runs at sockets. All of them end with 1: whatever happens, the socket's call and its
 * packets go on. In all of them R6 is the context and R7 the {@link BpfRecord} that is being written.
 *
 * @param ring descriptor of the ring buffer that takes the records
 * @param lost descriptor of an array of one long: records for which the ring had no room
 */
record BpfPrograms(int ring, int lost) {
    /** A DNS query is no connection that anybody asks the owner of, but there may be very many. */
    private static final int DNS_PORT = 53;

    private static final int UDP = 17;
    private static final int NO_WAKEUP = 1;
    private static final String DONE = "done";

    /** What a program may find out of the process besides its number. */
    enum Detail {
        NOTHING,
        /** User and cgroup. */
        USER,
        /** User, cgroup and the thread's name, which needs CAP_PERFMON. */
        NAME
    }

    /**
     * For {@code cgroup/connect4} and {@code connect6}: runs in the process that connects, before a port is chosen. Its
     * context is {@code struct bpf_sock_addr}.
     *
     * @param onlyDatagrams leave TCP out
     */
    ByteBuffer connect(Detail detail, boolean onlyDatagrams) {
        BpfAssembler program = new BpfAssembler().move(R6, R1);
        leaveDnsOut(program, onlyDatagrams ? DONE : "not DNS");
        writeProcess(program, detail, SocketAddress.PROTOCOL);
        return finish(program);
    }

    /**
     * For {@code cgroup/sendmsg4} and {@code sendmsg6}: UDP without connect, each destination once.
     *
     * @param told descriptor of an LRU map with {@link #KEY_LENGTH} bytes of key and 8 of value
     */
    ByteBuffer send(Detail detail, int family, int told) {
        BpfAssembler program = new BpfAssembler().move(R6, R1);
        leaveDnsOut(program, "not DNS");
        program.load4(R1, R6, SocketAddress.PORT).store8(FRAME, KEY + KEY_PORTS, R1);
        if (family == BpfRecord.AF_INET) {
            program.load4(R1, R6, SocketAddress.IPV4).store8(FRAME, KEY + KEY_ADDRESS, R1);
            program.storeNumber8(FRAME, KEY + KEY_ADDRESS + 8, 0);
        } else {
            for (int word = 0; word < 16; word += 4) {
                program.load4(R1, R6, SocketAddress.IPV6 + word).store4(FRAME, KEY + KEY_ADDRESS + word, R1);
            }
        }
        onlyOnce(program, told);
        writeProcess(program, detail, SocketAddress.PROTOCOL);
        return finish(program);
    }

    /** For {@code cgroup/sock_create}: runs in the process that makes a socket. Its context is {@code struct bpf_sock}. */
    ByteBuffer create(Detail detail) {
        BpfAssembler program = new BpfAssembler().move(R6, R1);
        writeProcess(program, detail, Socket.PROTOCOL);
        return finish(program);
    }

    /**
     * For {@code sockops}: the connection's tuple before its SYN leaves, in the process that connects; and again when the
     * SYN was answered, then with the initial sequence number. What was acknowledged includes the SYN itself, and the data
     * that went with it in a TCP Fast Open.
     *
     * @param process ask for the process, which kernels before 6.10 refuse here
     */
    ByteBuffer socketOperations(boolean process) {
        BpfAssembler program = new BpfAssembler().move(R6, R1);
        program.load4(R8, R6, Operations.OPERATION);
        program.jumpIfEqual(R8, Operations.TCP_CONNECT, "wanted");
        program.jumpIfNotEqual(R8, Operations.ACTIVE_ESTABLISHED, DONE);
        program.label("wanted").plus(R8, BpfRecord.OPENING - Operations.TCP_CONNECT); // both have the same distance
        reserve(program, BpfRecord.TUPLE_LENGTH);
        program.store4(R7, BpfRecord.KIND, R8);
        program.set(R9, 0);
        if (process) {
            // The answer arrives while any process runs: only the first event knows its own.
            program.jumpIfNotEqual(R8, BpfRecord.OPENING, "any process");
            program.call(BpfFunction.GET_CURRENT_PID_TGID).move(R9, R0).label("any process");
        }
        program.store8(R7, BpfRecord.PROCESS_THREAD, R9);
        writeCookieAndTime(program);
        program.load4(R1, R6, Operations.LOCAL_PORT).store4(R7, BpfRecord.SOURCE_PORT, R1);
        program.load4(R1, R6, Operations.REMOTE_PORT).store4(R7, BpfRecord.DESTINATION_PORT, R1);
        program.load4(R1, R6, Operations.SENT_UNACKNOWLEDGED);
        program.load8(R2, R6, Operations.BYTES_ACKNOWLEDGED).minus(R1, R2);
        program.store8(R7, BpfRecord.SEQUENCE, R1);
        program.load4(R8, R6, Operations.FAMILY).store4(R7, BpfRecord.FAMILY, R8);
        program.jumpIfNotEqual(R8, BpfRecord.AF_INET, "ipv6");
        program.load4(R1, R6, Operations.LOCAL_IPV4).store8(R7, BpfRecord.SOURCE, R1);
        program.load4(R1, R6, Operations.REMOTE_IPV4).store8(R7, BpfRecord.DESTINATION, R1);
        program.storeNumber8(R7, BpfRecord.SOURCE + 8, 0).storeNumber8(R7, BpfRecord.DESTINATION + 8, 0);
        program.jump("submit").label("ipv6");
        for (int word = 0; word < 16; word += 4) {
            program.load4(R1, R6, Operations.LOCAL_IPV6 + word).store4(R7, BpfRecord.SOURCE + word, R1);
            program.load4(R1, R6, Operations.REMOTE_IPV6 + word).store4(R7, BpfRecord.DESTINATION + word, R1);
        }
        program.label("submit");
        submit(program);
        return finish(program);
    }

    /**
     * For {@code cgroup_skb/egress}: the addresses of UDP, which a socket may not know itself, from the packet; each
     * destination of a socket once. Costs one look into every other packet that sockets of this machine send; what is
     * forwarded does not come here. Its context is {@code struct __sk_buff}.
     *
     * @param told as in {@link #send}, but another map
     */
    ByteBuffer egress(int told) {
        BpfAssembler program = new BpfAssembler().move(R6, R1);
        program.load4(R1, R6, Packet.PROTOCOL);
        program.jumpIfEqual(R1, Packet.IPV4, "ipv4").jumpIfNotEqual(R1, Packet.IPV6, DONE);

        onlyUdp(program, 40, 6);
        loadBytes(program.set(R2, 0), HEADER, 40);
        program.load8(R1, FRAME, HEADER + 24).store8(FRAME, KEY + KEY_ADDRESS, R1);
        program.load8(R1, FRAME, HEADER + 32).store8(FRAME, KEY + KEY_ADDRESS + 8, R1);
        program.load8(R1, FRAME, HEADER + 8).store8(FRAME, OWN, R1);
        program.load8(R1, FRAME, HEADER + 16).store8(FRAME, OWN + 8, R1);
        program.set(R8, 40).set(R9, BpfRecord.AF_INET6).jump("ports");

        program.label("ipv4");
        onlyUdp(program, 20, 9);
        loadBytes(program.set(R2, 0), HEADER, 20);
        program.load2(R1, FRAME, HEADER + 6)
                .fromNetwork2(R1)
                .and(R1, 0x1fff)
                .jumpIfNotEqual(R1, 0, DONE); // a later piece
        program.load4(R1, FRAME, HEADER + 16).store8(FRAME, KEY + KEY_ADDRESS, R1);
        program.storeNumber8(FRAME, KEY + KEY_ADDRESS + 8, 0);
        program.load4(R1, FRAME, HEADER + 12).store8(FRAME, OWN, R1).storeNumber8(FRAME, OWN + 8, 0);
        program.load1(R8, FRAME, HEADER).and(R8, 0xf).shiftLeft(R8, 2).set(R9, BpfRecord.AF_INET);

        program.label("ports").storeNumber8(FRAME, KEY + KEY_PORTS, 0);
        loadBytes(program.move(R2, R8), KEY + KEY_PORTS, 4);
        program.load2(R1, FRAME, KEY + KEY_PORTS + 2).jumpIfEqual(R1, networkOrder(DNS_PORT), DONE);
        onlyOnce(program, told);

        reserve(program, BpfRecord.TUPLE_LENGTH);
        program.storeNumber4(R7, BpfRecord.KIND, BpfRecord.DATAGRAM).store4(R7, BpfRecord.FAMILY, R9);
        program.storeNumber8(R7, BpfRecord.PROCESS_THREAD, 0).storeNumber8(R7, BpfRecord.SEQUENCE, 0);
        writeCookieAndTime(program);
        program.load2(R1, FRAME, KEY + KEY_PORTS).fromNetwork2(R1).store4(R7, BpfRecord.SOURCE_PORT, R1);
        program.load2(R1, FRAME, KEY + KEY_PORTS + 2).shiftLeft(R1, 16).store4(R7, BpfRecord.DESTINATION_PORT, R1);
        for (int half = 0; half < 16; half += 8) {
            program.load8(R1, FRAME, OWN + half).store8(R7, BpfRecord.SOURCE + half, R1);
            program.load8(R1, FRAME, KEY + KEY_ADDRESS + half).store8(R7, BpfRecord.DESTINATION + half, R1);
        }
        submit(program);
        return finish(program);
    }

    private static void leaveDnsOut(BpfAssembler program, String others) {
        program.load4(R1, R6, SocketAddress.PROTOCOL).jumpIfNotEqual(R1, UDP, others);
        program.load4(R1, R6, SocketAddress.PORT).jumpIfEqual(R1, networkOrder(DNS_PORT), DONE);
        program.label("not DNS");
    }

    private void writeProcess(BpfAssembler program, Detail detail, int protocolOffset) {
        reserve(program, BpfRecord.PROCESS_LENGTH);
        program.storeNumber4(R7, BpfRecord.KIND, BpfRecord.PROCESS);
        program.load4(R1, R6, protocolOffset).store4(R7, BpfRecord.PROTOCOL, R1);
        writeCookieAndTime(program);
        program.call(BpfFunction.GET_CURRENT_PID_TGID).store8(R7, BpfRecord.PROCESS_THREAD, R0);
        if (detail == Detail.NOTHING) {
            program.storeNumber8(R7, BpfRecord.CGROUP, 0).storeNumber8(R7, BpfRecord.UID, -1);
        } else {
            program.call(BpfFunction.GET_CURRENT_CGROUP_ID).store8(R7, BpfRecord.CGROUP, R0);
            program.call(BpfFunction.GET_CURRENT_UID_GID).store8(R7, BpfRecord.UID, R0);
        }
        if (detail == Detail.NAME) {
            program.move(R1, R7).plus(R1, BpfRecord.COMMAND).set(R2, BpfRecord.COMMAND_LENGTH);
            program.call(BpfFunction.GET_CURRENT_COMMAND);
        } else {
            program.storeNumber8(R7, BpfRecord.COMMAND, 0).storeNumber8(R7, BpfRecord.COMMAND + 8, 0);
        }
        submit(program);
    }

    private static void writeCookieAndTime(BpfAssembler program) {
        program.move(R1, R6).call(BpfFunction.GET_SOCKET_COOKIE).store8(R7, BpfRecord.COOKIE, R0);
        program.call(BpfFunction.KTIME_GET_NANOS).store8(R7, BpfRecord.TIME, R0);
    }

    /** Goes on only with what is not in the map yet; the key lies on the stack, but for the cookie. */
    private static void onlyOnce(BpfAssembler program, int told) {
        program.move(R1, R6).call(BpfFunction.GET_SOCKET_COOKIE).store8(FRAME, KEY, R0);
        program.map(R1, told).move(R2, FRAME).plus(R2, KEY).call(BpfFunction.MAP_LOOKUP_ELEMENT);
        program.jumpIfNotEqual(R0, 0, DONE);
        program.storeNumber8(FRAME, VALUE, 1);
        program.map(R1, told)
                .move(R2, FRAME)
                .plus(R2, KEY)
                .move(R3, FRAME)
                .plus(R3, VALUE)
                .set(R4, 0);
        program.call(BpfFunction.MAP_UPDATE_ELEMENT);
    }

    /** A look into the packet itself, as it is taken into all of them: the verifier wants its end looked at before. */
    private static void onlyUdp(BpfAssembler program, int header, int protocol) {
        program.load4(R2, R6, Packet.DATA).load4(R3, R6, Packet.DATA_END);
        program.move(R4, R2).plus(R4, header).jumpIfGreater(R4, R3, DONE);
        program.load1(R1, R2, protocol).jumpIfNotEqual(R1, UDP, DONE);
    }

    /** From the offset in R2 of the packet to the stack, or gives the packet up. */
    private static void loadBytes(BpfAssembler program, int to, int length) {
        program.move(R1, R6).move(R3, FRAME).plus(R3, to).set(R4, length).call(BpfFunction.SKB_LOAD_BYTES);
        program.jumpIfNotEqual(R0, 0, DONE);
    }

    private void reserve(BpfAssembler program, int length) {
        program.map(R1, ring)
                .set(R2, length)
                .set(R3, 0)
                .call(BpfFunction.RINGBUF_RESERVE)
                .move(R7, R0);
        program.jumpIfNotEqual(R7, 0, "reserved");
        program.mapValue(R1, lost).set(R2, 1).atomicAdd8(R1, 0, R2).jump(DONE);
        program.label("reserved");
    }

    /** Nobody is woken, as the reader looks by itself: a wakeup would cost the process 2 to 3 microseconds. */
    private static void submit(BpfAssembler program) {
        program.move(R1, R7).set(R2, NO_WAKEUP).call(BpfFunction.RINGBUF_SUBMIT);
    }

    private static ByteBuffer finish(BpfAssembler program) {
        return program.label(DONE).set(R0, 1).exit().assemble();
    }

    private static int networkOrder(int port) {
        return ((port & 0xff) << 8) | (port >>> 8);
    }

    // The stack: what was told already (cookie, address, ports), its value, a copy of an IP header, the source address.
    static final int KEY_LENGTH = 32;
    private static final int KEY = -32;
    private static final int KEY_ADDRESS = 8;
    private static final int KEY_PORTS = 24;
    private static final int VALUE = -40;
    private static final int HEADER = -80;
    private static final int OWN = -96;

    /** Offsets in {@code struct bpf_sock_addr}; the port is in network order. */
    private static final class SocketAddress {
        static final int IPV4 = 4;
        static final int IPV6 = 8;
        static final int PORT = 24;
        static final int PROTOCOL = 36;
    }

    /** Offsets in {@code struct bpf_sock}. */
    private static final class Socket {
        static final int PROTOCOL = 12;
    }

    /** Offsets in {@code struct bpf_sock_ops}; the remote port is in network order in the upper half. */
    private static final class Operations {
        static final int OPERATION = 0;
        static final int FAMILY = 20;
        static final int REMOTE_IPV4 = 24;
        static final int LOCAL_IPV4 = 28;
        static final int REMOTE_IPV6 = 32;
        static final int LOCAL_IPV6 = 48;
        static final int REMOTE_PORT = 64;
        static final int LOCAL_PORT = 68;
        static final int SENT_UNACKNOWLEDGED = 108;
        static final int BYTES_ACKNOWLEDGED = 176;

        static final int TCP_CONNECT = 3;
        static final int ACTIVE_ESTABLISHED = 4;
    }

    /** Offsets in {@code struct __sk_buff}; EtherTypes in network order. */
    private static final class Packet {
        static final int PROTOCOL = 16;
        static final int DATA = 76;
        static final int DATA_END = 80;
        static final int IPV4 = 0x0008;
        static final int IPV6 = 0xdd86;
    }
}
