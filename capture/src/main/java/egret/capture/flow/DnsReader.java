// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;
import egret.capture.protocol.DnsMessage;
import java.nio.ByteBuffer;

/**
 * Learns from unicast DNS which name an address was asked for under. Over TCP, messages that lie within one segment are
 * read; longer ones go by.
 */
final class DnsReader {
    static final int PORT = 53;
    private static final int MAX_NAME = 255;
    private static final long IPV4 = 0x0000_ffff_0000_0000L;

    private final NameTable names;
    private final AddressNames addresses;
    private final ConnectionListener listener;
    private final DnsMessage message = new DnsMessage();
    private final byte[] name = new byte[MAX_NAME];
    private final ByteBuffer nameBytes = ByteBuffer.wrap(name);

    DnsReader(NameTable names, AddressNames addresses, ConnectionListener listener) {
        this.names = names;
        this.addresses = addresses;
        this.listener = listener;
    }

    void datagram(Packet packet) {
        message(packet, packet.payloadOffset, packet.payloadOffset + packet.payloadLength);
    }

    void segment(Packet packet) {
        int at = packet.payloadOffset;
        int end = at + packet.payloadLength;
        while (end - at > 2) {
            int length = packet.bytes.getShort(at) & 0xffff;
            if (length > end - at - 2) {
                return;
            }
            message(packet, at + 2, at + 2 + length);
            at += 2 + length;
        }
    }

    private void message(Packet packet, int from, int to) {
        if (message.parse(packet.bytes, from, to) == DnsMessage.Outcome.NOT_DNS || !message.hasQuestion()) {
            return;
        }
        int length = message.questionName(name);
        int asked = length > 0 ? names.internAsked(nameBytes, 0, length) : 0;
        if (!message.response()) {
            listener.dnsQuestion(packet, asked, message.questionType());
            return;
        }
        listener.dnsAnswer(packet, message.addressesA(), message.addressesAaaa());
        while (asked != 0 && message.next()) {
            int at = message.addressOffset();
            boolean ipv4 = message.addressLength() == 4;
            long high = ipv4 ? 0 : packet.bytes.getLong(at);
            long low = ipv4 ? IPV4 | (packet.bytes.getInt(at) & 0xffff_ffffL) : packet.bytes.getLong(at + 8);
            addresses.learn(high, low, asked);
            listener.dnsAddress(asked, high, low);
        }
    }
}
