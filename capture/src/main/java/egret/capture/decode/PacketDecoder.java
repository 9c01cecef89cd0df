// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import egret.capture.pcap.RawPacket;
import java.nio.ByteBuffer;

/**
 * Turns a record's link, network and transport headers into a {@link Packet}; where packets are wrapped in packets, the
 * innermost counts. Single-threaded; owns the fragments that it holds.
 *
 * <p>The one rule of reading: no byte at or behind the end of the captured frame, nor of the innermost layer whose
 * length is known, is read, whatever lies there in the buffer. A layer asks before it reads; what is short is {@link
 * Decoded#TRUNCATED} when the capture cut it and {@link Decoded#MALFORMED} when it never was there. Checksums are not
 * checked: interfaces fill them in after the capture.
 *
 * <p>The way of nearly all packets, TCP in unfragmented IP in Ethernet, is a straight line of its own; {@link #walk}
 * takes everything, the same packets included, layer by layer and comes to the same result.
 */
public final class PacketDecoder {
    /** Headers of any kind before a packet counts as too deep; real ones have up to about 20. */
    private static final int MAX_LAYERS = 64;

    private static final int ETHERNET_LINK = 1;

    /** Ethernet, IPv4 and TCP without tags and options: the least that the straight line takes. */
    private static final int SHORTEST = 14 + 20 + 20;

    private final Cursor cursor = new Cursor();
    private final NetworkLayers network = new NetworkLayers();

    /** Fragments given up, because their datagram did not become whole in time or the table was full. */
    public long fragmentsShed() {
        return network.fragments.shed();
    }

    /** Fragments that wait for the rest of their datagram; at the end of a capture they are lost as well. */
    public long fragmentsHeld() {
        return network.fragments.held();
    }

    /**
     * Decodes one record. The fields of the packet up to {@code interfaceIndex} are set whatever the outcome, the rest
     * for {@link Decoded#TCP} and {@link Decoded#UDP}, with the TCP fields 0 for UDP.
     *
     * @param raw not changed and not kept
     * @param packet its bytes are those of {@code raw}, or of this decoder if the datagram came in fragments: then they
     *     are valid until the next call
     */
    @SuppressWarnings("ReferenceEquality") // the buffer itself, not what it holds
    public Decoded decode(RawPacket raw, Packet packet) {
        ByteBuffer bytes = raw.bytes;
        if (packet.bytes != bytes) {
            packet.bytes = bytes;
        }
        packet.timestampNanos = raw.timestampNanos;
        packet.number = raw.number;
        packet.file = raw.file;
        packet.interfaceIndex = raw.interfaceIndex;
        packet.vni = -1;
        int position = raw.offset;
        int captured = raw.capturedLength;
        if (raw.linkType == ETHERNET_LINK && captured >= SHORTEST) {
            int type = bytes.getShort(position + 12) & 0xffff;
            int ip = position + 14;
            if (type == 0x8100) {
                type = bytes.getShort(position + 16) & 0xffff;
                ip = position + 18;
            }
            int end = position + captured;
            int room = raw.originalLength - (ip - position);
            if (type == 0x0800) {
                if (end - ip >= 40 && tcpInIpv4(bytes, ip, end, room, packet)) {
                    return Decoded.TCP;
                }
            } else if (type == 0x86dd) {
                if (end - ip >= 60 && tcpInIpv6(bytes, ip, end, room, packet)) {
                    return Decoded.TCP;
                }
            }
        }
        return walk(raw, packet);
    }

    /** False, with the packet in any state, if it is not the plain case. */
    private static boolean tcpInIpv4(ByteBuffer bytes, int ip, int end, int room, Packet packet) {
        long first = bytes.getLong(ip);
        int total = (int) (first >>> 32) & 0xffff;
        int second = bytes.getInt(ip + 8);
        // version 4, no options; no fragment; TCP; as long as a TCP header and not longer than the frame
        if (first >>> 56 != 0x45
                || (first & 0x3fff) != 0
                || (second & 0xff0000) != 0x060000
                || total < 40
                || total > room) {
            return false;
        }
        long addresses = bytes.getLong(ip + 12);
        packet.ipv4 = true;
        packet.ttl = second >>> 24;
        packet.sourceHigh = 0;
        packet.sourceLow = NetworkLayers.MAPPED | (addresses >>> 32);
        packet.destinationHigh = 0;
        packet.destinationLow = NetworkLayers.MAPPED | (addresses & 0xffff_ffffL);
        return tcp(bytes, ip + 20, end, ip + total, packet);
    }

