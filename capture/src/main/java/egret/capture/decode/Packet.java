// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.nio.ByteBuffer;

/**
 * One decoded TCP segment or UDP datagram, innermost headers: a view that {@link PacketDecoder} overwrites for the next
 * packet. Bytes are valid as long as those of the {@link egret.capture.pcap.RawPacket} it was decoded from.
 *
 * <p>Addresses are 128 bit in two longs; an IPv4 address a.b.c.d is the mapped ::ffff:a.b.c.d (high 0, low
 * 0x0000ffff_aabbccdd).
 */
public final class Packet {
    public ByteBuffer bytes = ByteBuffer.allocateDirect(0);
    public long timestampNanos;
    public long number;
    public int file;
    public int interfaceIndex;

    public boolean ipv4;
    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;

    /** IPv4 TTL or IPv6 hop limit. */
    public int ttl;

    /** VXLAN VNI, GENEVE VNI or -1. */
    public int vni;

    public int sourcePort;
    public int destinationPort;

    /** TCP only, as all TCP fields below. */
    public int sequence;

    public int acknowledgment;

    /** The low 8 bits of the flags: CWR ECE URG ACK PSH RST SYN FIN. */
    public int flags;

    /** Position of the TCP options in {@link #bytes}; they end where the payload begins. */
    public int optionsOffset;

    /** Position of the first payload byte in {@link #bytes}. */
    public int payloadOffset;

    /** Captured payload bytes, ≥ 0. */
    public int payloadLength;

    /** Payload bytes on the wire, ≥ {@link #payloadLength}; more when the snaplen cut them. */
    public int payloadOriginalLength;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
}
