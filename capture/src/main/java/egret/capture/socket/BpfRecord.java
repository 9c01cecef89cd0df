// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the programs write, in the machine's byte order, and what reads it. Two layouts with the same beginning:
 *
 * <pre>
 *    0 kind      4 protocol or family   8 socket cookie   16 CLOCK_MONOTONIC   24 process &lt;&lt; 32 | thread, 0: unknown
 * PROCESS:
 *   32 cgroup   40 uid                 48 thread's name, 16 bytes
 * others:
 *   32 source port   36 0, destination port in network order   40 source   56 destination   72 initial sequence number
 * </pre>
 *
 * An IPv4 address takes the first four of its sixteen bytes.
 */
final class BpfRecord {
    /** Who uses a socket. */
    static final int PROCESS = 1;

    /** A TCP connection begins: its SYN is about to leave. */
    static final int OPENING = 2;

    /** Its SYN was answered. */
    static final int ESTABLISHED = 3;

    /** A socket's first UDP packet to a destination. */
    static final int DATAGRAM = 4;

    static final int KIND = 0;
    static final int PROTOCOL = 4;
    static final int FAMILY = 4;
    static final int COOKIE = 8;
    static final int TIME = 16;
    static final int PROCESS_THREAD = 24;

    static final int CGROUP = 32;
    static final int UID = 40;
    static final int COMMAND = 48;
    static final int COMMAND_LENGTH = 16;
    static final int PROCESS_LENGTH = 64;

    static final int SOURCE_PORT = 32;
    static final int DESTINATION_PORT = 36;
    static final int SOURCE = 40;
    static final int DESTINATION = 56;
    static final int SEQUENCE = 72;
    static final int TUPLE_LENGTH = 80;

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private BpfRecord() {}

    /** Fills in time, protocol, addresses and ports from a record that is not of kind {@link #PROCESS}. */
    static void readTuple(ByteBuffer record, int at, SocketEvent event) {
        event.monotonicNanos = record.getLong(at + TIME);
        event.udp = record.getInt(at + KIND) == DATAGRAM;
        event.sourcePort = record.getInt(at + SOURCE_PORT) & 0xffff;
        event.destinationPort =
                ((record.get(at + DESTINATION_PORT + 2) & 0xff) << 8) | (record.get(at + DESTINATION_PORT + 3) & 0xff);
        boolean ipv4 = record.getInt(at + FAMILY) == AF_INET;
        event.sourceHigh = ipv4 ? 0 : network8(record, at + SOURCE);
        event.sourceLow = ipv4 ? mapped(record, at + SOURCE) : network8(record, at + SOURCE + 8);
        event.destinationHigh = ipv4 ? 0 : network8(record, at + DESTINATION);
        event.destinationLow = ipv4 ? mapped(record, at + DESTINATION) : network8(record, at + DESTINATION + 8);
    }

    private static long network8(ByteBuffer bytes, int at) {
        long value = bytes.getLong(at);
        return bytes.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    private static long mapped(ByteBuffer bytes, int at) {
        int value = bytes.getInt(at);
        int address = bytes.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
        return 0xffff_0000_0000L | (address & 0xffff_ffffL);
    }
}
