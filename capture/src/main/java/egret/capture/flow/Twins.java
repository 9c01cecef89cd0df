// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;
import egret.capture.protocol.ClientHello;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a connection that is seen a second time with other addresses or ports: behind a NAT, on the other side of a
 * proxy, in a mirror. What NAT leaves alone tells: the SYN's sequence number with its timestamp option, and the random of
 * the ClientHello, which also a CONNECT proxy passes on.
 */
final class Twins {
    /** Copies come within microseconds; ten seconds cover clocks that disagree and proxies that take their time. */
    private static final long WINDOW_NANOS = 10_000_000_000L;

    private static final long NONE = -1;
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_TIMESTAMP = 8;

    private final Pools pools;
    private final TwinIndex syns = new TwinIndex(WINDOW_NANOS, NONE);
    private final TwinIndex hellos = new TwinIndex(WINDOW_NANOS, NONE);
    private boolean copy;

    Twins(Pools pools) {
        this.pools = pools;
    }

    /** Whether the last connection asked about was seen before. */
    boolean lastWasCopy() {
        return copy;
    }

    /** The connection that this SYN was first seen for, if it was and is still open; joined with the new one. */
    @Nullable
    Connection bySyn(Connection connection, Packet packet) {
        copy = false;
        int options = packet.payloadOffset - packet.optionsOffset;
        // Without options it is a scanner's or flooder's SYN, whose sequence numbers need not differ.
        if (options <= 0) {
            return null;
        }
        long seen = syns.findOrPut(connection.twinKey, packet.timestampNanos, Pools.handle(connection));
        return seen == NONE ? null : join(connection, seen);
    }

    /** What of a SYN all copies share: its server, its sequence number and its timestamp option. */
    static long synKey(Connection connection, Packet packet) {
        long server = Hash.of(connection.serverHigh, connection.serverLow, connection.serverPort);
        long timestamp = timestampValue(packet.bytes, packet.optionsOffset, packet.payloadOffset);
        return Hash.of(server, packet.sequence, timestamp) | 1;
    }

    /** Likewise by its ClientHello: the random, the session id and the server name, which all copies share. */
    @Nullable
    Connection byHello(Connection connection, ClientHello hello, long timestampNanos) {
        copy = false;
        if (!hello.hasRandom() || !random(hello.bytes(), hello.randomOffset())) {
            return null;
        }
        long key = Hash.of(random64(hello.bytes(), hello.randomOffset()), sessionId(hello), hello.serverNameLength());
        if (connection.twinKey == 0) {
            connection.twinKey = key;
        }
        long handle = Pools.handle(connection);
        long seen = hellos.findOrPut(key, timestampNanos, handle);
        return seen == NONE || seen == handle ? null : join(connection, seen);
    }

    private static long random64(ByteBuffer b, int at) {
        return Hash.of(Hash.of(b.getLong(at), b.getLong(at + 8)), b.getLong(at + 16), b.getLong(at + 24));
    }

    private static long sessionId(ClientHello hello) {
        int at = hello.sessionIdOffset();
        return hello.sessionIdLength() < 32 ? 0 : random64(hello.bytes(), at);
    }

    private @Nullable Connection join(Connection connection, long handle) {
        copy = true;
        Connection first = pools.resolve(handle);
        if (first == null) {
            return null;
        }
        if (connection.ttl > first.ttl && !first.named) {
            // Seen in the wrong order: each hop takes one from the TTL, so this one is nearer to the source.
            first.egress(first.clientHigh, first.clientLow);
            first.clientHigh = connection.clientHigh;
            first.clientLow = connection.clientLow;
            first.clientPort = connection.clientPort;
            first.ttl = connection.ttl;
        } else if (connection.clientHigh != first.clientHigh || connection.clientLow != first.clientLow) {
            first.egress(
                    connection.egressKnown ? connection.egressHigh : connection.clientHigh,
                    connection.egressKnown ? connection.egressLow : connection.clientLow);
        }
        return first;
    }

    /** Test tools send constants, repeated or counting bytes; no random generator makes those. */
    private static boolean random(ByteBuffer bytes, int at) {
        long a = bytes.getLong(at);
        long b = bytes.getLong(at + 8);
        long c = bytes.getLong(at + 16);
        long d = bytes.getLong(at + 24);
        return a != b && b != c && c != d && d - c != c - b;
    }

    /** TSval of the timestamp option (RFC 7323), 0 without. */
    private static int timestampValue(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int kind = bytes.get(at);
            if (kind == OPTION_END) {
                return 0;
            }
            if (kind == OPTION_NOP) {
                at++;
                continue;
            }
            if (to - at < 2) {
                return 0;
            }
            int length = bytes.get(at + 1) & 0xff;
            if (kind == OPTION_TIMESTAMP && length == 10 && to - at >= 10) {
                return bytes.getInt(at + 2);
            }
            at += Math.max(length, 2);
        }
        return 0;
    }
}
