// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.Libc;
import egret.capture.linux.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sockets in /proc/PID/net/tcp, tcp6, udp and udp6: each connection that a process of that network namespace opened.
 * Connections to a port that something listens on there were opened by the other side and are left out. proc(5),
 * net/ipv4/tcp_ipv4.c.
 *
 * <pre>
 *    sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *     0: 0100007F:0277 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5024 1 ...
 * </pre>
 */
final class SocketTable {
    /** Sockets taken of one file. */
    private static final int SOCKETS = 65_536;
    /** A line has 150 characters, with IPv6 200; a longer one is none of the kernel's. */
    private static final int LINE_BYTES = 512;

    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int O_CLOEXEC = 0x80000;
    private static final int STATE_TIME_WAIT = 6;
    private static final int STATE_LISTEN = 10;

    private final ByteBuffer block = NetlinkSocket.buffer(BLOCK_BYTES);
    private final byte[] line = new byte[LINE_BYTES];
    private final Set<Integer> listening = new HashSet<>();
    private final List<SocketEvent> connections = new ArrayList<>();
    private final List<Long> inodes = new ArrayList<>();

    /** Of the line read last. */
    private int at;

    private int state;
    private long inode;

    private long shed;
    private long damaged;

    /** Forgets the ports that are listened on: another network namespace follows. */
    void start() {
        listening.clear();
    }

    /** Takes an event of its own for each connection, and the inode of its socket. */
    interface Sink {
        void take(SocketEvent event, long inode);
    }

    void read(String path, boolean udp, Sink to) {
        int fd = Libc.open(path, O_CLOEXEC);
        if (fd < 0) {
            return;
        }
        connections.clear();
        inodes.clear();
        int length = 0;
        boolean tooLong = false;
        while (true) {
            int got = (int) Libc.read(fd, block, BLOCK_BYTES);
            if (got <= 0 || got > BLOCK_BYTES) {
                break;
            }
            for (int i = 0; i < got; i++) {
                byte next = block.get(i);
                if (next == '\n') {
                    if (tooLong) {
                        damaged++;
                    } else {
                        take(length, udp);
                    }
                    length = 0;
                    tooLong = false;
                } else if (length < LINE_BYTES) {
                    line[length++] = next;
                } else {
                    tooLong = true;
                }
            }
        }
        Libc.close(fd);
        for (int i = 0; i < connections.size(); i++) {
            if (udp || !listening.contains(connections.get(i).sourcePort)) {
                to.take(connections.get(i), inodes.get(i));
            }
        }
        connections.clear();
        inodes.clear();
    }

    /** Sockets beyond the bound. */
    long shed() {
        return shed;
    }

    /** Lines that are not as the kernel writes them. */
    long damaged() {
        return damaged;
    }

    private void take(int length, boolean udp) {
        SocketEvent event = new SocketEvent();
        Outcome outcome = parse(line, length, event);
        if (outcome == Outcome.DAMAGED) {
            damaged++;
        }
        if (outcome != Outcome.SOCKET) {
            return;
        }
        event.udp = udp;
        if (!udp && state == STATE_LISTEN) {
            if (listening.size() < SOCKETS) {
                listening.add(event.sourcePort);
            }
        } else if (event.destinationPort != 0 && inode != 0 && (udp || state != STATE_TIME_WAIT)) {
            if (connections.size() < SOCKETS) {
                connections.add(event);
                inodes.add(inode);
            } else {
                shed++;
            }
        }
    }

    enum Outcome {
        SOCKET,
        HEADING,
        DAMAGED
    }

    /** One line without its end. Nothing at or beyond {@code length} is read. */
    Outcome parse(byte[] text, int length, SocketEvent into) {
        at = 0;
        spaces(text, length);
        if (at < length && (text[at] < '0' || text[at] > '9')) {
            return Outcome.HEADING;
        }
        if (!word(text, length) || !address(text, length, into, true) || !address(text, length, into, false)) {
            return Outcome.DAMAGED;
        }
        long hex = hex(text, length, 2);
        state = (int) hex;
        if (hex < 0 || !word(text, length) || !word(text, length) || !word(text, length)) {
            return Outcome.DAMAGED;
        }
        long uid = decimal(text, length);
        if (uid < 0 || !word(text, length)) {
            return Outcome.DAMAGED;
        }
        inode = decimal(text, length);
        if (inode < 0) {
            return Outcome.DAMAGED;
        }
        into.uid = (int) uid;
        return Outcome.SOCKET;
    }

    /** Of the line parsed last. */
    long inode() {
        return inode;
    }

    private boolean address(byte[] text, int length, SocketEvent into, boolean source) {
        int end = at;
        while (end < length && text[end] != ':') {
            end++;
        }
        long high = 0;
        long low;
        if (end - at == 8) {
            long word = hostWord(text, length);
            low = word < 0 ? -1 : 0xffff_0000_0000L | word;
            if (word < 0) {
                return false;
            }
        } else if (end - at == 32) {
            long one = hostWord(text, length);
            long two = hostWord(text, length);
            long three = hostWord(text, length);
            long four = hostWord(text, length);
            if ((one | two | three | four) < 0) {
                return false;
            }
            high = one << 32 | two;
            low = three << 32 | four;
        } else {
            return false;
        }
        at = end + 1;
        long port = hex(text, length, 4);
        if (port < 0) {
            return false;
        }
        if (source) {
            into.sourceHigh = high;
            into.sourceLow = low;
            into.sourcePort = (int) port;
        } else {
            into.destinationHigh = high;
            into.destinationLow = low;
            into.destinationPort = (int) port;
        }
        return true;
    }

    /** Eight digits of an address word that the kernel printed in the machine's order. */
    private long hostWord(byte[] text, int length) {
        long word = digits(text, length, 8);
        if (word < 0 || ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            return word;
        }
        return Integer.reverseBytes((int) word) & 0xffff_ffffL;
    }

    /** A number of that many hexadecimal digits and the spaces after it; -1 if there is none. */
    private long hex(byte[] text, int length, int digits) {
        long number = digits(text, length, digits);
        return number >= 0 && spaces(text, length) ? number : -1;
    }

    private long digits(byte[] text, int length, int digits) {
        if (length - at < digits) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(text[at + i], 16);
            if (digit < 0) {
                return -1;
            }
            number = number << 4 | digit;
        }
        at += digits;
        return number;
    }

    private long decimal(byte[] text, int length) {
        long number = 0;
        int from = at;
        while (at < length && text[at] >= '0' && text[at] <= '9' && at - from < 18) {
            number = number * 10 + text[at] - '0';
            at++;
        }
        return at == from || (at < length && !spaces(text, length)) ? -1 : number;
    }

    /** Passes over a word and the spaces after it. */
    private boolean word(byte[] text, int length) {
        int from = at;
        while (at < length && text[at] != ' ') {
            at++;
        }
        return at > from && spaces(text, length);
    }

    private boolean spaces(byte[] text, int length) {
        int from = at;
        while (at < length && text[at] == ' ') {
            at++;
        }
        return at > from;
    }
}
