// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

/** IEEE 802.11 data frames and the headers that capture drivers put before them (radiotap.org, PPI, Prism, AVS). */
final class WirelessLayers {
    private WirelessLayers() {}

    /** Length and the flags field decide where the frame begins; the rest is about the radio. */
    static int radiotap(Cursor c) {
        if (c.lacks(8)) {
            return c.shortOf(8);
        }
        int length = swap(c.shortAt(2));
        if (c.byteAt(0) != 0 || length < 8) {
            return Layer.MALFORMED;
        }
        if (c.lacks(length)) {
            return c.shortOf(length);
        }
        int flags = radiotapFlags(c, length);
        c.skip(length);
        return frame(c, (flags & 0x20) != 0);
    }

    private static int radiotapFlags(Cursor c, int length) {
        int present = Integer.reverseBytes(c.intAt(4));
        int at = 8;
        int word = present;
        while (word < 0) {
            if (at + 4 > length) {
                return 0;
            }
            word = Integer.reverseBytes(c.intAt(at));
            at += 4;
        }
        if ((present & 2) == 0) {
            return 0;
        }
        if ((present & 1) != 0) {
            at = ((at + 7) & ~7) + 8;
        }
        return at < length ? c.byteAt(at) : 0;
    }

    /** Prism's header (host order) or AVS's (network order), both of which state their length at byte 4. */
    static int prism(Cursor c) {
        if (c.lacks(8)) {
            return c.shortOf(8);
        }
        int length = c.intAt(4);
        length = Integer.compareUnsigned(length, 0xffff) <= 0 ? length : Integer.reverseBytes(length);
        if (length < 8 || length > 0xffff) {
            return Layer.MALFORMED;
        }
        if (c.lacks(length)) {
            return c.shortOf(length);
        }
        c.skip(length);
        return frame(c, false);
    }

    static int frame(Cursor c) {
        return frame(c, false);
    }

    /** @param padded the driver aligned what follows the header to 4 bytes */
    private static int frame(Cursor c, boolean padded) {
        if (c.lacks(24)) {
            return c.lacks(2) || (c.byteAt(0) & 0x0c) == 0x08 ? c.shortOf(24) : Layer.OTHER;
        }
        int kind = c.byteAt(0);
        int flags = c.byteAt(1);
        // version 0, type data, not one of the "null" subtypes; neither encrypted nor a fragment
        boolean plain = (kind & 0x4f) == 0x08 && (flags & 0x44) == 0 && (c.byteAt(22) & 0x0f) == 0;
        if (!plain) {
            return Layer.OTHER;
        }
        int header = (flags & 0x03) == 0x03 ? 30 : 24;
        if ((kind & 0x80) != 0) {
            if (c.lacks(header + 2)) {
                return c.shortOf(header + 2);
            }
            if ((c.byteAt(header) & 0x80) != 0) {
                return Layer.OTHER; // several frames in one
            }
            header += (flags & 0x80) != 0 ? 6 : 2;
        }
        if (padded) {
            header = (header + 3) & ~3;
        }
        if (c.lacks(header)) {
            return c.shortOf(header);
        }
        c.skip(header);
        return Layer.LLC;
    }

    private static int swap(int value) {
        return ((value & 0xff) << 8) | (value >>> 8);
    }
}
