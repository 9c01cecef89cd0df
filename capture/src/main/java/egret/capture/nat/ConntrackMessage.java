// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.capture.linux.NetlinkAttributes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One tracked connection as ctnetlink tells it (include/uapi/linux/netfilter/nfnetlink_conntrack.h): a reused view.
 *
 * <pre>
 *  family, version, resource (4 bytes)
 *  tuple, original direction (1)     address (1): IPv4 source 1, destination 2; IPv6 source 3, destination 4
 *  tuple, reply direction (2)        protocol (2): number 1, source port 2, destination port 3
 *  others, which are passed over
 * </pre>
 *
 * Values are in network byte order, lengths and types in the machine's.
 */
final class ConntrackMessage {
    /** Type of a message that tells of a connection, be it new, changed or asked for. */
    static final int NEW = 0x100;

    static final int GET = 0x101;

    /** struct nfgenmsg. */
    static final int FAMILY_BYTES = 4;

    static final int TUPLE_ORIGINAL = 1;
    static final int TUPLE_REPLY = 2;
    static final int TUPLE_ADDRESS = 1;
    static final int TUPLE_PROTOCOL = 2;
    static final int NUMBER = 1;
    static final int SOURCE_PORT = 2;
    static final int DESTINATION_PORT = 3;

    private static final int IPV4_SOURCE = 1;
    private static final int IPV4_DESTINATION = 2;
    private static final int IPV6_SOURCE = 3;
    private static final int IPV6_DESTINATION = 4;

    enum Outcome {
        CONNECTION,
        /** Neither TCP nor UDP. */
        OTHER,
        /** Something that every connection has is missing or of a wrong size. */
        DAMAGED
    }

    /** What one tuple has shown so far, a bit each. */
    private static final int HAS_SOURCE = 1;

    private static final int HAS_DESTINATION = 2;
    private static final int HAS_NUMBER = 4;
    private static final int HAS_PORTS = 8 | 16;
    private static final int HAS_ALL = 31;
    private static final int WRONG = 32;

    final Tuple original = new Tuple();
    final Tuple reply = new Tuple();

    private final NetlinkAttributes outer = new NetlinkAttributes();
    private final NetlinkAttributes middle = new NetlinkAttributes();
    private final NetlinkAttributes inner = new NetlinkAttributes();

    /**
     * @param bytes in the machine's byte order
     * @param from offset of the message's body
     * @param to offset after it
     */
    Outcome parse(ByteBuffer bytes, int from, int to) {
        if (to - from < FAMILY_BYTES) {
            return Outcome.DAMAGED;
        }
        int ofOriginal = 0;
        int ofReply = 0;
        outer.over(bytes, from + FAMILY_BYTES, to);
        while (outer.next() && (ofOriginal == 0 || ofReply == 0)) {
            switch (outer.type()) {
                case TUPLE_ORIGINAL -> ofOriginal = tuple(bytes, original);
                case TUPLE_REPLY -> ofReply = tuple(bytes, reply);
                default -> {}
            }
        }
        int both = ofOriginal & ofReply;
        if (((ofOriginal | ofReply) & WRONG) != 0 || (both & ~HAS_PORTS) != (HAS_ALL & ~HAS_PORTS)) {
            return Outcome.DAMAGED;
        }
        if (original.protocol != Tuple.TCP && original.protocol != Tuple.UDP) {
            return Outcome.OTHER;
        }
        return both == HAS_ALL && original.protocol == reply.protocol ? Outcome.CONNECTION : Outcome.DAMAGED;
    }

    /** Attributes that were not whole, in all messages so far. */
    long damaged() {
        return outer.damaged() + middle.damaged() + inner.damaged();
    }

    private int tuple(ByteBuffer bytes, Tuple into) {
        int has = 0;
        middle.inside(outer);
        while (middle.next()) {
            int type = middle.type();
            if (type == TUPLE_ADDRESS) {
                inner.inside(middle);
                while (inner.next()) {
                    has |= address(bytes, into);
                }
            } else if (type == TUPLE_PROTOCOL) {
                inner.inside(middle);
                while (inner.next()) {
                    has |= protocol(bytes, into);
                }
            }
        }
        // A tuple without anything is not the same as none.
        return has == 0 ? WRONG : has;
    }

    private int address(ByteBuffer bytes, Tuple into) {
        int type = inner.type();
        int at = inner.value();
        long high;
        long low;
        switch (type) {
            case IPV4_SOURCE, IPV4_DESTINATION -> {
                if (inner.valueBytes() != 4) {
                    return WRONG;
                }
                high = 0;
                low = Tuple.ipv4(int32(bytes, at));
            }
            case IPV6_SOURCE, IPV6_DESTINATION -> {
                if (inner.valueBytes() != 16) {
                    return WRONG;
                }
                high = int64(bytes, at);
                low = int64(bytes, at + 8);
            }
            default -> {
                return 0;
            }
        }
        if (type == IPV4_SOURCE || type == IPV6_SOURCE) {
            into.sourceHigh = high;
            into.sourceLow = low;
            return HAS_SOURCE;
        }
        into.destinationHigh = high;
        into.destinationLow = low;
        return HAS_DESTINATION;
    }

    private int protocol(ByteBuffer bytes, Tuple into) {
        int at = inner.value();
        return switch (inner.type()) {
            case NUMBER -> {
                if (inner.valueBytes() != 1) {
                    yield WRONG;
                }
                into.protocol = bytes.get(at) & 0xff;
                yield HAS_NUMBER;
            }
            case SOURCE_PORT -> {
                if (inner.valueBytes() != 2) {
                    yield WRONG;
                }
                into.sourcePort = int16(bytes, at);
                yield 8;
            }
            case DESTINATION_PORT -> {
                if (inner.valueBytes() != 2) {
                    yield WRONG;
                }
                into.destinationPort = int16(bytes, at);
                yield 16;
            }
            default -> 0;
        };
    }

    private static boolean littleEndian(ByteBuffer bytes) {
        return bytes.order() == ByteOrder.LITTLE_ENDIAN;
    }

    private static int int16(ByteBuffer bytes, int at) {
        short value = bytes.getShort(at);
        return (littleEndian(bytes) ? Short.reverseBytes(value) : value) & 0xffff;
    }

    private static int int32(ByteBuffer bytes, int at) {
        int value = bytes.getInt(at);
        return littleEndian(bytes) ? Integer.reverseBytes(value) : value;
    }

    private static long int64(ByteBuffer bytes, int at) {
        long value = bytes.getLong(at);
        return littleEndian(bytes) ? Long.reverseBytes(value) : value;
    }
}
