// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

/** The outermost header, by libpcap's LINKTYPE_ (tcpdump.org/linktypes.html). */
final class LinkLayer {
    private static final int NFLOG_PAYLOAD = 9;

    private LinkLayer() {}

    static int enter(Cursor c, int linkType) {
        return switch (linkType) {
            case 1 -> Layer.ETHERNET;
            case 0, 108 -> loopback(c);
            case 8 -> after(c, 16, Layer.IP);
            case 9, 50 -> Layer.PPP;
            case 10 -> after(c, 13, Layer.LLC);
            case 12, 14, 101 -> Layer.IP;
            case 51 -> Layer.PPPOE;
            case 100 -> Layer.LLC;
            case 104 -> PointToPointLayers.ciscoHdlc(c);
            case 105 -> Layer.WIFI;
            case 107 -> PointToPointLayers.frameRelay(c);
            case 113 -> cooked(c);
            case 119, 163 -> WirelessLayers.prism(c);
            case 127 -> WirelessLayers.radiotap(c);
            case 166, 204 -> after(c, 1, Layer.PPP);
            case 192 -> perPacketInformation(c);
            case 219 -> Layer.MPLS;
            case 228 -> Layer.IPV4;
            case 229 -> Layer.IPV6;
            case 239 -> nflog(c);
            case 242 -> infiniband(c);
            case 274 -> after(c, 8, Layer.ETHERNET); // mPacket: preamble first
            case 276 -> cooked2(c);
            default -> Layer.UNKNOWN_LINK_TYPE;
        };
    }

    private static int after(Cursor c, int header, int layer) {
        if (c.lacks(header)) {
            return c.shortOf(header);
        }
        c.skip(header);
        return layer;
    }

    /** An address family in the byte order of the machine that captured; some write an EtherType or PPP instead. */
    private static int loopback(Cursor c) {
        if (c.lacks(4)) {
            return c.shortOf(4);
        }
        int family = c.intAt(0);
        if (family >>> 16 == 0xff03) {
            return Layer.PPP;
        }
        c.skip(4);
        if ((family & 0xffff) == 0) {
            family = Integer.reverseBytes(family);
        }
        return switch (family) {
            case 2 -> Layer.IPV4;
            case 10, 23, 24, 28, 30 -> Layer.IPV6;
            default -> family > 1500 && family <= 0xffff ? Layer.ofEtherType(family) : Layer.OTHER;
        };
    }

    /** Linux "any", first version: device type at 2, protocol at 14. */
    private static int cooked(Cursor c) {
        if (c.lacks(16)) {
            return c.shortOf(16);
        }
        int device = c.shortAt(2);
        int protocol = c.shortAt(14);
        c.skip(16);
        return cookedProtocol(device, protocol);
    }

    /** Linux "any", second version: protocol at 0, device type at 8. */
    private static int cooked2(Cursor c) {
        if (c.lacks(20)) {
            return c.shortOf(20);
        }
        int device = c.shortAt(8);
        int protocol = c.shortAt(0);
        c.skip(20);
        return cookedProtocol(device, protocol);
    }

    private static int cookedProtocol(int device, int protocol) {
        if (device == 824) {
            return Layer.OTHER; // netlink: its protocols are not EtherTypes
        }
        if (protocol == 4) {
            return Layer.LLC;
        }
        return protocol <= 1500 ? Layer.OTHER : Layer.ofEtherType(protocol);
    }

    /** IP over InfiniBand: two addresses of 20 bytes, then RFC 4391's header. */
    private static int infiniband(Cursor c) {
        if (c.lacks(44)) {
            return c.shortOf(44);
        }
        int type = c.shortAt(40);
        c.skip(44);
        return type <= 1500 ? Layer.OTHER : Layer.ofEtherType(type);
    }

    /** PPI: its length at 2 and the link type of what follows at 4, little-endian. */
    private static int perPacketInformation(Cursor c) {
        if (c.lacks(8)) {
            return c.shortOf(8);
        }
        int length = Short.reverseBytes((short) c.shortAt(2)) & 0xffff;
        int linkType = Integer.reverseBytes(c.intAt(4));
        if (length < 8) {
            return Layer.MALFORMED;
        }
        if (c.lacks(length)) {
            return c.shortOf(length);
        }
        c.skip(length);
        return linkType == 192 ? Layer.UNKNOWN_LINK_TYPE : enter(c, linkType);
    }

    /** Attributes in the byte order of the machine that captured, each padded to 4 bytes. */
    private static int nflog(Cursor c) {
        if (c.lacks(4)) {
            return c.shortOf(4);
        }
        int family = c.byteAt(0);
        if (c.byteAt(1) != 0) {
            return Layer.OTHER;
        }
        c.skip(4);
        while (true) {
            if (c.lacks(4)) {
                return c.wire - c.position <= 0 ? Layer.OTHER : c.shortOf(4);
            }
            int length = c.shortAt(0);
            int type = c.shortAt(2);
            if (type >>> 8 != 0) { // types are small: the bytes are the other way round
                length = Short.reverseBytes((short) length) & 0xffff;
                type = Short.reverseBytes((short) type) & 0xffff;
            }
            if (length < 4) {
                return Layer.MALFORMED;
            }
            if (type == NFLOG_PAYLOAD) {
                c.skip(4);
                c.limit(length - 4);
                return family == 2 || family == 10 ? Layer.IP : Layer.OTHER;
            }
            int padded = (length + 3) & ~3;
            if (c.lacks(padded)) {
                return c.shortOf(padded);
            }
            c.skip(padded);
        }
    }
}
