// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;

/** QUIC's integers of 1, 2, 4 or 8 bytes; the first two bits say which (RFC 9000 §16). */
final class Varint {
    private Varint() {}

    /** The value at {@code p}, or -1 when its bytes are not all before {@code to}. */
    static long at(ByteBuffer b, int p, int to) {
        if (p >= to || to - p < width(b, p)) {
            return -1;
        }
        return switch (width(b, p)) {
            case 1 -> b.get(p) & 0x3f;
            case 2 -> b.getShort(p) & 0x3fff;
            case 4 -> b.getInt(p) & 0x3fffffff;
            default -> b.getLong(p) & 0x3fffffffffffffffL;
        };
    }

    /** Bytes of the integer whose first byte, at {@code p}, must be there. */
    static int width(ByteBuffer b, int p) {
        return 1 << (b.get(p) >> 6 & 3);
    }
}
