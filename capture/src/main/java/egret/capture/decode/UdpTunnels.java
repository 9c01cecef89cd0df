// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

/**
 * Packets inside UDP datagrams. A port is weak evidence, so each is entered only when its header and the one inside
 * make sense; otherwise the datagram is what it seems.
 */
final class UdpTunnels {
    /** No tunnel; the cursor has not moved. */
    static final int NONE = Integer.MIN_VALUE;

    private UdpTunnels() {}

    /** @param c at the UDP payload */
    static int enter(Cursor c, int port) {
        return switch (port) {
            case 4789, 8472 -> vxlan(c);
            case 4790 -> vxlanGpe(c);
            case 6081 -> geneve(c);
            case 2152 -> gtp(c);
            case 3544 -> teredo(c);
            case 1701 -> l2tp(c);
            case 5247 -> capwap(c);
            case 4754 -> gre(c);
            default -> NONE;
        };
    }

    /** RFC 7348; group policy bits may be set besides the I flag. */
    private static int vxlan(Cursor c) {
        if (c.lacks(8) || (c.byteAt(0) & 0x08) == 0 || !Evidence.ofEthernet(c.bytes, c.position + 8, c.end)) {
            return NONE;
        }
        c.packet.vni = c.intAt(4) >>> 8;
        c.skip(8);
        return Layer.ETHERNET;
    }

    /** VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe): with the P flag, byte 3 says what is inside. */
    private static int vxlanGpe(Cursor c) {
        if (c.lacks(8) || (c.byteAt(0) & 0x08) == 0) {
            return NONE;
        }
        int inner = c.position + 8;
        int next = (c.byteAt(0) & 0x04) == 0 ? 3 : c.byteAt(3);
        int layer;
        if (next == 3 && Evidence.ofEthernet(c.bytes, inner, c.end)) {
            layer = Layer.ETHERNET;
        } else if ((next == 1 || next == 2) && Evidence.ofIp(c.bytes, inner, c.end)) {
            layer = Layer.IP;
        } else {
            return NONE;
        }
        c.packet.vni = c.intAt(4) >>> 8;
        c.skip(8);
        return layer;
    }

    /** RFC 8926. */
    private static int geneve(Cursor c) {
        if (c.lacks(8) || c.byteAt(0) >>> 6 != 0) {
            return NONE;
        }
        int header = 8 + ((c.byteAt(0) & 0x3f) << 2);
        if (c.lacks(header)) {
            return NONE;
        }
        int inner = c.position + header;
        int layer = Layer.ofEtherType(c.shortAt(2));
        boolean sane = switch (layer) {
            case Layer.ETHERNET -> Evidence.ofEthernet(c.bytes, inner, c.end);
            case Layer.IPV4 -> Evidence.ofIpv4(c.bytes, inner, c.end);
            case Layer.IPV6 -> Evidence.ofIpv6(c.bytes, inner, c.end);
            default -> false;
        };
        if (!sane) {
            return NONE;
        }
        c.packet.vni = c.intAt(4) >>> 8;
        c.skip(header);
        return layer;
    }

    /** GTPv1-U (3GPP TS 29.281): a G-PDU carries a user's IP packet. */
    private static int gtp(Cursor c) {
        if (c.lacks(8) || (c.byteAt(0) & 0xf0) != 0x30 || c.byteAt(1) != 0xff) {
            return NONE;
        }
        int length = 8 + c.shortAt(2);
        int wire = c.position + length;
        int there = Math.min(c.end - c.position, length);
        if (wire > c.wire) {
            return NONE;
        }
        int header = 8;
        if ((c.byteAt(0) & 0x07) != 0) {
            header = 12;
            int next = there >= 12 && (c.byteAt(0) & 0x04) != 0 ? c.byteAt(11) : 0;
            while (next != 0) {
                int extension = header < there ? c.byteAt(header) << 2 : 0;
                header += extension;
                if (extension == 0 || header > there) {
                    return NONE;
                }
                next = c.byteAt(header - 1);
            }
        }
        if (!Evidence.ofWholeIp(c.bytes, c.position + header, c.position + there, wire)) {
            return NONE;
        }
        c.limit(length);
        c.skip(header);
        return Layer.IP;
    }

