// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import egret.capture.pcap.RawPacket;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** One frame; the first two bytes are its link type. Fragments held from frames before make no difference. */
class PacketDecoderFuzz {
    private final PacketDecoder decoder = new PacketDecoder();
    private final Packet packet = new Packet();

    static Stream<byte[]> seeds() {
        return Samples.frames().values().stream().map(PacketDecoderFuzz::seed);
    }

    private static byte[] seed(FrameBuilder frame) {
        byte[] bytes = frame.bytes();
        byte[] seed = new byte[bytes.length + 2];
        seed[0] = (byte) (frame.linkType() >> 8);
        seed[1] = (byte) frame.linkType();
        System.arraycopy(bytes, 0, seed, 2, bytes.length);
        return seed;
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void decodes(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        int linkType = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        byte[] frame = Arrays.copyOfRange(bytes, 2, bytes.length);
        RawPacket raw = Sight.raw(frame, frame.length, frame.length, linkType, 0);
        raw.bytes.limit(raw.offset + frame.length); // reading on is an exception
        Decoded outcome = decoder.decode(raw, packet);
        if (outcome == Decoded.TCP || outcome == Decoded.UDP) {
            int end = packet.bytes == raw.bytes ? raw.offset + frame.length : 0xffff;
            if (packet.payloadLength < 0 || packet.payloadOffset + packet.payloadLength > end) {
                throw new AssertionError("payload outside of the frame");
            }
        }
    }
}
