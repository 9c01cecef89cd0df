// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a pcapng file (draft-ietf-opsawg-pcapng).
 *
 * <pre>
 *  block      type | total length | ... | total length
 *  section    0a0d0d0a | length | byte order | major,minor | section length (8) | options
 *  interface  1 | length | link type,0 | snaplen | options
 *  packet     6 | length | interface           | time high | time low | captured | original | frame | options
 *  packet (2) 2 | length | interface,drops     | time high | time low | captured | original | frame | options
 *  simple     3 | length | original | frame
 * </pre>
 *
 * All fields have 4 bytes (two beside a comma 2 each) in the byte order of their section. Other blocks are skipped
 * without being buffered.
 */
final class PcapngFormat implements RecordFormat {
    /** The same in both byte orders. */
    static final int SECTION = 0x0a0d0d0a;

    /** A section header without options. */
    static final int SHORTEST_SECTION = 28;

    private static final int INTERFACE = 1;
    private static final int OLD_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int PACKET = 6;
    private static final int BYTE_ORDER = 0x1a2b3c4d;

    /** Type, and the length twice. */
    private static final int FRAMING = 12;

    /** From the start of a packet block to its frame. */
    private static final int PACKET_HEADER = 28;

    /** The most that libpcap and Wireshark believe of a block. */
    private static final int MAXIMUM_BLOCK = 16 << 20;

    /** Above this a packet block is not buffered for its options, and an interface block not read at all. */
    private static final int MAXIMUM_WHOLE = 512 << 10;

    /** Interfaces of one section; each costs some 60 bytes of memory for 20 of the file. */
    private static final int MAXIMUM_INTERFACES = 1 << 16;

    private boolean littleEndian;
    private PcapngInterface[] interfaces = new PcapngInterface[4];
    private int interfaceCount;

    /** Interfaces of earlier sections. */
    private int earlierInterfaces;

    private long packets;

    /** Packets and the other records that Wireshark numbers with them. */
    private long numbered;

    /** Of the packet before: a simple packet has none of its own and is taken to be as old as that. */
    private long timestampNanos;

    /** Bytes still to come of a block that is skipped. */
    private int skip;

    private int skippedBlock;
    private @Nullable String problem;

    @Override
    public int walk(ByteBuffer bytes, int offset, int limit, RawPacket packet, PacketSink sink) {
        int at = offset;
        for (; ; ) {
            int next = next(bytes, at, limit, packet);
            if (next < 0) {
                return ~next;
            }
            sink.packet(packet);
            at = next;
        }
    }

    @Override
    public int next(ByteBuffer bytes, int offset, int limit, RawPacket packet) {
        int at = offset;
        for (; ; ) {
            if (skip > 0) {
                int step = Math.min(skip, limit - at);
                skip -= step;
                at += step;
            }
            if (limit - at < FRAMING || problem != null) {
                return ~at;
            }
            int type = int32(bytes, at);
            if (type == SECTION && !section(bytes, at, limit)) {
                return ~at;
            }
            int length = int32(bytes, at + 4);
            if (length < FRAMING || length > MAXIMUM_BLOCK || (length & 3) != 0) {
                return fail(
                        at,
                        "a block of " + Integer.toUnsignedString(length) + " bytes (a multiple of 4 from " + FRAMING
                                + " to " + MAXIMUM_BLOCK + " is possible)");
            }
            boolean whole = limit - at >= length;
            if (whole && int32(bytes, at + length - 4) != length) {
                return fail(
                        at,
                        "a block whose length is " + length + " at its start and "
                                + Integer.toUnsignedString(int32(bytes, at + length - 4)) + " at its end");
            }
            boolean found = switch (type) {
                case PACKET, OLD_PACKET -> packet(bytes, at, limit, type, length, packet);
                case SIMPLE_PACKET -> simplePacket(bytes, at, limit, length, packet);
                case INTERFACE -> whole && describe(bytes, at, length);
                default -> true;
            };
            if (!found) {
                return incomplete(at, type, length);
            }
            if (numberedByWireshark(type)) {
                numbered++;
            }
            if (whole) {
                at += length;
            } else {
                skip = length;
                skippedBlock = length;
            }
            if (type == PACKET || type == OLD_PACKET || type == SIMPLE_PACKET) {
                if (!whole) {
                    skip -= limit - at;
                    at = limit;
                }
                packet.number = ++numbered;
                packets++;
                return at;
            }
        }
    }

    private int incomplete(int at, int type, int length) {
        if (problem == null && type == INTERFACE && length > MAXIMUM_WHOLE) {
            problem = "an interface description of " + length + " bytes (at most " + MAXIMUM_WHOLE + " are read)";
        }
        return ~at;
    }

