// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.capture.linux.NetlinkMessages;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes requests to ctnetlink from a buffer's first byte; the buffer is in the machine's byte order. */
final class ConntrackRequests {
    /** Enough for each of them. */
    static final int LARGEST = 128;

    private static final short NESTED = (short) 0x8000;
    private static final byte AF_UNSPEC = 0;
    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;
    private static final int ATTRIBUTES = NetlinkMessages.HEADER_BYTES + ConntrackMessage.FAMILY_BYTES;

    private ConntrackRequests() {}

    /** @return its length */
    static int dump(ByteBuffer message, int sequence) {
        family(message, AF_UNSPEC);
        NetlinkMessages.header(
                message,
                ATTRIBUTES,
                ConntrackMessage.GET,
                NetlinkMessages.NLM_F_REQUEST | NetlinkMessages.NLM_F_DUMP,
                sequence);
        return ATTRIBUTES;
    }

    /** For the connection with this reply direction, both addresses of one family. */
    static int query(ByteBuffer message, Tuple reply, int sequence) {
        boolean ipv4 = reply.ipv4();
        family(message, ipv4 ? AF_INET : AF_INET6);
        int address = ATTRIBUTES + 4;
        int at = address + 4;
        if (ipv4) {
            at = attribute(message, at, 1, 4);
            put32(message, at - 4, (int) reply.sourceLow);
            at = attribute(message, at, 2, 4);
            put32(message, at - 4, (int) reply.destinationLow);
        } else {
            at = attribute(message, at, 3, 16);
            put64(message, at - 16, reply.sourceHigh);
            put64(message, at - 8, reply.sourceLow);
            at = attribute(message, at, 4, 16);
            put64(message, at - 16, reply.destinationHigh);
            put64(message, at - 8, reply.destinationLow);
        }
        nest(message, address, at, ConntrackMessage.TUPLE_ADDRESS);
        int protocol = at;
        at = attribute(message, at + 4, ConntrackMessage.NUMBER, 1);
        message.put(at - 4, (byte) reply.protocol);
        at = attribute(message, at, ConntrackMessage.SOURCE_PORT, 2);
        put16(message, at - 4, reply.sourcePort);
        at = attribute(message, at, ConntrackMessage.DESTINATION_PORT, 2);
        put16(message, at - 4, reply.destinationPort);
        nest(message, protocol, at, ConntrackMessage.TUPLE_PROTOCOL);
        nest(message, ATTRIBUTES, at, ConntrackMessage.TUPLE_REPLY);
        NetlinkMessages.header(message, at, ConntrackMessage.GET, NetlinkMessages.NLM_F_REQUEST, sequence);
        return at;
    }

    private static void family(ByteBuffer message, byte family) {
        message.putInt(NetlinkMessages.HEADER_BYTES, 0);
        message.put(NetlinkMessages.HEADER_BYTES, family);
    }

    /** @return the offset behind it, of which the aligned value is the last part */
    private static int attribute(ByteBuffer message, int at, int type, int bytes) {
        message.putShort(at, (short) (4 + bytes));
        message.putShort(at + 2, (short) type);
        message.putInt(at + 4, 0);
        return at + 4 + ((bytes + 3) & ~3);
    }

    private static void nest(ByteBuffer message, int from, int to, int type) {
        message.putShort(from, (short) (to - from));
        message.putShort(from + 2, (short) (type | NESTED));
    }

    private static boolean littleEndian(ByteBuffer message) {
        return message.order() == ByteOrder.LITTLE_ENDIAN;
    }

    private static void put16(ByteBuffer message, int at, int value) {
        message.putShort(at, littleEndian(message) ? Short.reverseBytes((short) value) : (short) value);
    }

    private static void put32(ByteBuffer message, int at, int value) {
        message.putInt(at, littleEndian(message) ? Integer.reverseBytes(value) : value);
    }

    private static void put64(ByteBuffer message, int at, long value) {
        message.putLong(at, littleEndian(message) ? Long.reverseBytes(value) : value);
    }
}
