// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.Conversation.Segment;
import egret.capture.decode.Packet;
import egret.capture.flow.Connection;
import egret.capture.flow.ConnectionListener;
import egret.capture.flow.ConnectionTracker;
import egret.capture.flow.NameTable;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.HelloBuilder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Hostile traffic: memory and time stay bounded, and what is real is still seen. */
final class BoundsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long IPV4 = 0x0000_ffff_0000_0000L;
    private static final int OPTIONS = 12;

    private final NameTable names = new NameTable();
    private final Tally tally = new Tally();
    private final ConnectionTracker tracker = new ConnectionTracker(names, tally);
    private final Packet packet = new Packet();
    private long second = Long.MIN_VALUE;

    BoundsTest() {
        packet.ipv4 = true;
        packet.ttl = 64;
    }

    /** What was told, by kind. */
    private static final class Tally implements ConnectionListener {
        long opened;
        long named;
        long unnamed;
        long failed;
        long copied;
        long closed;
        final java.util.Map<Integer, Long> byName = new java.util.HashMap<>();

        @Override
        public void opened(Connection connection) {
            opened++;
        }

        @Override
        public boolean named(Connection connection, @Nullable ClientHello hello) {
            named++;
            byName.merge(connection.name(), 1L, Long::sum);
            return true;
        }

        @Override
        public boolean unnamed(Connection connection) {
            unnamed++;
            return false;
        }

        @Override
        public void failed(Connection connection) {
            failed++;
        }

        @Override
        public void copied(Connection copy, @Nullable Connection first, @Nullable ClientHello hello) {
            copied++;
        }

        @Override
        public void closed(Connection connection) {
            closed++;
        }
    }

    /** Ethernet and IP are taken for granted: the packet is a view as a decoder would have made it. */
    private void send(
            long nanos, int client, int port, boolean fromClient, int sequence, int flags, ByteBuffer payload) {
        if (Math.floorDiv(nanos, SECOND) != second) {
            second = Math.floorDiv(nanos, SECOND);
            tracker.tick(nanos);
        }
        long clientLow = IPV4 | (client & 0xffff_ffffL);
        long serverLow = IPV4 | 0xc633_640aL;
        packet.timestampNanos = nanos;
        packet.number++;
        packet.sourceLow = fromClient ? clientLow : serverLow;
        packet.destinationLow = fromClient ? serverLow : clientLow;
        packet.sourcePort = fromClient ? port : 443;
        packet.destinationPort = fromClient ? 443 : port;
        packet.sequence = sequence;
        packet.acknowledgment = 0;
        packet.flags = flags;
        packet.bytes = payload;
        packet.optionsOffset = 0;
        packet.payloadOffset = OPTIONS;
        packet.payloadLength = payload.limit() - OPTIONS;
        packet.payloadOriginalLength = packet.payloadLength;
        tracker.tcp(packet);
    }

    /** Timestamp option, then the payload. */
    private static ByteBuffer bytes(int timestamp, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocateDirect(OPTIONS + payload.length);
        b.putShort((short) 0x0101)
                .putShort((short) 0x080a)
                .putInt(timestamp)
                .putInt(0)
                .put(payload);
        return b.flip();
    }

    private static byte[] hello(String name, long seed) {
        byte[] random = new byte[32];
        new Random(seed).nextBytes(random);
        return HelloBuilder.dockerd(name).random(random).record();
    }

    @Test
    void aFloodOfSynsLeavesTheRealConnectionsNamed() {
        Random random = new Random(1);
        ByteBuffer empty = bytes(7, new byte[0]);
        ByteBuffer[] hellos = new ByteBuffer[400];
        for (int i = 0; i < hellos.length; i++) {
            hellos[i] = bytes(7, hello("registry-1.docker.io", i));
        }
        long before = 0;
        int flood = 2_000_000;
        int real = 0;
        for (int i = 0; i < flood; i++) {
            long nanos = i * 2000L;
            send(nanos, random.nextInt(), random.nextInt(65536), true, random.nextInt(), Packet.SYN, empty);
            int step = i % 5000;
            int client = 0x0a00_0100 + real;
            if (step == 100) {
                send(nanos, client, 40_000, true, 1000 + real, Packet.SYN, empty);
            } else if (step == 1000) {
                send(nanos, client, 40_000, false, 9000, Packet.SYN | Packet.ACK, empty);
            } else if (step == 1500) {
                send(nanos, client, 40_000, true, 1001 + real, Packet.ACK, hellos[real]);
                real++;
            }
            if (i == flood / 2) {
                before = used();
            }
        }
        long after = used();
        tracker.finish();

        assertThat(tally.named).isEqualTo(real).isEqualTo(hellos.length);
        assertThat(tally.byName).containsOnlyKeys(names.intern("registry-1.docker.io"));
        assertThat(tracker.shed()).isPositive();
        assertThat(after - before).isLessThan(16L << 20);
        assertThat(tally.failed + tally.unnamed).isGreaterThan(flood - 1000);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aFloodOfDataLeavesFollowedConnectionsAlone() {
        Random random = new Random(2);
        ByteBuffer empty = bytes(7, new byte[0]);
        ByteBuffer data = bytes(7, new byte[10]);
        for (int i = 0; i < 100; i++) {
            send(0, 0x0a00_0100 + i, 40_000, true, i, Packet.SYN, bytes(i, new byte[0]));
            send(0, 0x0a00_0100 + i, 40_000, false, 9000, Packet.SYN | Packet.ACK, empty);
            send(0, 0x0a00_0100 + i, 40_000, true, i + 1, Packet.ACK, bytes(7, hello("registry-1.docker.io", i)));
        }
        tally.closed = 0;
        for (int i = 0; i < 600_000; i++) {
            send(1000L * i, random.nextInt() | 1 << 31, 1024 + random.nextInt(60_000), true, 5, Packet.ACK, data);
        }

        assertThat(tracker.shed()).isPositive();
        // Each of the flood was passed at once; none that is followed was closed to make room.
        assertThat(tally.closed).isEqualTo(tally.unnamed);
    }

    @Test
    void clocksThatJumpCostNoWalkForEachPacket() {
        Random random = new Random(3);
        ByteBuffer empty = bytes(7, new byte[0]);
        for (int i = 0; i < 100_000; i++) {
            int client = random.nextInt();
            int port = 1024 + random.nextInt(60_000);
            send(0, client, port, true, i, Packet.SYN, empty);
            send(0, client, port, false, i, Packet.SYN | Packet.ACK, empty);
        }
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int i = 0; i < 100_000; i++) {
                long jump = i % 2 == 0 ? 0 : 11 + i % 200;
                send(jump * SECOND, random.nextInt(), 4000, true, i, Packet.SYN, empty);
            }
        });
    }

    @Test
    void aLongQuietTimeBehindAFloodCostsNoWalkForEachSecond() {
        Random random = new Random(3);
        ByteBuffer empty = bytes(7, new byte[0]);
        for (int i = 0; i < 300_000; i++) {
            send(i, random.nextInt(), 1024 + random.nextInt(60_000), true, i, Packet.SYN, empty);
        }
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int i = 1; i < 200_000; i++) {
                send(i * SECOND, random.nextInt(), 4000, true, i, Packet.SYN, empty);
            }
        });
    }

    @Test
    void oneWrongTimeClosesNothing() {
        ByteBuffer empty = bytes(7, new byte[0]);
        send(0, 0x0a00_0101, 40_000, true, 1, Packet.SYN, empty);
        send(0, 0x0a00_0101, 40_000, false, 9000, Packet.SYN | Packet.ACK, empty);
        send(2_000_000 * SECOND, 0x0a00_0102, 40_000, true, 1, Packet.SYN, bytes(8, new byte[0]));
        send(SECOND, 0x0a00_0101, 40_000, true, 2, Packet.ACK, bytes(7, hello("registry-1.docker.io", 1)));

        assertThat(tally.named).isEqualTo(1);
        assertThat(tally.failed + tally.closed).isZero();
    }

    @Test
    void halfHellosDoNotKeepWholeOnesFromBeingRead() {
        byte[] hello = hello("registry-1.docker.io", 1);
        byte[] half = java.util.Arrays.copyOf(hello, 60);
        ByteBuffer empty = bytes(7, new byte[0]);
        ByteBuffer halfBytes = bytes(7, half);
        for (int i = 0; i < 20_000; i++) {
            send(0, i, 40_000, true, i, Packet.SYN, empty);
            send(0, i, 40_000, false, 9000, Packet.SYN | Packet.ACK, empty);
            send(0, i, 40_000, true, i + 1, Packet.ACK, halfBytes);
        }
        tally.byName.clear();
        for (int i = 0; i < 100; i++) {
            long nanos = 1000;
            send(nanos, 0x0a00_0100 + i, 40_001, true, i, Packet.SYN, bytes(i, new byte[0]));
            send(nanos, 0x0a00_0100 + i, 40_001, false, 9000, Packet.SYN | Packet.ACK, empty);
            send(nanos, 0x0a00_0100 + i, 40_001, true, i + 1, Packet.ACK, bytes(7, hello("auth.docker.io", i)));
        }
        assertThat(tally.byName).containsEntry(names.intern("auth.docker.io"), 100L);
        assertThat(tracker.bytesShed()).isPositive();
        for (int i = 1; i <= 20; i++) {
            send(i * SECOND, 1, 1, true, i, Packet.SYN, empty);
        }
        byte[] split = hello("hub.docker.com", 5);
        send(20 * SECOND, 0x0a00_0900, 5, true, 0, Packet.SYN, bytes(9, new byte[0]));
        send(20 * SECOND, 0x0a00_0900, 5, true, 1, Packet.ACK, bytes(9, java.util.Arrays.copyOf(split, 30)));
        send(
                20 * SECOND,
                0x0a00_0900,
                5,
                true,
                31,
                Packet.ACK,
                bytes(9, java.util.Arrays.copyOfRange(split, 30, split.length)));

        assertThat(tally.byName).containsEntry(names.intern("hub.docker.com"), 1L);
    }

    @Test
    void aFloodOfNamesLeavesWatchedOnesCounted() {
        Counted counted = new Counted();
        for (int i = 0; i < 300_000; i++) {
            counted.frame(
                    Conversation.START, DnsAnswer.of("n" + i + ".example.org", "198.51.100.77"), Integer.MAX_VALUE);
        }
        List<Segment> segments = new Conversation("10.0.1.11", 40_000, "198.51.100.10", 443)
                .at(10)
                .opened()
                .client(hello("registry-1.docker.io", 1))
                .exchange(1)
                .segments();
        for (Segment segment : segments) {
            counted.frame(segment.nanos(), Counted.ip(segment).ethernet(), Integer.MAX_VALUE);
        }

        assertThat(counted.finish().rows()).containsKey("10.0.1.11 registry-1.docker.io");
    }
}
