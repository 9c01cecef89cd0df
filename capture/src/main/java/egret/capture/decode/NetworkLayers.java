// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.nio.ByteBuffer;

/** IPv4 and IPv6 with their options, extension headers and fragments (RFC 791, RFC 8200). */
final class NetworkLayers {
    /** IP headers inside one another that are followed; the ninth is too deep. */
    static final int MAX_IP_HEADERS = 8;

    /** ::ffff:0:0/96, the low half of a mapped IPv4 address. */
    static final long MAPPED = 0xffff_0000_0000L;

    /** Tells the keys of IPv6 fragments from those of IPv4. */
    private static final long IPV6_KEY = 1L << 40;

    private static final int HOP_BY_HOP = 0;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int FRAGMENT_BITS = 0x3fff;
    private static final int MORE_FRAGMENTS = 0x2000;

    final FragmentTable fragments = new FragmentTable();

    /** Of either version. */
    int ip(Cursor c) {
        if (c.lacks(1)) {
            return c.shortOf(1);
        }
        return switch (c.byteAt(0) >>> 4) {
            case 4 -> ipv4(c);
            case 6 -> ipv6(c);
            default -> Layer.MALFORMED;
        };
    }

    int ipv4(Cursor c) {
        if (c.lacks(20)) {
            return c.shortOf(20);
        }
        if (++c.ipHeaders > MAX_IP_HEADERS) {
            return Layer.TOO_DEEP;
        }
        ByteBuffer bytes = c.bytes;
        int at = c.position;
        long first = bytes.getLong(at);
        int header = (int) (first >>> 54) & 0x3c;
        int total = (int) (first >>> 32) & 0xffff;
        if (first >>> 60 != 4 || header < 20 || (total != 0 && total < header)) {
            return Layer.MALFORMED;
        }
        if (total != 0) { // 0: segmentation is left to the interface, the frame's length counts
            c.believe(total);
        }
        if (c.lacks(header)) {
            return c.shortOf(header);
        }
        int second = bytes.getInt(at + 8);
        int protocol = (second >>> 16) & 0xff;
        long addresses = bytes.getLong(at + 12);
        Packet packet = c.packet;
        packet.ipv4 = true;
        packet.ttl = second >>> 24;
        packet.sourceHigh = 0;
        packet.sourceLow = MAPPED | (addresses >>> 32);
        packet.destinationHigh = 0;
        packet.destinationLow = MAPPED | (addresses & 0xffff_ffffL);
        c.skip(header);
        int fragment = (int) first & FRAGMENT_BITS;
        if (fragment != 0) {
            int id = (int) (first >>> 16) & 0xffff;
            long key = ((long) protocol << 32) | id;
            boolean more = (fragment & MORE_FRAGMENTS) != 0;
            protocol = fragments.add(c, key, protocol, (fragment & 0x1fff) << 3, more);
            if (protocol < 0) {
                return protocol;
            }
        }
        return payload(c, protocol, false);
    }

    int ipv6(Cursor c) {
        if (c.lacks(40)) {
            return c.shortOf(40);
        }
        if (++c.ipHeaders > MAX_IP_HEADERS) {
            return Layer.TOO_DEEP;
        }
        ByteBuffer bytes = c.bytes;
        int at = c.position;
        long first = bytes.getLong(at);
        if (first >>> 60 != 6) {
            return Layer.MALFORMED;
        }
        int length = (int) (first >>> 16) & 0xffff;
        if (length != 0) {
            c.believe(40 + length);
        }
        Packet packet = c.packet;
        packet.ipv4 = false;
        packet.ttl = (int) first & 0xff;
        packet.sourceHigh = bytes.getLong(at + 8);
        packet.sourceLow = bytes.getLong(at + 16);
        packet.destinationHigh = bytes.getLong(at + 24);
        packet.destinationLow = bytes.getLong(at + 32);
        c.skip(40);
        return payload(c, (int) (first >>> 8) & 0xff, length == 0);
    }

    /** What an IP header or the last of its extension headers precedes. */
    private int payload(Cursor c, int protocol, boolean jumbo) {
        int next = protocol;
        while (isExtension(next)) {
            next = next == FRAGMENT ? fragment(c) : extension(c, next, jumbo);
            if (next < 0) {
                return next;
            }
        }
        return switch (next) {
            case 6 -> Layer.TCP;
            case 17 -> Layer.UDP;
            case 4 -> Layer.IPV4;
            case 41 -> Layer.IPV6;
            case 47 -> Layer.GRE;
            case 97 -> Layer.ETHER_IP;
            case 137 -> Layer.MPLS;
            case 143 -> Layer.ETHERNET;
            default -> Layer.OTHER;
        };
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP, 43, FRAGMENT, AUTHENTICATION, 60, 135, 139, 140 -> true;
            default -> false;
        };
    }

    /** Each is at least 8 bytes long, so a chain of them ends. */
    private static int extension(Cursor c, int protocol, boolean jumbo) {
        if (c.lacks(8)) {
            return c.shortOf(8);
        }
        int length = protocol == AUTHENTICATION ? (c.byteAt(1) + 2) << 2 : (c.byteAt(1) + 1) << 3;
        if (c.lacks(length)) {
            return c.shortOf(length);
        }
        int next = c.byteAt(0);
        if (protocol == HOP_BY_HOP && jumbo) {
            takeJumboLength(c, length);
        }
        c.skip(length);
        // a jumbo length may end in its own header
        return c.end < c.position ? Layer.MALFORMED : next;
    }

    private int fragment(Cursor c) {
        if (c.lacks(8)) {
            return c.shortOf(8);
        }
        long head = c.bytes.getLong(c.position);
        c.skip(8);
        int protocol = (int) (head >>> 56);
        int offset = (int) (head >>> 32) & 0xfff8;
        boolean more = (head & 1L << 32) != 0;
        if (offset == 0 && !more) {
            return protocol;
        }
        return fragments.add(c, IPV6_KEY | (head & 0xffff_ffffL), protocol, offset, more);
    }

    /** The jumbo payload option (RFC 2675): counts from behind the 40 bytes that precede this header. */
    private static void takeJumboLength(Cursor c, int header) {
        int at = 2;
        while (at + 2 <= header) {
            int type = c.byteAt(at);
            if (type == 0) {
                at++;
                continue;
            }
            int length = c.byteAt(at + 1);
            if (type == 0xc2 && length == 4 && at + 6 <= header) {
                c.believe(c.intAt(at + 2) & 0xffff_ffffL);
                return;
            }
            at += 2 + length;
        }
    }
}
