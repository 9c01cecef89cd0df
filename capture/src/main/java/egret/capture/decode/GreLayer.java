// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

/** GRE (RFC 2784, RFC 2890, RFC 1701's routing), its PPTP variant (RFC 2637) and the mirrors' ERSPAN in it. */
final class GreLayer {
    private static final int CHECKSUM = 0x8000;
    private static final int ROUTING = 0x4000;
    private static final int KEY = 0x2000;
    private static final int SEQUENCE = 0x1000;
    private static final int ACKNOWLEDGMENT = 0x0080;

    private GreLayer() {}

    static int gre(Cursor c) {
        if (c.lacks(4)) {
            return c.shortOf(4);
        }
        int flags = c.shortAt(0);
        int type = c.shortAt(2);
        return switch (flags & 7) {
            case 0 -> version0(c, flags, type);
            case 1 -> pptp(c, flags, type);
            default -> Layer.MALFORMED;
        };
    }

    private static int version0(Cursor c, int flags, int type) {
        int header = 4;
        header += (flags & (CHECKSUM | ROUTING)) != 0 ? 4 : 0;
        header += (flags & KEY) != 0 ? 4 : 0;
        header += (flags & SEQUENCE) != 0 ? 4 : 0;
        boolean routed = (flags & ROUTING) != 0;
        while (routed) {
            if (c.lacks(header + 4)) {
                return c.shortOf(header + 4);
            }
            routed = c.intAt(header) >>> 16 != 0 || c.byteAt(header + 3) != 0;
            header += 4 + (routed ? c.byteAt(header + 3) : 0);
        }
        if (c.lacks(header)) {
            return c.shortOf(header);
        }
        c.skip(header);
        return switch (type) {
            case 0x88be -> (flags & SEQUENCE) == 0 ? Layer.ETHERNET : erspan2(c);
            case 0x22eb -> erspan3(c);
            case 0x883e -> webCache(c);
            default -> type <= 1500 ? Layer.OTHER : Layer.ofEtherType(type);
        };
    }

    private static int pptp(Cursor c, int flags, int type) {
        int header = 8 + ((flags & SEQUENCE) != 0 ? 4 : 0) + ((flags & ACKNOWLEDGMENT) != 0 ? 4 : 0);
        if (c.lacks(header)) {
            return c.shortOf(header);
        }
        int length = c.shortAt(4);
        c.skip(header);
        c.limit(length);
        return type == 0x880b && (flags & SEQUENCE) != 0 && length != 0 ? Layer.PPP : Layer.OTHER;
    }

    private static int erspan2(Cursor c) {
        if (c.lacks(8)) {
            return c.shortOf(8);
        }
        c.skip(8);
        return Layer.ETHERNET;
    }

    private static int erspan3(Cursor c) {
        if (c.lacks(12)) {
            return c.shortOf(12);
        }
        int last = c.shortAt(10);
        int header = (last & 1) != 0 ? 20 : 12;
        if (c.lacks(header)) {
            return c.shortOf(header);
        }
        c.skip(header);
        return switch ((last >>> 10) & 0x1f) {
            case 0 -> Layer.ETHERNET;
            case 2 -> Layer.IP;
            default -> Layer.OTHER;
        };
    }

    /** WCCP: version 2 puts 4 bytes before the IPv4 packet. */
    private static int webCache(Cursor c) {
        if (c.lacks(4)) {
            return c.shortOf(4);
        }
        if (c.byteAt(0) >>> 4 != 4) {
            c.skip(4);
        }
        return Layer.IPV4;
    }
}