    private static boolean tcpInIpv6(ByteBuffer bytes, int ip, int end, int room, Packet packet) {
        long first = bytes.getLong(ip);
        int total = 40 + ((int) (first >>> 16) & 0xffff);
        if (first >>> 60 != 6 || (first & 0xff00) != 0x0600 || total < 60 || total > room) {
            return false;
        }
        packet.ipv4 = false;
        packet.ttl = (int) first & 0xff;
        packet.sourceHigh = bytes.getLong(ip + 8);
        packet.sourceLow = bytes.getLong(ip + 16);
        packet.destinationHigh = bytes.getLong(ip + 24);
        packet.destinationLow = bytes.getLong(ip + 32);
        return tcp(bytes, ip + 40, end, ip + total, packet);
    }

    private static boolean tcp(ByteBuffer bytes, int tcp, int captured, int wire, Packet packet) {
        long second = bytes.getLong(tcp + 8);
        int payload = tcp + ((int) (second >>> 26) & 0x3c);
        int end = Math.min(captured, wire);
        if (payload < tcp + 20 || payload > end) {
            return false;
        }
        long first = bytes.getLong(tcp);
        packet.sourcePort = (int) (first >>> 48);
        packet.destinationPort = (int) (first >>> 32) & 0xffff;
        packet.sequence = (int) first;
        packet.acknowledgment = (int) (second >>> 32);
        packet.flags = (int) (second >>> 16) & 0xff;
        packet.optionsOffset = tcp + 20;
        packet.payloadOffset = payload;
        packet.payloadLength = end - payload;
        packet.payloadOriginalLength = wire - payload;
        return true;
    }

    /** Layer by layer, from the link on. */
    Decoded walk(RawPacket raw, Packet packet) {
        Cursor c = cursor;
        c.bytes = raw.bytes;
        c.packet = packet;
        c.position = raw.offset;
        c.end = raw.offset + raw.capturedLength;
        int original = Math.max(raw.originalLength, raw.capturedLength);
        c.wire = raw.offset + Math.min(original, Integer.MAX_VALUE - raw.offset);
        c.ipHeaders = 0;
        int layer = LinkLayer.enter(c, raw.linkType);
        for (int layers = 0; layer >= 0; layers++) {
            if (layers == MAX_LAYERS) {
                return Decoded.TOO_DEEP;
            }
            layer = next(c, layer);
        }
        return Layer.outcome(layer);
    }

    private int next(Cursor c, int layer) {
        return switch (layer) {
            case Layer.ETHERNET -> EthernetLayers.ethernet(c);
            case Layer.VLAN -> EthernetLayers.vlan(c);
            case Layer.VN_TAG -> EthernetLayers.vnTag(c);
            case Layer.LLC -> EthernetLayers.llc(c);
            case Layer.MPLS -> EthernetLayers.mpls(c);
            case Layer.ETHER_IP -> EthernetLayers.etherIp(c);
            case Layer.PPPOE -> PointToPointLayers.pppoe(c);
            case Layer.PPP -> PointToPointLayers.ppp(c);
            case Layer.WIFI -> WirelessLayers.frame(c);
            case Layer.IP -> network.ip(c);
            case Layer.IPV4 -> network.ipv4(c);
            case Layer.IPV6 -> network.ipv6(c);
            case Layer.TCP -> TransportLayers.tcp(c);
            case Layer.UDP -> TransportLayers.udp(c);
            case Layer.GRE -> GreLayer.gre(c);
            default -> throw new AssertionError(layer);
        };
    }
}
