// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.nio.ByteBuffer;

/** TCP and UDP headers (RFC 9293, RFC 768) and what UDP carries besides applications. */
final class TransportLayers {
    private TransportLayers() {}

    static int tcp(Cursor c) {
        if (c.lacks(20)) {
            return c.shortOf(20);
        }
        ByteBuffer bytes = c.bytes;
        int at = c.position;
        long first = bytes.getLong(at);
        long second = bytes.getLong(at + 8);
        int header = (int) (second >>> 26) & 0x3c;
        if (header < 20 || header > c.wire - at) {
            return Layer.MALFORMED;
        }
        Packet packet = c.packet;
        packet.bytes = bytes;
        packet.sourcePort = (int) (first >>> 48);
        packet.destinationPort = (int) (first >>> 32) & 0xffff;
        packet.sequence = (int) first;
        packet.acknowledgment = (int) (second >>> 32);
        packet.flags = (int) (second >>> 16) & 0xff;
        packet.optionsOffset = at + 20;
        packet.payloadOffset = Math.min(at + header, c.end);
        packet.payloadLength = c.end - packet.payloadOffset;
        packet.payloadOriginalLength = c.wire - (at + header);
        return Layer.TCP_DECODED;
    }

    static int udp(Cursor c) {
        if (c.lacks(8)) {
            return c.shortOf(8);
        }
        ByteBuffer bytes = c.bytes;
        long first = bytes.getLong(c.position);
        int length = (int) (first >>> 16) & 0xffff;
        if (length != 0) { // 0: a jumbogram, RFC 2675
            if (length < 8) {
                return Layer.MALFORMED;
            }
            c.limit(length);
        }
        int sourcePort = (int) (first >>> 48);
        int destinationPort = (int) (first >>> 32) & 0xffff;
        c.skip(8);
        int inner = UdpTunnels.enter(c, destinationPort);
        if (inner == UdpTunnels.NONE) {
            inner = UdpTunnels.enter(c, sourcePort);
        }
        if (inner != UdpTunnels.NONE) {
            return inner;
        }
        Packet packet = c.packet;
        packet.bytes = bytes;
        packet.sourcePort = sourcePort;
        packet.destinationPort = destinationPort;
        packet.sequence = 0;
        packet.acknowledgment = 0;
        packet.flags = 0;
        packet.optionsOffset = c.position;
        packet.payloadOffset = c.position;
        packet.payloadLength = c.end - c.position;
        packet.payloadOriginalLength = c.wire - c.position;
        return Layer.UDP_DECODED;
    }
}