    /** RFC 4380: authentication and origin may precede the IPv6 packet. */
    private static int teredo(Cursor c) {
        int header = 0;
        if (!c.lacks(4) && c.shortAt(0) == 0x0001) {
            header = 13 + c.byteAt(2) + c.byteAt(3);
        }
        if (!c.lacks(header + 8) && c.shortAt(header) == 0) {
            header += 8;
        }
        int inner = c.position + header;
        if (c.lacks(header + 40) || c.byteAt(header) >>> 4 != 6 || !Evidence.ofWholeIp(c.bytes, inner, c.end, c.wire)) {
            return NONE;
        }
        c.skip(header);
        return Layer.IPV6;
    }

    /** A data message of L2TPv2 (RFC 2661): PPP inside. */
    private static int l2tp(Cursor c) {
        if (c.lacks(6)) {
            return NONE;
        }
        int flags = c.shortAt(0);
        if ((flags & 0x800f) != 0x0002) {
            return NONE;
        }
        boolean lengthGiven = (flags & 0x4000) != 0;
        int length = lengthGiven ? c.shortAt(2) : c.wire - c.position;
        int there = Math.min(c.end - c.position, length);
        int header = 6 + (lengthGiven ? 2 : 0) + ((flags & 0x0800) != 0 ? 4 : 0);
        if ((flags & 0x0200) != 0) {
            header += header + 2 <= there ? 2 + c.shortAt(header) : length;
        }
        if (length > c.wire - c.position || there - header < 4) {
            return NONE;
        }
        int ip = header + (c.shortAt(header) == 0xff03 ? 2 : 0);
        int protocol = c.byteAt(ip);
        if ((protocol & 1) != 0) {
            ip += 1;
        } else {
            protocol = c.shortAt(ip);
            ip += 2;
        }
        boolean sane = protocol == 0x21 || protocol == 0x57;
        if (!sane || !Evidence.ofIp(c.bytes, c.position + ip, c.position + there)) {
            return NONE;
        }
        c.limit(length);
        c.skip(header);
        return Layer.PPP;
    }

    /**
     * CAPWAP data (RFC 5415 §4.3) that is no fragment: an 802.3 frame, or with the T flag an 802.11 one. Of the latter
     * some controllers swap the bytes of the leading fields, so it is known by the LLC header behind it.
     */
    private static int capwap(Cursor c) {
        if (c.lacks(8) || c.byteAt(0) != 0) {
            return NONE;
        }
        int word = c.intAt(0);
        int header = ((word >>> 19) & 0x1f) << 2;
        boolean fragment = (word & 0x80) != 0;
        if (header < 8 || fragment) {
            return NONE;
        }
        if ((word & 0x100) == 0) {
            if (!Evidence.ofEthernet(c.bytes, c.position + header, c.end)) {
                return NONE;
            }
            c.skip(header);
            return Layer.ETHERNET;
        }
        for (int frame = header + 24; frame <= header + 32; frame += 2) {
            if (c.lacks(frame + 8)) {
                return NONE;
            }
            boolean snap = c.intAt(frame) == 0xaaaa0300 && c.shortAt(frame + 4) == 0;
            int layer = Layer.ofEtherType(c.shortAt(frame + 6));
            if (snap && (layer == Layer.IPV4 || layer == Layer.IPV6)) {
                c.skip(frame);
                return Layer.LLC;
            }
        }
        return NONE;
    }

    /** GRE in UDP (RFC 8086), without the old routing field. */
    private static int gre(Cursor c) {
        if (c.lacks(4) || (c.shortAt(0) & 0x4fff) != 0) {
            return NONE;
        }
        int flags = c.byteAt(0);
        int inner = c.position + 4 + ((flags & 0x80) >> 5) + ((flags & 0x20) >> 3) + ((flags & 0x10) >> 2);
        boolean sane = switch (Layer.ofEtherType(c.shortAt(2))) {
            case Layer.ETHERNET -> Evidence.ofEthernet(c.bytes, inner, c.end);
            case Layer.IPV4 -> Evidence.ofIpv4(c.bytes, inner, c.end);
            case Layer.IPV6 -> Evidence.ofIpv6(c.bytes, inner, c.end);
            default -> false;
        };
        return sane ? Layer.GRE : NONE;
    }
}
