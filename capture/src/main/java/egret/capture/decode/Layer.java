// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

/**
 * What a layer's decoder found to come next: a layer's code, ≥ 0, or an outcome, < 0. Integers, because the walk over the layers is a loop without allocation or recursion.
 */
final class Layer {
    static final int ETHERNET = 0;
    static final int VLAN = 1;
    static final int LLC = 2;
    static final int MPLS = 3;
    static final int PPPOE = 4;
    static final int PPP = 5;
    static final int WIFI = 6;
    static final int IP = 7;
    static final int IPV4 = 8;
    static final int IPV6 = 9;
    static final int TCP = 10;
    static final int UDP = 11;
    static final int GRE = 12;
    static final int ETHER_IP = 13;
    static final int VN_TAG = 14;

    static final int TCP_DECODED = -1;
    static final int UDP_DECODED = -2;
    static final int OTHER = -3;
    static final int FRAGMENT_HELD = -4;
    static final int TRUNCATED = -5;
    static final int MALFORMED = -6;
    static final int TOO_DEEP = -7;
    static final int UNKNOWN_LINK_TYPE = -8;

    private Layer() {}

    static Decoded outcome(int layer) {
        return switch (layer) {
            case TCP_DECODED -> Decoded.TCP;
            case UDP_DECODED -> Decoded.UDP;
            case OTHER -> Decoded.OTHER;
            case FRAGMENT_HELD -> Decoded.FRAGMENT_HELD;
            case TRUNCATED -> Decoded.TRUNCATED;
            case MALFORMED -> Decoded.MALFORMED;
            case TOO_DEEP -> Decoded.TOO_DEEP;
            case UNKNOWN_LINK_TYPE -> Decoded.UNKNOWN_LINK_TYPE;
            default -> throw new AssertionError(layer);
        };
    }

    /** What an EtherType announces (IEEE 802 numbers); up to 1500 it is the length of an 802.3 frame. */
    static int ofEtherType(int type) {
        return switch (type) {
            case 0x0800 -> IPV4;
            case 0x86dd -> IPV6;
            case 0x8100, 0x88a8, 0x9100, 0x9200 -> VLAN;
            case 0x8926 -> VN_TAG;
            case 0x8847, 0x8848 -> MPLS;
            case 0x8864 -> PPPOE;
            case 0x880b -> PPP;
            case 0x6558 -> ETHERNET;
            default -> type <= 1500 ? LLC : OTHER;
        };
    }
}
