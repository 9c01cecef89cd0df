// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import egret.capture.pcap.RawPacket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** What a decoder made of one frame, to be compared: the outcome and, for TCP and UDP, everything but positions. */
record Sight(
        Decoded outcome,
        boolean ipv4,
        long sourceHigh,
        long sourceLow,
        long destinationHigh,
        long destinationLow,
        int ttl,
        int vni,
        int sourcePort,
        int destinationPort,
        int sequence,
        int acknowledgment,
        int flags,
        String options,
        String payload,
        int payloadOriginalLength) {

    static final int AROUND = 300;
    private static final ByteBuffer SCRATCH = ByteBuffer.allocateDirect(4096 + 2 * AROUND);

    static Sight of(PacketDecoder decoder, FrameBuilder frame) {
        return of(decoder, frame.bytes(), frame.linkType());
    }

    static Sight of(PacketDecoder decoder, byte[] frame, int linkType) {
        RawPacket raw = new RawPacket();
        raw.bytes = frame.length < 4096 ? SCRATCH : ByteBuffer.allocateDirect(frame.length + 2 * AROUND);
        place(raw, frame, frame.length, frame.length, linkType, 0xa5);
        return of(decoder, raw);
    }

    static Sight of(PacketDecoder decoder, RawPacket raw) {
        Packet packet = new Packet();
        return of(decoder.decode(raw, packet), packet);
    }

    static Sight of(Decoded outcome, Packet p) {
        if (outcome != Decoded.TCP && outcome != Decoded.UDP) {
            return new Sight(outcome, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", "", 0);
        }
        return new Sight(
                outcome,
                p.ipv4,
                p.sourceHigh,
                p.sourceLow,
                p.destinationHigh,
                p.destinationLow,
                p.ttl,
                p.vni,
                p.sourcePort,
                p.destinationPort,
                p.sequence,
                p.acknowledgment,
                p.flags,
                hex(p.bytes, p.optionsOffset, p.payloadOffset),
                hex(p.bytes, p.payloadOffset, p.payloadOffset + p.payloadLength),
                p.payloadOriginalLength);
    }

    Sight withVni(int other) {
        return new Sight(
                outcome,
                ipv4,
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow,
                ttl,
                other,
                sourcePort,
                destinationPort,
                sequence,
                acknowledgment,
                flags,
                options,
                payload,
                payloadOriginalLength);
    }

    /** A record in the middle of a direct buffer of its own whose other bytes are all {@code poison}. */
    static RawPacket raw(byte[] frame, int captured, int original, int linkType, int poison) {
        RawPacket raw = new RawPacket();
        raw.bytes = ByteBuffer.allocateDirect(AROUND + captured + AROUND);
        place(raw, frame, captured, original, linkType, poison);
        return raw;
    }

    /** Puts a record into the buffer that {@code raw} has, with at least {@link #AROUND} bytes of poison around. */
    static void place(RawPacket raw, byte[] frame, int captured, int original, int linkType, int poison) {
        ByteBuffer buffer = raw.bytes.clear();
        byte[] around = new byte[AROUND];
        Arrays.fill(around, (byte) poison);
        buffer.put(0, around);
        buffer.put(AROUND, frame, 0, captured);
        buffer.put(AROUND + captured, around);
        raw.offset = AROUND;
        raw.capturedLength = captured;
        raw.originalLength = original;
        raw.linkType = linkType;
        raw.timestampNanos = 1_700_000_000_000_000_000L;
        raw.number = 1;
    }

    private static String hex(ByteBuffer bytes, int from, int to) {
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        return HexFormat.of().formatHex(copy);
    }
}
