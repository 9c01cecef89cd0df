// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import java.nio.ByteBuffer;

/**
 * The messages of one netlink datagram, one after the other: a reused view that owns no bytes. Nothing at or beyond the
 * datagram's end is read: a message that claims more ends the iteration and is counted.
 *
 * <pre>
 *  0        4      6      8          12        16
 *  +--------+------+------+----------+---------+------ - -
 *  | length | type | flags| sequence | port id | body
 *  +--------+------+------+----------+---------+------ - -    aligned to 4; length includes the header
 * </pre>
 */
public final class NetlinkMessages {
    public static final int HEADER_BYTES = 16;

    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;
    /** Types below are netlink's own. */
    public static final int NLMSG_MIN_TYPE = 0x10;

    public static final int NLM_F_REQUEST = 1;
    public static final int NLM_F_ACK = 4;
    public static final int NLM_F_DUMP = 0x300;

    private static final int NO_ERRNO = -1;

    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int end;
    private int at;
    private int next;
    private int messageEnd;
    private long damaged;

    /** Writes the header of a message to send, from the buffer's first byte. */
    public static void header(ByteBuffer message, int length, int type, int flags, int sequence) {
        message.putInt(0, length);
        message.putShort(4, (short) type);
        message.putShort(6, (short) flags);
        message.putInt(8, sequence);
        message.putInt(12, 0);
    }

    /**
     * Starts at the buffer's first byte.
     *
     * @param datagram in the machine's byte order
     * @param length of the datagram; what lies beyond the buffer counts as not there
     */
    public NetlinkMessages over(ByteBuffer datagram, int length) {
        bytes = datagram;
        end = Math.max(0, Math.min(length, datagram.capacity()));
        at = 0;
        next = 0;
        messageEnd = 0;
        return this;
    }

    /** Goes to the next message. False if there is none, or none that is whole. */
    public boolean next() {
        if (next >= end) {
            return false;
        }
        at = next;
        int length = end - at < HEADER_BYTES ? 0 : bytes.getInt(at);
        if (length < HEADER_BYTES || length > end - at) {
            damaged++;
            next = end;
            return false;
        }
        messageEnd = at + length;
        next = (int) Math.min(end, (messageEnd + 3L) & ~3L);
        return true;
    }

    public int type() {
        return bytes.getShort(at + 4) & 0xffff;
    }

    public int flags() {
        return bytes.getShort(at + 6) & 0xffff;
    }

    public int sequence() {
        return bytes.getInt(at + 8);
    }

    /** Offset of the first byte after the header. */
    public int body() {
        return at + HEADER_BYTES;
    }

    /** Offset of the byte after the message. */
    public int end() {
        return messageEnd;
    }

    public int bodyBytes() {
        return messageEnd - body();
    }

    /** What an {@link #NLMSG_ERROR} or {@link #NLMSG_DONE} says: 0 for success, else an errno; -1 if it is cut or another type. */
    public int error() {
        int type = type();
        if (type == NLMSG_DONE && bodyBytes() < 4) {
            return 0;
        }
        if ((type != NLMSG_ERROR && type != NLMSG_DONE) || bodyBytes() < 4) {
            return NO_ERRNO;
        }
        int code = bytes.getInt(body());
        return code <= 0 && code > -4096 ? -code : NO_ERRNO; // MAX_ERRNO of include/linux/err.h
    }

    /** Messages that were not whole, in all datagrams so far. */
    public long damaged() {
        return damaged;
    }
}
