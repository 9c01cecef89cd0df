// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.nio.ByteBuffer;

/**
 * Whether bytes look like a header, where nothing but a port or a label says that they are one. Reads only in {@code
 * [position, end)}.
 */
final class Evidence {
    private Evidence() {}

    /** An IPv4 or IPv6 header whose lengths agree with each other; the datagram may be cut. */
    static boolean ofIp(ByteBuffer bytes, int position, int end) {
        return ofIpv4(bytes, position, end) || ofIpv6(bytes, position, end);
    }

    static boolean ofIpv4(ByteBuffer bytes, int position, int end) {
        if (end - position < 20) {
            return false;
        }
        int first = bytes.getInt(position);
        int header = (first >>> 22) & 0x3c;
        int total = first & 0xffff;
        return first >>> 28 == 4 && header >= 20 && (total >= header || total == 0);
    }

    static boolean ofIpv6(ByteBuffer bytes, int position, int end) {
        if (end - position < 40 || (bytes.get(position) & 0xf0) != 0x60) {
            return false;
        }
        // neither end may be the unspecified address, as it is in zeroed memory
        return (bytes.getLong(position + 24) | bytes.getLong(position + 32)) != 0;
    }

    /** An IP header that claims just the bytes that were there on the wire. */
    static boolean ofWholeIp(ByteBuffer bytes, int position, int end, int wire) {
        int length;
        if (ofIpv4(bytes, position, end)) {
            length = bytes.getShort(position + 2) & 0xffff;
        } else if (ofIpv6(bytes, position, end)) {
            length = 40 + (bytes.getShort(position + 4) & 0xffff);
        } else {
            return false;
        }
        return length == wire - position;
    }

    /** An Ethernet frame, perhaps tagged, that carries IP. */
    static boolean ofEthernet(ByteBuffer bytes, int position, int end) {
        int at = position + 12;
        for (int tags = 0; tags <= 2; tags++) {
            if (end - at < 2) {
                return false;
            }
            int layer = Layer.ofEtherType(bytes.getShort(at) & 0xffff);
            if (layer == Layer.IPV4) {
                return ofIpv4(bytes, at + 2, end);
            }
            if (layer == Layer.IPV6) {
                return ofIpv6(bytes, at + 2, end);
            }
            if (layer != Layer.VLAN) {
                return false;
            }
            at += 4;
        }
        return false;
    }
}
