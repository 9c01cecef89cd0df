// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the blocks of a pcapng file (draft-ietf-opsawg-pcapng) into a little-endian buffer, each at a given offset. All
 * bytes of a block are written, so that a buffer can be used again.
 */
final class PcapngBlocks {
    /** Of a comment; longer ones are cut. */
    static final int LONGEST_COMMENT = 4096;

    /** Of an interface's name; Linux has 15. */
    static final int LONGEST_NAME = 256;

    private static final int SECTION = 0x0a0d0d0a;
    private static final int BYTE_ORDER = 0x1a2b3c4d;
    private static final int INTERFACE = 1;
    private static final int PACKET = 6;
    private static final int PACKET_HEADER = 28;
    private static final int OPTION_END = 0;
    private static final int COMMENT = 1;
    private static final int NAME = 2;
    private static final int APPLICATION = 4;
    private static final int RESOLUTION = 9;
    private static final byte NANOSECONDS = 9;
    private static final byte[] NOTHING = {};

    private PcapngBlocks() {}

    /** What a file begins with: its section and its interfaces. Returns the offset behind it. */
    static int header(ByteBuffer into, int from, List<CapturedInterface> interfaces) {
        into.putInt(from, SECTION);
        into.putInt(from + 8, BYTE_ORDER);
        into.putInt(from + 12, 1); // version 1.0
        into.putLong(from + 16, -1); // the section's length is not known
        int at = option(into, from + 24, APPLICATION, "Egret".getBytes(StandardCharsets.UTF_8));
        at = end(into, from, at);
        for (CapturedInterface each : interfaces) {
            int block = at;
            into.putInt(block, INTERFACE);
            into.putInt(block + 8, each.linkType() & 0xffff);
            into.putInt(block + 12, each.snaplen());
            at = option(into, block + 16, NAME, utf8(each.name(), LONGEST_NAME));
            at = option(into, at, RESOLUTION, new byte[] {NANOSECONDS});
            at = end(into, block, at);
        }
        return at;
    }

    /** Most that {@link #header} takes. */
    static int headerBytes(int interfaces) {
        return 64 + interfaces * (48 + LONGEST_NAME);
    }

    /** What {@link #packet} takes. */
    static int packetBytes(int captured, byte[] comment) {
        int options = comment.length == 0 ? 0 : 8 + padded(comment.length);
        return PACKET_HEADER + padded(captured) + options + 4;
    }

    /** Returns the offset behind the packet. */
    static int packet(ByteBuffer into, int from, RawPacket packet, int captured, byte[] comment) {
        into.putInt(from, PACKET);
        into.putInt(from + 8, packet.interfaceIndex);
        into.putInt(from + 12, (int) (packet.timestampNanos >>> 32));
        into.putInt(from + 16, (int) packet.timestampNanos);
        into.putInt(from + 20, captured);
        into.putInt(from + 24, packet.originalLength);
        int frame = from + PACKET_HEADER;
        int at = frame + padded(captured);
        if (at > frame) {
            into.putInt(at - 4, 0);
        }
        into.put(frame, packet.bytes, packet.offset, captured);
        if (comment.length > 0) {
            at = option(into, at, COMMENT, comment);
            return end(into, from, at);
        }
        return close(into, from, at);
    }

    static int padded(int length) {
        return (length + 3) & ~3;
    }

    /** Whole characters of a text in at most so many bytes. */
    static byte[] utf8(String text, int most) {
        // At most three bytes a char, so that a text of any length costs no more.
        byte[] bytes = text.substring(0, Math.min(text.length(), most)).getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= most) {
            return bytes;
        }
        int end = most;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] comment(@Nullable String text) {
        return text == null ? NOTHING : utf8(text, LONGEST_COMMENT);
    }

    /** How many bytes of {@code [from, to)}, which begins with a block, are whole blocks. */
    static int wholeBlocks(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (to - at >= 8 && bytes.getInt(at + 4) <= to - at) {
            at += bytes.getInt(at + 4);
        }
        return at - from;
    }

    /** How many packets whole blocks hold. */
    static int packets(ByteBuffer bytes, int from, int to) {
        int packets = 0;
        for (int at = from; at < to; at += bytes.getInt(at + 4)) {
            if (bytes.getInt(at) == PACKET) {
                packets++;
            }
        }
        return packets;
    }

    private static int option(ByteBuffer into, int at, int code, byte[] value) {
        into.putInt(at, code | value.length << 16);
        int end = at + 4 + padded(value.length);
        if (value.length > 0) {
            into.putInt(end - 4, 0);
            into.put(at + 4, value);
        }
        return end;
    }

    private static int end(ByteBuffer into, int block, int at) {
        into.putInt(at, OPTION_END);
        return close(into, block, at + 4);
    }

    private static int close(ByteBuffer into, int block, int at) {
        int length = at + 4 - block;
        into.putInt(block + 4, length);
        into.putInt(at, length);
        return at + 4;
    }
}
