// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

/** Ethernet and what lies between it and IP: tags, labels, LLC (IEEE 802.3, 802.1Q, 802.2; RFC 3032, RFC 4448). */
final class EthernetLayers {
    private EthernetLayers() {}

    static int ethernet(Cursor c) {
        if (c.lacks(14)) {
            return c.shortOf(14);
        }
        int type = c.shortAt(12);
        c.skip(14);
        return etherType(c, type);
    }

    /** What an EtherType announces; if it is a length, the frame ends there and its padding begins. */
    static int etherType(Cursor c, int type) {
        int layer = Layer.ofEtherType(type);
        if (layer == Layer.LLC) {
            c.limit(type);
        }
        return layer;
    }

    static int vlan(Cursor c) {
        if (c.lacks(4)) {
            return c.shortOf(4);
        }
        int type = c.shortAt(2);
        c.skip(4);
        return etherType(c, type);
    }

    /** The virtual interface's tag of IEEE 802.1BR's forerunner, as Cisco's fabric interconnects mirror it. */
    static int vnTag(Cursor c) {
        if (c.lacks(6)) {
            return c.shortOf(6);
        }
        int type = c.shortAt(4);
        c.skip(6);
        return etherType(c, type);
    }

    static int llc(Cursor c) {
        if (c.lacks(3)) {
            return c.shortOf(3);
        }
        int access = c.shortAt(0);
        if (c.byteAt(2) != 0x03) {
            return Layer.OTHER;
        }
        c.skip(3);
        return switch (access) {
            case 0xaaaa -> snap(c);
            case 0x0606 -> Layer.IPV4;
            case 0xfefe -> nlpid(c);
            default -> Layer.OTHER;
        };
    }

    /** From the organisation's identifier on. */
    static int snap(Cursor c) {
        if (c.lacks(5)) {
            return c.shortOf(5);
        }
        int organisation = c.intAt(0) >>> 8;
        int type = c.shortAt(3);
        c.skip(5);
        if (organisation == 0x0080c2) {
            // RFC 2427: bridged Ethernet, with (1) and without (7) its check sequence
            return type == 1 || type == 7 ? Layer.ETHERNET : Layer.OTHER;
        }
        if (organisation != 0 && organisation != 0x0000f8) {
            return Layer.OTHER;
        }
        return type <= 1500 ? Layer.OTHER : Layer.ofEtherType(type);
    }

    /** ISO/IEC TR 9577 protocol identifier, as in frame relay. */
    static int nlpid(Cursor c) {
        if (c.lacks(1)) {
            return c.shortOf(1);
        }
        int protocol = c.byteAt(0);
        c.skip(1);
        return switch (protocol) {
            case 0xcc -> Layer.IPV4;
            case 0x8e -> Layer.IPV6;
            case 0x80 -> snap(c);
            case 0xcf -> Layer.PPP;
            default -> Layer.OTHER;
        };
    }

    /** A label stack; what it carries is not said, so its first bytes must tell. */
    static int mpls(Cursor c) {
        boolean bottom = false;
        while (!bottom) {
            if (c.lacks(4)) {
                return c.shortOf(4);
            }
            bottom = (c.intAt(0) & 0x100) != 0;
            c.skip(4);
        }
        if (c.lacks(1)) {
            return c.shortOf(1);
        }
        if (Evidence.ofIp(c.bytes, c.position, c.end)) {
            return Layer.IP;
        }
        if (c.byteAt(0) >>> 4 == 0 && Evidence.ofEthernet(c.bytes, c.position + 4, c.end)) {
            c.skip(4);
            return Layer.ETHERNET;
        }
        if (Evidence.ofEthernet(c.bytes, c.position, c.end)) {
            return Layer.ETHERNET;
        }
        // an IP header that is cut short or wrong is reported as such
        int version = c.byteAt(0) >>> 4;
        return version == 4 || version == 6 ? Layer.IP : Layer.OTHER;
    }

    /** RFC 3378. */
    static int etherIp(Cursor c) {
        if (c.lacks(2)) {
            return c.shortOf(2);
        }
        if (c.byteAt(0) >>> 4 != 3) {
            return Layer.OTHER;
        }
        c.skip(2);
        return Layer.ETHERNET;
    }
}
