// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The records of a pcap file in all variants that libpcap and Wireshark read.
 *
 * <pre>
 *  file    magic | major,minor | zone | sigfigs | snaplen | link type (low 16 bits) [ | Ixia: total bytes ]
 *  record  seconds | fraction | captured length | original length [ | 4, 8 or 12 bytes ] | frame
 * </pre>
 *
 * All fields have 4 bytes (the two versions 2 each) in the writer's byte order. Sources: libpcap sf-pcap.c, Wireshark
 * wiretap/libpcap.c, draft-ietf-opsawg-pcap.
 */
final class PcapFormat implements RecordFormat {
    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;
    private static final int MODIFIED = 0xa1b2cd34;
    private static final int IXIA_HARDWARE = 0x1c0001ac;
    private static final int IXIA_SOFTWARE = 0x1c0001ab;

    private static final int FILE_HEADER = 24;
    private static final int STANDARD = 16;
    private static final int NOKIA = 20;
    private static final int KUZNETZOV = 24;
    private static final int KUZNETZOV_DEBUG = 28;

    /** Records at the start of a file that show how long its record headers are. */
    private static final int RECORDS_TO_TRY = 3;

    private static final int SECONDS_PER_DAY = 86_400;

    private final boolean littleEndian;
    private final int linkType;
    private final int nanosPerFraction;
    private final int recordHeader;
    private final int largestCaptured;

    /** Original length before captured length: before version 2.3 always, in 2.3 where only that makes sense. */
    private final boolean lengthsSwapped;

    private final boolean lengthsMaybeSwapped;
    private long packets;
    private @Nullable String problem;

    /** Bytes of the file header, or 0 if this is not the magic number of a pcap. */
    static int headerLength(int magic) {
        return switch (magicInOrder(magic)) {
            case MICROSECONDS, NANOSECONDS, MODIFIED -> FILE_HEADER;
            case IXIA_HARDWARE, IXIA_SOFTWARE -> FILE_HEADER + 4;
            default -> 0;
        };
    }

    private static int magicInOrder(int magic) {
        // The first byte as written on a big-endian machine.
        return (magic >>> 24) == 0xa1 || (magic >>> 24) == 0x1c ? magic : Integer.reverseBytes(magic);
    }

    /**
     * Reads the file header at {@code offset}, which must be complete; what follows up to {@code limit} helps to tell
     * variants apart that share a magic number.
     */
    PcapFormat(ByteBuffer bytes, int offset, int limit) {
        int magic = magicInOrder(bytes.getInt(offset));
        littleEndian = magic != bytes.getInt(offset);
        int versions = bytes.getInt(offset + 4);
        int major = littleEndian ? Short.toUnsignedInt(Short.reverseBytes((short) (versions >>> 16))) : versions >>> 16;
        int minor = Short.toUnsignedInt(littleEndian ? Short.reverseBytes((short) versions) : (short) versions);
        largestCaptured = RecordFormat.largestCaptured(int32(bytes, offset + 16));
        int network = int32(bytes, offset + 20);
        lengthsSwapped = major == 543 || (major == 2 && minor < 3);
        lengthsMaybeSwapped = major == 2 && minor == 3;
        int aix = magic == MICROSECONDS && major == 2 && minor == 2 ? linkTypeOnAix(network) : -1;
        linkType = aix >= 0 ? aix : network & 0xffff;
        nanosPerFraction = magic == NANOSECONDS || magic == IXIA_HARDWARE || aix >= 0 ? 1 : 1000;
        if (major < 2) {
            problem = "version " + major + "." + minor + " of pcap is older than anything that is read";
        }
        int first = offset + headerLength(magic);
        if (magic == MODIFIED) {
            recordHeader = pick(bytes, first, limit, KUZNETZOV, KUZNETZOV_DEBUG, KUZNETZOV_DEBUG);
        } else if (magic == MICROSECONDS && major == 2 && minor == 4) {
            recordHeader = pick(bytes, first, limit, STANDARD, KUZNETZOV, NOKIA);
        } else {
            recordHeader = STANDARD;
        }
    }

    /** AIX has the version 2.2, nanoseconds and interface types (RFC 1573) that no pcap of that age had. */
    private static int linkTypeOnAix(int network) {
        return switch (network) {
            case 6 -> 1;
            case 9 -> 6;
            case 15 -> 10;
            case 24 -> 0;
            default -> -1;
        };
    }

    /** The first record header length that fits the first records; {@code usual} when none does. */
    private int pick(ByteBuffer bytes, int offset, int limit, int usual, int second, int third) {
        if (fits(bytes, offset, limit, usual, usual)) {
            return usual;
        }
        if (fits(bytes, offset, limit, second, usual)) {
            return second;
        }
        return fits(bytes, offset, limit, third, usual) ? third : usual;
    }

    /** A broken file must not pass for a variant, so a header that is not the usual one has more to prove. */
    private boolean fits(ByteBuffer bytes, int offset, int limit, int header, int usual) {
        int at = offset;
        int record = 0;
        while (record < RECORDS_TO_TRY && limit - at >= header) {
            int captured = int32(bytes, at + 8);
            if (Integer.compareUnsigned(int32(bytes, at + 4), 1_000_000) >= 0
                    || Integer.compareUnsigned(captured, largestCaptured) > 0) {
                return false;
            }
            int age = int32(bytes, at) - int32(bytes, offset);
            if (header != usual
                    && (Integer.compareUnsigned(captured, int32(bytes, at + 12)) > 0
                            || Math.abs(age) > SECONDS_PER_DAY)) {
                return false;
            }
            record++;
            if (limit - at - header < captured) {
                break;
            }
            at += header + captured;
        }
        return header == usual || record > 1;
    }

    private int int32(ByteBuffer bytes, int offset) {
        int value = bytes.getInt(offset);
        return littleEndian ? Integer.reverseBytes(value) : value;
    }

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
        if (limit - offset < recordHeader || problem != null) {
            return ~offset;
        }
        int captured = int32(bytes, offset + 8);
        int original = int32(bytes, offset + 12);
        if (lengthsSwapped || (lengthsMaybeSwapped && Integer.compareUnsigned(captured, original) > 0)) {
            int swap = captured;
            captured = original;
            original = swap;
        }
        if (Integer.compareUnsigned(captured, largestCaptured) > 0) {
            problem = "a record of " + Integer.toUnsignedString(captured) + " captured bytes (at most "
                    + largestCaptured + " are possible)";
            return ~offset;
        }
        int frame = offset + recordHeader;
        if (limit - frame < captured) {
            return ~offset;
        }
        packet.bytes = bytes;
        packet.offset = frame;
        packet.capturedLength = captured;
        packet.originalLength = original < 0 ? Integer.MAX_VALUE : original;
        packet.linkType = linkType;
        packet.timestampNanos = Integer.toUnsignedLong(int32(bytes, offset)) * 1_000_000_000L
                + Integer.toUnsignedLong(int32(bytes, offset + 4)) * nanosPerFraction;
        packet.number = ++packets;
        packet.interfaceIndex = 0;
        return frame + captured;
    }

    @Override
    public long packets() {
        return packets;
    }

    @Override
    public long usedOfIncomplete() {
        return 0;
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }
}
