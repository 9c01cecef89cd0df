// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

/** PPP and the framings of serial lines (RFC 1661, RFC 1662, RFC 2516, RFC 2427). */
final class PointToPointLayers {
    private PointToPointLayers() {}

    /** With or without address and control bytes, with a long or a compressed protocol field. */
    static int ppp(Cursor c) {
        if (c.lacks(1)) {
            return c.shortOf(1);
        }
        if (!c.lacks(2)) {
            int first = c.shortAt(0);
            if (first == 0xff03) {
                c.skip(2);
            } else if (first == 0x0f00 || first == 0x8f00) {
                return ciscoHdlc(c);
            }
        }
        if (c.lacks(1)) {
            return c.shortOf(1);
        }
        int protocol = c.byteAt(0);
        if ((protocol & 1) != 0) {
            c.skip(1);
        } else {
            if (c.lacks(2)) {
                return c.shortOf(2);
            }
            protocol = c.shortAt(0);
            c.skip(2);
        }
        return ofProtocol(protocol);
    }

    static int ofProtocol(int protocol) {
        return switch (protocol) {
            case 0x0021 -> Layer.IPV4;
            case 0x0057 -> Layer.IPV6;
            case 0x0281, 0x0283 -> Layer.MPLS;
            default -> Layer.OTHER;
        };
    }

    /** A PPPoE session's header; discovery has an EtherType of its own. */
    static int pppoe(Cursor c) {
        if (c.lacks(6)) {
            return c.shortOf(6);
        }
        int head = c.shortAt(0);
        int length = c.shortAt(4);
        if (head >>> 8 != 0x11) {
            return Layer.MALFORMED;
        }
        c.skip(6);
        c.limit(length);
        return (head & 0xff) == 0 ? ppp(c) : Layer.OTHER;
    }

    static int ciscoHdlc(Cursor c) {
        if (c.lacks(4)) {
            return c.shortOf(4);
        }
        int type = c.shortAt(2);
        c.skip(4);
        return type <= 1500 ? Layer.OTHER : Layer.ofEtherType(type);
    }

    /** A Q.922 address of 2 to 4 bytes, then RFC 2427's identifier or, as Cisco has it, an EtherType. */
    static int frameRelay(Cursor c) {
        int address = 0;
        do {
            if (address == 4) {
                return Layer.MALFORMED;
            }
            if (c.lacks(address + 1)) {
                return c.shortOf(address + 1);
            }
        } while ((c.byteAt(address++) & 1) == 0);
        c.skip(address);
        if (c.lacks(2)) {
            return c.shortOf(2);
        }
        if (c.byteAt(0) != 0x03) {
            int type = c.shortAt(0);
            c.skip(2);
            return type <= 1500 ? Layer.OTHER : Layer.ofEtherType(type);
        }
        c.skip(c.byteAt(1) == 0 ? 2 : 1);
        return EthernetLayers.nlpid(c);
    }
}
