// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import static egret.capture.decode.Samples.DESTINATION;
import static egret.capture.decode.Samples.DESTINATION6;
import static egret.capture.decode.Samples.SOURCE;
import static egret.capture.decode.Samples.SOURCE6;
import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.pcap.RawPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FragmentTableTest {
    private static final FrameBuilder DATAGRAM = FrameBuilder.udp(50123, 53, Samples.text(1205));
    private static final FrameBuilder SEGMENT = FrameBuilder.tcp(50123, 443, 77, Packet.ACK, Samples.text(900));

    private final PacketDecoder decoder = new PacketDecoder();

    /** All orders of {@code items}. */
    private static <T> List<List<T>> orders(List<T> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> orders = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<T> rest = new ArrayList<>(items);
            T first = rest.remove(i);
            for (List<T> order : orders(rest)) {
                List<T> whole = new ArrayList<>(order);
                whole.add(0, first);
                orders.add(whole);
            }
        }
        return orders;
    }

    private Sight last(List<FrameBuilder> frames) {
        Sight sight = null;
        for (int i = 0; i < frames.size(); i++) {
            sight = Sight.of(decoder, frames.get(i));
            if (i < frames.size() - 1) {
                assertThat(sight.outcome()).isEqualTo(Decoded.FRAGMENT_HELD);
            }
        }
        return sight;
    }

    private static RawPacket at(long nanos, FrameBuilder frame) {
        byte[] bytes = frame.bytes();
        RawPacket raw = Sight.raw(bytes, bytes.length, bytes.length, frame.linkType(), 0x5a);
        raw.timestampNanos = nanos;
        return raw;
    }

    @Test
    void fragmentsInEveryOrderBecomeTheDatagram() {
        for (FrameBuilder transport : List.of(DATAGRAM, SEGMENT)) {
            Sight four = Sight.of(decoder, transport.ipv4(SOURCE, DESTINATION));
            Sight six = Sight.of(decoder, transport.ipv6(SOURCE6, DESTINATION6));
            int id = 1;
            for (List<FrameBuilder> order :
                    orders(transport.ipv4Fragments(SOURCE, DESTINATION, id, 8, 400, 408, 800))) {
                assertThat(last(order)).isEqualTo(four);
            }
            for (List<FrameBuilder> order :
                    orders(transport.ipv6Fragments(SOURCE6, DESTINATION6, id, 8, 400, 408, 800))) {
                assertThat(last(order)).isEqualTo(six);
            }
        }
        assertThat(decoder.fragmentsShed()).isZero();
        assertThat(decoder.fragmentsHeld()).isZero();
    }

    @Test
    void duplicatesChangeNothing() {
        List<FrameBuilder> fragments = DATAGRAM.ipv4Fragments(SOURCE, DESTINATION, 5, 400, 800);

        Sight whole =
                last(List.of(fragments.get(2), fragments.get(2), fragments.get(0), fragments.get(0), fragments.get(1)));

        assertThat(whole).isEqualTo(Sight.of(decoder, DATAGRAM.ipv4(SOURCE, DESTINATION)));
    }

    @Test
    void theFirstOfOverlappingFragmentsWins() {
        byte[] other = DATAGRAM.bytes();
        Arrays.fill(other, 8, other.length, (byte) 0xbb);
        List<FrameBuilder> first = DATAGRAM.ipv4Fragments(SOURCE, DESTINATION, 5, 400, 800);
        List<FrameBuilder> second = FrameBuilder.payload(17, other).ipv4Fragments(SOURCE, DESTINATION, 5, 8, 392, 1000);

        // 0–400 and 800–end of the first come first, so that of the second only 400–800 counts
        Sight whole = last(List.of(first.get(0), first.get(2), second.get(2)));

        byte[] expected = DATAGRAM.bytes();
        Arrays.fill(expected, 400, 800, (byte) 0xbb);
        assertThat(whole)
                .isEqualTo(Sight.of(decoder, FrameBuilder.payload(17, expected).ipv4(SOURCE, DESTINATION)));
    }

    @Test
    void theFirstStatedEndIsBelieved() {
        byte[] real = FrameBuilder.udp(50123, 53, Samples.text(40)).bytes();
        FrameBuilder otherEnd = FrameBuilder.payload(17, new byte[] {1, 2, 3});
        FrameBuilder beyond = FrameBuilder.payload(17, new byte[8]);
        List<FrameBuilder> fragments = FrameBuilder.payload(17, real).ipv4Fragments(SOURCE, DESTINATION, 5, 24, 40);

        Sight whole = last(List.of(
                fragments.get(2),
                otherEnd.ipv4(SOURCE, DESTINATION, 64, 5, 2, new byte[0]),
                beyond.ipv4(SOURCE, DESTINATION, 64, 5, 0x2000 | 6, new byte[0]),
                fragments.get(1),
                fragments.get(0)));

        assertThat(whole)
                .isEqualTo(Sight.of(decoder, FrameBuilder.payload(17, real).ipv4(SOURCE, DESTINATION)));
    }

    @Test
    void randomFragmentsAgreeWithAPlainModel() {
        long seed = 20261124;
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            byte[] real =
                    FrameBuilder.udp(9, 53, Samples.text(random.nextInt(1200))).bytes();
            int blocks = (real.length + 7) / 8;
            Integer[] owner = new Integer[blocks];
            byte[] model = new byte[real.length];
            boolean ended = false;
            Sight sight = null;
            for (int n = 0; sight == null || sight.outcome() == Decoded.FRAGMENT_HELD; n++) {
                int from = random.nextInt(blocks);
                int to = from + 1 + random.nextInt(blocks - from);
                byte[] content = Arrays.copyOfRange(real, from * 8, Math.min(to * 8, real.length));
                if (from > 0 && random.nextInt(3) == 0) {
                    Arrays.fill(content, (byte) n);
                }
                boolean more = to < blocks;
                ended |= !more;
                for (int block = from; block < to; block++) {
                    if (owner[block] == null) {
                        owner[block] = n;
                        int length = Math.min(8, real.length - block * 8);
                        System.arraycopy(content, (block - from) * 8, model, block * 8, length);
                    }
                }
                sight = Sight.of(
                        decoder,
                        FrameBuilder.payload(17, content)
                                .ipv4(SOURCE, DESTINATION, 64, round, (more ? 0x2000 : 0) | from, new byte[0])
                                .ethernet(3));
                boolean whole = ended && !Arrays.asList(owner).contains(null);
                if (from == 0 && !more && whole) {
                    // no fragment at all, but a datagram of its own
                    model = content;
                }
                assertThat(sight.outcome() != Decoded.FRAGMENT_HELD)
                        .as("seed %d round %d", seed, round)
                        .isEqualTo(whole || (from == 0 && !more));
            }
            if (!Arrays.asList(owner).contains(null)) {
                assertThat(sight)
                        .as("seed %d round %d", seed, round)
                        .isEqualTo(Sight.of(
                                decoder, FrameBuilder.payload(17, model).ipv4(SOURCE, DESTINATION)));
            }
        }
    }

    @Test
    void aTunnelInFragmentsIsFollowedAlsoWhenItsPacketIsOneToo() {
        Sight plain = Sight.of(decoder, DATAGRAM.ipv4(SOURCE, DESTINATION));
        Sight sight = null;
        for (FrameBuilder inner : DATAGRAM.ipv4Fragments(SOURCE, DESTINATION, 5, 400, 800)) {
            for (FrameBuilder outer :
                    inner.gre(0).ipv4Fragments("10.0.0.1", "10.0.0.2", 6 + inner.bytes().length, 200)) {
                sight = Sight.of(decoder, outer.ethernet());
            }
        }

        assertThat(sight).isEqualTo(plain);
    }

    @Test
    void fragmentsThatTheSnaplenCutBecomeADatagramThatIsCut() {
        List<FrameBuilder> fragments = DATAGRAM.ipv4Fragments(SOURCE, DESTINATION, 5, 400, 800);
        Sight sight = null;
        for (FrameBuilder fragment : fragments) {
            byte[] bytes = fragment.bytes();
            sight = Sight.of(decoder, Sight.raw(bytes, 20 + 101, bytes.length, fragment.linkType(), 0xcc));
        }

        Sight whole = Sight.of(decoder, DATAGRAM.ipv4(SOURCE, DESTINATION));
        assertThat(sight.outcome()).isEqualTo(Decoded.UDP);
        assertThat(sight.payload()).isEqualTo(whole.payload().substring(0, 2 * (101 - 8)));
        assertThat(sight.payloadOriginalLength()).isEqualTo(1205);
    }

    @Test
    void datagramsOfOtherAddressesProtocolsAndIdsAreKeptApart() {
        List<FrameBuilder> one = DATAGRAM.ipv4Fragments(SOURCE, DESTINATION, 5, 400);
        List<List<FrameBuilder>> others = List.of(
                DATAGRAM.ipv4Fragments(DESTINATION, SOURCE, 5, 400),
                DATAGRAM.ipv4Fragments(SOURCE, DESTINATION, 6, 400),
                FrameBuilder.payload(6, DATAGRAM.bytes()).ipv4Fragments(SOURCE, DESTINATION, 5, 400),
                DATAGRAM.ipv6Fragments(SOURCE6, DESTINATION6, 5, 400));
        for (List<FrameBuilder> other : others) {
            Sight.of(decoder, one.get(0));
            assertThat(Sight.of(decoder, other.get(1)).outcome()).isEqualTo(Decoded.FRAGMENT_HELD);
            assertThat(Sight.of(decoder, one.get(1)).outcome()).isEqualTo(Decoded.UDP);
        }
    }

    @Test
    void aFragmentThatWaitsTooLongIsShed() {
        List<FrameBuilder> fragments = DATAGRAM.ipv4Fragments(SOURCE, DESTINATION, 5, 400);
        long since = 1_000_000_000_000L;
        Sight.of(decoder, at(since, fragments.get(0)));

        Sight late = Sight.of(decoder, at(since + FragmentTable.MAX_AGE_NANOS + 1, fragments.get(1)));

        assertThat(late.outcome()).isEqualTo(Decoded.FRAGMENT_HELD);
        assertThat(decoder.fragmentsShed()).isEqualTo(1);
        assertThat(decoder.fragmentsHeld()).isEqualTo(1);
    }

    @Test
    void impossibleFragmentsAreMalformed() {
        byte[] nine = new byte[9];
        assertThat(Sight.of(
                                decoder,
                                FrameBuilder.payload(17, nine).ipv4(SOURCE, DESTINATION, 1, 1, 0x2000, new byte[0]))
                        .outcome())
                .isEqualTo(Decoded.MALFORMED);
        assertThat(Sight.of(
                                decoder,
                                FrameBuilder.payload(17, nine).ipv4(SOURCE, DESTINATION, 1, 1, 0x1fff, new byte[0]))
                        .outcome())
                .isEqualTo(Decoded.MALFORMED);
        assertThat(Sight.of(
                                decoder,
                                FrameBuilder.payload(17, new byte[0])
                                        .ipv4(SOURCE, DESTINATION, 1, 1, 0x2000, new byte[0]))
                        .outcome())
                .isEqualTo(Decoded.MALFORMED);
        assertThat(decoder.fragmentsHeld()).isZero();
    }

    @Test
    void hostileFragmentsKeepMemoryBoundedAndAreAllAccountedFor() {
        long seed = 42;
        Random random = new Random(seed);
        FragmentTable table = new FragmentTable();
        Cursor cursor = new Cursor();
        cursor.bytes = java.nio.ByteBuffer.allocateDirect(2048);
        long held = 0;
        for (int i = 0; i < 100_000; i++) {
            cursor.packet.sourceLow = random.nextInt(5000);
            cursor.packet.timestampNanos = i;
            cursor.position = 0;
            cursor.end = 1480;
            cursor.wire = 1480;
            int outcome = table.add(cursor, 1, 17, random.nextInt(8000) * 8, true);
            held++;
            if (i % 1000 == 0) {
                assertThat(outcome).isEqualTo(Layer.FRAGMENT_HELD);
                assertThat(table.datagrams()).isLessThanOrEqualTo(FragmentTable.MAX_DATAGRAMS);
                assertThat(table.held() + table.shed()).as("seed %d", seed).isEqualTo(held);
            }
        }
        assertThat(table.reservedBytes()).isLessThanOrEqualTo(FragmentTable.MAX_CHUNKS * 2048L);
    }

    @Test
    void theLongestDatagramIsTakenWhileOthersFillTheTable() {
        FrameBuilder longest = FrameBuilder.udp(1, 2, Samples.text(65_500));
        List<FrameBuilder> fragments =
                new ArrayList<>(longest.ipv4Fragments(SOURCE, DESTINATION, 9, 8000, 30_000, 50_000));
        Collections.reverse(fragments);
        for (int i = 0; i < 200; i++) {
            Sight.of(
                    decoder,
                    FrameBuilder.udp(1, 2, Samples.text(9000))
                            .ipv4Fragments(SOURCE, DESTINATION, 100 + i, 8800)
                            .get(0));
        }

        assertThat(last(fragments).payload()).hasSize(2 * 65_500);
        assertThat(decoder.fragmentsShed()).isPositive();
    }
}
