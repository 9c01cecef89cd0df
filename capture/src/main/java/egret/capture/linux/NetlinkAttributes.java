// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import java.nio.ByteBuffer;

/**
 * The attributes of a netlink message, or inside one attribute: a reused view that owns no bytes. Nothing at or beyond the
 * given end is read: an attribute that claims more ends the iteration and is counted.
 *
 * <pre>
 *  0        2      4
 *  +--------+------+------ - -
 *  | length | type | value           aligned to 4; length includes the header
 *  +--------+------+------ - -
 * </pre>
 */
public final class NetlinkAttributes {
    private static final int HEADER_BYTES = 4;
    /** Without the flags "nested" and "network byte order". */
    private static final int TYPE_MASK = 0x3fff;

    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int end;
    private int at;
    private int next;
    private int valueEnd;
    private long damaged;

    /**
     * @param buffer in the machine's byte order
     * @param from offset of the first attribute
     * @param to offset after the last one
     */
    public NetlinkAttributes over(ByteBuffer buffer, int from, int to) {
        bytes = buffer;
        end = Math.max(0, Math.min(to, buffer.capacity()));
        next = from < 0 ? end : from;
        at = next;
        valueEnd = next;
        return this;
    }

    /** The attributes inside the other's present one. */
    public NetlinkAttributes inside(NetlinkAttributes outer) {
        return over(outer.bytes, outer.value(), outer.end());
    }

    /** Goes to the next attribute. False if there is none, or none that is whole. */
    public boolean next() {
        if (next >= end) {
            return false;
        }
        at = next;
        int length = end - at < HEADER_BYTES ? 0 : bytes.getShort(at) & 0xffff;
        if (length < HEADER_BYTES || length > end - at) {
            damaged++;
            next = end;
            return false;
        }
        valueEnd = at + length;
        next = (int) Math.min(end, (valueEnd + 3L) & ~3L);
        return true;
    }

    public int type() {
        return bytes.getShort(at + 2) & TYPE_MASK;
    }

    /** Offset of the value's first byte. */
    public int value() {
        return at + HEADER_BYTES;
    }

    /** Offset of the byte after the value. */
    public int end() {
        return valueEnd;
    }

    public int valueBytes() {
        return valueEnd - value();
    }

    /** Attributes that were not whole, in all messages so far. */
    public long damaged() {
        return damaged;
    }
}
