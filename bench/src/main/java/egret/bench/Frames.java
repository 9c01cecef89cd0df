// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import java.io.IOException;

/** Wraps payload into TCP or UDP, IP and Ethernet with right lengths and checksums, and writes it to the capture. */
final class Frames {
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int PSH = 0x08;
    static final int ACK = 0x10;

    private static final int MIN_FRAME = 60;
    private static final int ROUTER = 0xa000_0001;
    private static final int RESOLVER = 0x0a00_0035;

    private final Wire file;
    private final Draw draw;
    private final byte[] frame = new byte[1_600];
    private long micros;

    /** @param micros of the first packet, since the epoch */
    Frames(Wire file, Draw draw, long micros) {
        this.file = file;
        this.draw = draw;
        this.micros = micros;
    }

    long packets() {
        return file.packets();
    }

    /** Writes one segment of a connection and moves the sender's sequence number. */
    void tcp(Connection connection, boolean toServer, int flags, byte[] payload, int from, int length)
            throws IOException {
        boolean syn = (flags & SYN) != 0;
        int header = syn ? 40 : 32;
        int total = header + length;
        int at = ethernet(connection.host, toServer, connection.vlan, connection.ipv6);
        int tcp = connection.ipv6
                ? ipv6(at, connection, toServer, total)
                : ipv4(at, connection.clientIpv4, connection.serverIpv4, toServer, 6, total);
        Bytes.put16(frame, tcp, toServer ? connection.clientPort : 443);
        Bytes.put16(frame, tcp + 2, toServer ? 443 : connection.clientPort);
        Bytes.put32(frame, tcp + 4, toServer ? connection.clientSequence : connection.serverSequence);
        int acknowledged = toServer ? connection.serverSequence : connection.clientSequence;
        Bytes.put32(frame, tcp + 8, (flags & ACK) != 0 ? acknowledged : 0);
        frame[tcp + 12] = (byte) (header << 2);
        frame[tcp + 13] = (byte) flags;
        Bytes.put16(frame, tcp + 14, toServer ? 502 : 501);
        Bytes.put32(frame, tcp + 16, 0);
        options(tcp + 20, syn, (flags & ACK) != 0);
        System.arraycopy(payload, from, frame, tcp + header, length);
        Bytes.put16(frame, tcp + 16, transportChecksum(tcp, total, 6, connection.ipv6));
        emit(tcp + total);
        int moved = length + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
        if (toServer) {
            connection.clientSequence += moved;
        } else {
            connection.serverSequence += moved;
        }
    }

    /** Writes one datagram of a host to the resolver. */
    void dnsQuery(int host, byte[] query, int length) throws IOException {
        int at = ethernet(host, true, false, false);
        int total = 8 + length;
        int udp = ipv4(at, Network.clientIpv4(host), RESOLVER, true, 17, total);
        Bytes.put16(frame, udp, draw.between(32_768, 60_768));
        Bytes.put16(frame, udp + 2, 53);
        Bytes.put16(frame, udp + 4, total);
        Bytes.put16(frame, udp + 6, 0);
        System.arraycopy(query, 0, frame, udp + 8, length);
        Bytes.put16(frame, udp + 6, transportChecksum(udp, total, 17, false));
        emit(udp + total);
    }

    private int ethernet(int host, boolean toServer, boolean vlan, boolean ipv6) {
        mac(toServer ? 0 : 6, ROUTER);
        mac(toServer ? 6 : 0, host + 1);
        int at = 12;
        if (vlan) {
            Bytes.put16(frame, at, 0x8100);
            Bytes.put16(frame, at + 2, 100 + host % 16);
            at += 4;
        }
        Bytes.put16(frame, at, ipv6 ? 0x86dd : 0x0800);
        return at + 2;
    }

    /** Writes a locally administered address. */
    private void mac(int at, int number) {
        Bytes.put16(frame, at, 0x0200);
        Bytes.put32(frame, at + 2, number);
    }

    private int ipv4(int at, int client, int server, boolean toServer, int protocol, int payload) {
        Bytes.put16(frame, at, 0x4500);
        Bytes.put16(frame, at + 2, 20 + payload);
        Bytes.put16(frame, at + 4, draw.below(65_536));
        Bytes.put16(frame, at + 6, 0x4000);
        frame[at + 8] = (byte) (toServer ? 64 : 55);
        frame[at + 9] = (byte) protocol;
        Bytes.put16(frame, at + 10, 0);
        Bytes.put32(frame, at + 12, toServer ? client : server);
        Bytes.put32(frame, at + 16, toServer ? server : client);
        Bytes.put16(frame, at + 10, Bytes.checksum(Bytes.sum(frame, at, 20, 0)));
        return at + 20;
    }

    private int ipv6(int at, Connection connection, boolean toServer, int payload) {
        Bytes.put32(frame, at, 0x6000_0000);
        Bytes.put16(frame, at + 4, payload);
        frame[at + 6] = 6;
        frame[at + 7] = (byte) (toServer ? 64 : 55);
        Network.putClientIpv6(frame, at + (toServer ? 8 : 24), connection.host);
        Network.putServerIpv6(frame, at + (toServer ? 24 : 8), connection.name);
        return at + 40;
    }

    /** SYN: MSS, SACK, timestamps, window scale; afterwards timestamps alone. */
    private void options(int at, boolean syn, boolean ack) {
        int millis = (int) (micros / 1_000);
        if (syn) {
            Bytes.put32(frame, at, 0x0204_05b4);
            Bytes.put32(frame, at + 4, 0x0402_080a);
            Bytes.put32(frame, at + 8, millis);
            Bytes.put32(frame, at + 12, ack ? millis : 0);
            Bytes.put32(frame, at + 16, 0x0103_0307);
        } else {
            Bytes.put32(frame, at, 0x0101_080a);
            Bytes.put32(frame, at + 4, millis);
            Bytes.put32(frame, at + 8, millis);
        }
    }

    /** The pseudo header's addresses stand before the transport header in both versions (RFC 9293, RFC 8200). */
    private int transportChecksum(int at, int length, int protocol, boolean ipv6) {
        int addresses = ipv6 ? 32 : 8;
        long sum = Bytes.sum(frame, at - addresses, addresses, (long) length + protocol);
        return Bytes.checksum(Bytes.sum(frame, at, length, sum));
    }

    private void emit(int length) throws IOException {
        int end = length;
        while (end < MIN_FRAME) {
            frame[end++] = 0;
        }
        micros += 2 + draw.below(16);
        file.write(micros, frame, end);
    }
}