    private boolean packet(ByteBuffer bytes, int at, int limit, int type, int length, RawPacket packet) {
        boolean whole = limit - at >= length;
        if (!whole && (length <= MAXIMUM_WHOLE || limit - at < PACKET_HEADER)) {
            return false;
        }
        if (length < PACKET_HEADER + 4) {
            return refuse("a packet block of " + length + " bytes (at least 32 are needed)");
        }
        int index = int32(bytes, at + 8);
        if (type == OLD_PACKET) {
            // Two 16-bit fields: the first in the file is the high half of a big-endian word.
            index = littleEndian ? index & 0xffff : index >>> 16;
        }
        int captured = int32(bytes, at + 20);
        int original = int32(bytes, at + 24);
        if (Integer.compareUnsigned(index, interfaceCount) >= 0) {
            return refuse(noInterface(index));
        }
        PcapngInterface from = interfaces[index];
        if (Integer.compareUnsigned(captured, from.largestCaptured) > 0 || captured > length - PACKET_HEADER - 4) {
            return refuse(
                    "a packet of " + Integer.toUnsignedString(captured) + " captured bytes in a block of " + length);
        }
        if (limit - at - PACKET_HEADER < captured) {
            return false;
        }
        timestampNanos = from.nanos((long) int32(bytes, at + 12) << 32 | Integer.toUnsignedLong(int32(bytes, at + 16)));
        fill(packet, bytes, at + PACKET_HEADER, captured, original, index);
        return true;
    }

    private boolean simplePacket(ByteBuffer bytes, int at, int limit, int length, RawPacket packet) {
        if (length < FRAMING + 4) {
            return refuse("a simple packet block of " + length + " bytes (at least 16 are needed)");
        }
        if (interfaceCount == 0) {
            return refuse(noInterface(0));
        }
        PcapngInterface from = interfaces[0];
        if (limit - at < FRAMING) {
            return false;
        }
        int original = int32(bytes, at + 8);
        int captured = length - FRAMING - 4;
        if (Integer.compareUnsigned(original, captured) < 0) {
            captured = original;
        }
        if (from.snaplen != 0 && Integer.compareUnsigned(from.snaplen, captured) < 0) {
            captured = from.snaplen;
        }
        if (captured > from.largestCaptured) {
            return refuse("a simple packet of " + captured + " captured bytes");
        }
        if (limit - at < (length <= MAXIMUM_WHOLE ? length : FRAMING + captured)) {
            return false;
        }
        fill(packet, bytes, at + FRAMING, captured, original, 0);
        return true;
    }

    private void fill(RawPacket packet, ByteBuffer bytes, int frame, int captured, int original, int index) {
        packet.bytes = bytes;
        packet.offset = frame;
        packet.capturedLength = captured;
        packet.originalLength = original < 0 ? Integer.MAX_VALUE : original;
        packet.linkType = interfaces[index].linkType;
        packet.timestampNanos = timestampNanos;
        packet.interfaceIndex = earlierInterfaces + index;
        packet.interfaces = earlierInterfaces + interfaceCount;
    }

    /** Begins a section; false when more bytes are needed or the block is refused. */
    private boolean section(ByteBuffer bytes, int at, int limit) {
        if (limit - at < 16) {
            return false;
        }
        int order = bytes.getInt(at + 8);
        if (order != BYTE_ORDER && order != Integer.reverseBytes(BYTE_ORDER)) {
            return refuse("a section whose byte order mark is 0x" + Integer.toHexString(order));
        }
        littleEndian = order != BYTE_ORDER;
        int versions = bytes.getInt(at + 12);
        int major = littleEndian ? Short.toUnsignedInt(Short.reverseBytes((short) (versions >>> 16))) : versions >>> 16;
        if (major != 1) {
            return refuse("a section of pcapng version " + major + " (1 is read)");
        }
        if (int32(bytes, at + 4) < SHORTEST_SECTION) {
            return refuse("a section header of " + Integer.toUnsignedString(int32(bytes, at + 4))
                    + " bytes (at least 28 are needed)");
        }
        earlierInterfaces += interfaceCount;
        interfaceCount = 0;
        return true;
    }

    private boolean describe(ByteBuffer bytes, int at, int length) {
        if (length < FRAMING + 8) {
            return refuse("an interface description of " + length + " bytes (at least 20 are needed)");
        }
        if (interfaceCount == MAXIMUM_INTERFACES) {
            return refuse("more than " + MAXIMUM_INTERFACES + " interfaces");
        }
        if (interfaceCount == interfaces.length) {
            interfaces = Arrays.copyOf(interfaces, interfaceCount * 2);
        }
        interfaces[interfaceCount++] = new PcapngInterface(bytes, at + 8, at + length - 4, littleEndian);
        return true;
    }

    /** systemd journal entries, Sysdig events (three layouts) and custom blocks are frames to Wireshark. */
    private static boolean numberedByWireshark(int type) {
        return switch (type) {
            case 0x9, 0x204, 0x216, 0x221, 0xbad, 0x40000bad -> true;
            default -> false;
        };
    }

    private String noInterface(int index) {
        return "a packet of interface " + Integer.toUnsignedString(index) + ", of which there is no description";
    }

    private boolean refuse(String why) {
        problem = why;
        return false;
    }

    private int fail(int at, String why) {
        problem = why;
        return ~at;
    }

    private int int32(ByteBuffer bytes, int offset) {
        int value = bytes.getInt(offset);
        return littleEndian ? Integer.reverseBytes(value) : value;
    }

    @Override
    public long packets() {
        return packets;
    }

    @Override
    public long usedOfIncomplete() {
        return skip > 0 ? skippedBlock - skip : 0;
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }
}
