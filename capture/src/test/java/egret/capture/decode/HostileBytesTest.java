// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.pcap.RawPacket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes: an outcome, never an exception, and nothing that depends on what lies behind the frame. */
class HostileBytesTest {
    private static final int[] LINK_TYPES = {
        0, 1, 8, 9, 10, 12, 50, 51, 100, 101, 104, 105, 107, 108, 113, 119, 127, 163, 166, 192, 204, 219, 228, 229, 239,
        242, 274, 276, 999
    };

    private static final int[] POISONS = {0, 0xff, 0x45};

    /** One for each poison, so that what they hold of fragments stays the same. */
    private final PacketDecoder[] decoders = {new PacketDecoder(), new PacketDecoder(), new PacketDecoder()};

    private final Packet packet = new Packet();
    private final RawPacket raw = new RawPacket();

    HostileBytesTest() {
        raw.bytes = ByteBuffer.allocateDirect(1 << 14);
    }

    private Sight sight(byte[] frame, int captured, int original, int linkType, int turn) {
        Sight.place(raw, frame, captured, original, linkType, POISONS[turn]);
        if (turn == 0) {
            raw.bytes.limit(Sight.AROUND + captured); // reading on is an exception
        }
        Decoded outcome = decoders[turn].decode(raw, packet);
        if (outcome == Decoded.TCP || outcome == Decoded.UDP) {
            int begin = packet.bytes == raw.bytes ? raw.offset : 0;
            int end = packet.bytes == raw.bytes ? raw.offset + captured : 0xffff;
            boolean inside = packet.optionsOffset >= begin
                    && packet.optionsOffset <= packet.payloadOffset
                    && packet.payloadLength >= 0
                    && packet.payloadOffset + packet.payloadLength <= end
                    && packet.payloadOriginalLength >= packet.payloadLength
                    && packet.vni >= -1
                    && packet.vni <= 0xffffff;
            assertThat(inside).isTrue();
        }
        return Sight.of(outcome, packet);
    }

    private Sight independentOfPoison(byte[] frame, int captured, int original, int linkType, String name) {
        Sight zeros = sight(frame, captured, original, linkType, 0);
        for (int turn = 1; turn < POISONS.length; turn++) {
            Sight other = sight(frame, captured, original, linkType, turn);
            if (!other.equals(zeros)) {
                assertThat(other).as(name).isEqualTo(zeros);
            }
        }
        return zeros;
    }

    @Test
    void everyFrameIsDecodedAtEveryLength() {
        for (Map.Entry<String, FrameBuilder> sample : Samples.frames().entrySet()) {
            byte[] frame = sample.getValue().bytes();
            int linkType = sample.getValue().linkType();
            Decoded whole =
                    sight(frame, frame.length, frame.length, linkType, 0).outcome();
            for (int captured = 0; captured < frame.length; captured++) {
                String name = sample.getKey() + " cut to " + captured;
                Sight cut = independentOfPoison(frame, captured, frame.length, linkType, name);
                boolean fits = cut.outcome() == whole
                        || cut.outcome() == Decoded.TRUNCATED
                        || cut.outcome() == Decoded.UDP // the tunnel in it is not to be seen
                        || cut.outcome() == Decoded.OTHER; // nor is the pseudowire in it
                if (!fits) {
                    assertThat(cut.outcome()).as(name).isEqualTo(whole);
                }
                independentOfPoison(frame, captured, captured, linkType, name);
            }
        }
    }

    @Test
    void whatLiesBehindAFrameOrItsDatagramDoesNotCount() {
        for (Map.Entry<String, FrameBuilder> sample : Samples.frames().entrySet()) {
            byte[] frame = sample.getValue().bytes();
            independentOfPoison(
                    frame, frame.length, frame.length, sample.getValue().linkType(), sample.getKey());
        }
    }

    @Test
    void mutatedFramesAreDecodedToo() {
        long seed = 0x5eed;
        Random random = new Random(seed);
        FrameBuilder[] frames = Samples.frames().values().toArray(new FrameBuilder[0]);
        for (int round = 0; round < 60_000; round++) {
            FrameBuilder sample = frames[random.nextInt(frames.length)];
            byte[] frame = sample.bytes();
            int near = Math.min(frame.length, 120);
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                int at = random.nextInt(random.nextBoolean() ? near : frame.length);
                switch (random.nextInt(4)) {
                    case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> frame[at] = (byte) random.nextInt();
                    case 2 -> frame[at] = (byte) (random.nextBoolean() ? 0 : 0xff);
                    default -> frame[at] = frame[random.nextInt(frame.length)];
                }
            }
            int captured = random.nextInt(4) == 0 ? random.nextInt(frame.length + 1) : frame.length;
            int original = random.nextInt(8) == 0 ? random.nextInt() & Integer.MAX_VALUE : frame.length;
            int linkType = random.nextInt(8) == 0 ? LINK_TYPES[random.nextInt(LINK_TYPES.length)] : sample.linkType();
            independentOfPoison(frame, captured, original, linkType, "seed " + seed + " round " + round);
        }
    }

    @Test
    void noiseIsDecodedToo() {
        long seed = 0xbad;
        Random random = new Random(seed);
        for (int round = 0; round < 30_000; round++) {
            byte[] frame = new byte[random.nextInt(200)];
            random.nextBytes(frame);
            int linkType = LINK_TYPES[random.nextInt(LINK_TYPES.length)];
            independentOfPoison(frame, frame.length, frame.length, linkType, "seed " + seed + " round " + round);
        }
    }

    @Test
    void theDecoderGoesOnAfterHostileFragments() {
        long seed = 0xf4a6;
        Random random = new Random(seed);
        PacketDecoder decoder = new PacketDecoder();
        FrameBuilder plain = Samples.inIpv4(Samples.segment()).ethernet();
        Sight expected = Sight.of(decoder, plain);
        for (int round = 0; round < 30_000; round++) {
            int length = random.nextInt(100);
            FrameBuilder fragment = FrameBuilder.payload(random.nextInt(4) == 0 ? 47 : 17, Samples.text(length));
            int flags = random.nextInt(0x10000);
            FrameBuilder packet = random.nextBoolean()
                    ? fragment.ipv4(
                            Samples.SOURCE, Samples.DESTINATION, 9, random.nextInt(4), flags & 0x200f, new byte[0])
                    : fragment.fragmentHeader(random.nextInt(4), flags & 0x7f8, random.nextBoolean())
                            .ipv6(Samples.SOURCE6, Samples.DESTINATION6);
            byte[] bytes = packet.bytes();
            Sight.of(
                    decoder,
                    Sight.raw(bytes, random.nextInt(bytes.length + 1), bytes.length, packet.linkType(), round));
        }
        assertThat(Sight.of(decoder, plain)).isEqualTo(expected);
    }
}
