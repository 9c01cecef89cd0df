// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.HttpRequest;
import egret.capture.protocol.SocksRequest;
import egret.capture.protocol.TlsRecords;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's first bytes until they name the server: a ClientHello, perhaps behind a proxy request, or the Host of
 * a clear-text request. A hello in one segment is read where it lies; only one in pieces is put together first.
 */
final class Introduction {
    /** What the connection is to be from here on. */
    enum Outcome {
        WAIT,
        FOLLOW,
        PASS,
        COPY,
        UNRECOGNISED
    }

    /** When the server has answered with so many segments, the missing rest of a hello will not come any more. */
    private static final int SERVER_SEGMENTS = 3;

    private static final int HANDSHAKE = 22;
    private static final int CHANGE_CIPHER_SPEC = 20;

    private final NameTable names;
    private final AddressNames addresses;
    private final Pools pools;
    private final Twins twins;
    private final Follower follower;
    private final ConnectionListener listener;
    private final TlsRecords records = new TlsRecords();
    private final ClientHello hello = new ClientHello();
    private final HttpRequest http = new HttpRequest();
    private final SocksRequest socks = new SocksRequest();

    Introduction(
            NameTable names,
            AddressNames addresses,
            Pools pools,
            Twins twins,
            Follower follower,
            ConnectionListener listener) {
        this.names = names;
        this.addresses = addresses;
        this.pools = pools;
        this.twins = twins;
        this.follower = follower;
        this.listener = listener;
    }

    /** Whether a segment begins as a record with a ClientHello does; cheap. */
    static boolean looksLikeHello(Packet packet) {
        ByteBuffer b = packet.bytes;
        int at = packet.payloadOffset;
        return packet.payloadLength >= 6
                && b.get(at) == HANDSHAKE
                && b.get(at + 1) == 3
                && b.get(at + 2) <= 4
                && b.get(at + 5) == 1;
    }

    /** Whether a segment begins as a clear-text HTTP request does. */
    boolean looksLikeRequest(Packet packet) {
        int from = packet.payloadOffset;
        return Follower.request(http, packet.bytes, from, from + packet.payloadLength);
    }

    /** Payload of the client. */
    Outcome clientData(Connection connection, Packet packet) {
        int offset = packet.payloadOffset;
        int captured = packet.payloadLength;
        boolean cut = captured < packet.payloadOriginalLength;
        connection.snapped |= cut;
        if ((packet.flags & Packet.ACK) != 0) {
            connection.acknowledged = packet.acknowledgment;
            connection.acknowledgedKnown = true;
        }
        StreamStart start = connection.start;
        if (start == null || start.length() == connection.preamble) {
            connection.namedFrom(packet);
        }
        if (start == null) {
            connection.dataNanos = packet.timestampNanos;
            boolean first = packet.sequence == connection.clientSequence;
            Outcome outcome =
                    first ? read(connection, packet.bytes, offset, offset + captured, packet, cut) : Outcome.WAIT;
            if (outcome != Outcome.WAIT
                    || packet.sequence + packet.payloadOriginalLength - connection.clientSequence <= 0) {
                return outcome;
            }
            start = pools.start(connection.clientSequence);
            if (start == null) {
                return first
                        ? read(connection, packet.bytes, offset, offset + captured, packet, true)
                        : finish(connection, packet);
            }
            connection.start = start;
        }
        int before = start.length();
        start.add(packet.sequence, packet.bytes, offset, captured);
        if (start.length() == before && !start.overflown()) {
            return Outcome.WAIT;
        }
        connection.dataNanos = packet.timestampNanos;
        connection.serverSegmentsSince = 0;
        boolean last = cut || start.overflown() || start.length() == StreamStart.CAPACITY;
        return read(connection, start.bytes(), 0, start.length(), packet, last);
    }

    /** Whether the server's answer shows that the client has said all that it takes; then {@link #finish} is due. */
    boolean serverSpeaks(Connection connection, Packet packet) {
        if (!halfRead(connection)) {
            return false;
        }
        int end = packet.sequence + packet.payloadOriginalLength;
        if (connection.serverSegmentsSince > 0 && end - connection.serverEnd <= 0) {
            return false;
        }
        connection.serverEnd = end;
        return ++connection.serverSegmentsSince >= SERVER_SEGMENTS;
    }

    /** Part of what names the connection is there, and the rest has not come yet. */
    static boolean halfRead(Connection connection) {
        StreamStart start = connection.start;
        return start != null && (start.length() > connection.preamble || start.hasHole());
    }

    /** Nothing more comes of the client: what is there has to do. */
    Outcome finish(Connection connection, Packet packet) {
        StreamStart start = connection.start;
        if (start != null && start.length() > connection.preamble) {
            Outcome outcome = read(connection, start.bytes(), 0, start.length(), packet, true);
            if (outcome != Outcome.WAIT) {
                return outcome;
            }
        }
        if (connection.target != null) {
            return named(connection, null, packet);
        }
        return Outcome.UNRECOGNISED;
    }

    /** The client sent nothing at all. */
    static boolean silent(Connection connection) {
        return connection.start == null && !connection.spoke;
    }

    /**
     * A hello behind bytes of the client that will not come: the server has answered since, so that they were sent long ago,
     * and were lost or left out by the kernel's filter.
     */
    static boolean helloBehindGap(Connection connection, Packet packet) {
        StreamStart start = connection.start;
        int expected = connection.clientSequence + (start == null ? 0 : start.length());
        return packet.sequence - expected > 0
                && connection.target == null
                && connection.serverSequenceKnown
                && (packet.flags & Packet.ACK) != 0
                && packet.acknowledgment - connection.serverSequence > 0
                && looksLikeHello(packet);
    }

    /**
     * Reads contiguous bytes from the connection's first on.
     *
     * @param last nothing more will come, so that a part has to do
     */
    private Outcome read(Connection connection, ByteBuffer b, int from, int to, Packet packet, boolean last) {
        for (; ; ) {
            int at = from + connection.preamble;
            if (at >= to) {
                return waitOr(connection, packet, last);
            }
            int first = b.get(at);
            if (first == HANDSHAKE || first == CHANGE_CIPHER_SPEC) {
                return tls(connection, b, at, to, packet, last);
            }
            if (connection.target != null) {
                return named(connection, null, packet);
            }
            int before = connection.preamble;
            Outcome outcome =
                    first == 4 || first == 5 ? socks(connection, b, at, to) : http(connection, b, at, to, packet, last);
            if (connection.preamble == before) {
                return outcome == Outcome.WAIT ? waitOr(connection, packet, last) : outcome;
            }
        }
    }

    private Outcome waitOr(Connection connection, Packet packet, boolean last) {
        if (!last) {
            return Outcome.WAIT;
        }
        return connection.target == null ? Outcome.UNRECOGNISED : named(connection, null, packet);
    }

    private Outcome tls(Connection connection, ByteBuffer b, int at, int to, Packet packet, boolean last) {
        TlsRecords.Outcome framed = records.parse(b, at, to);
        if (framed == TlsRecords.Outcome.NOT_TLS || (framed == TlsRecords.Outcome.INCOMPLETE && !last)) {
            return framed == TlsRecords.Outcome.NOT_TLS ? Outcome.UNRECOGNISED : Outcome.WAIT;
        }
        ClientHello.Outcome parsed = hello.parse(records.bytes(), records.from(), records.to());
        if (parsed == ClientHello.Outcome.NOT_A_HELLO || !hello.hasRandom()) {
            return Outcome.UNRECOGNISED;
        }
        connection.helloCut = parsed == ClientHello.Outcome.INCOMPLETE;
        return named(connection, hello, packet);
    }

    private Outcome socks(Connection connection, ByteBuffer b, int at, int to) {
        switch (socks.parse(b, at, to)) {
            case COMPLETE -> {
                connection.preamble += socks.end() - at;
                proxied(connection, socks.target(), false);
                return Outcome.WAIT;
            }
            case INCOMPLETE -> {
                return Outcome.WAIT;
            }
            default -> {
                return Outcome.UNRECOGNISED;
            }
        }
    }

    private Outcome http(Connection connection, ByteBuffer b, int at, int to, Packet packet, boolean last) {
        HttpRequest.Outcome outcome = http.parse(b, at, to);
        if (outcome == HttpRequest.Outcome.NOT_HTTP) {
            return Outcome.UNRECOGNISED;
        }
        if (outcome == HttpRequest.Outcome.INCOMPLETE && !last) {
            return Outcome.WAIT;
        }
        if (http.connect()) {
            connection.preamble += http.end() < 0 ? to - at : http.end() - at;
            proxied(connection, http.target(), true);
            return Outcome.WAIT;
        }
        if (http.hostLength() == 0) {
            return Outcome.UNRECOGNISED;
        }
        connection.origin = NameOrigin.HTTP_HOST;
        connection.name = names.intern(hostOf(http.host()));
        return named(connection, null, packet);
    }

    private void proxied(Connection connection, String target, boolean connect) {
        connection.target = target;
        connection.origin = NameOrigin.PROXY_REQUEST;
        connection.name = names.intern(hostOf(target));
        connection.connect = connect;
        listener.proxied(connection, target, connect);
    }

    /** A connection without a name of its own is called by what a DNS answer said of its server's address. */
    void nameByAddress(Connection connection) {
        if (connection.name == 0) {
            connection.name = names.held(addresses.name(connection.serverHigh, connection.serverLow));
            connection.origin = connection.name == 0 ? NameOrigin.NONE : NameOrigin.DNS_ANSWER;
        }
    }

    private Outcome named(Connection connection, @Nullable ClientHello read, Packet packet) {
        connection.named = true;
        connection.namedNanos = connection.dataNanos;
        if (read != null) {
            connection.hello = true;
            if (read.hasServerName()) {
                connection.origin = NameOrigin.SERVER_NAME;
                connection.name = names.intern(read.bytes(), read.serverNameOffset(), read.serverNameLength());
            }
            Connection first = twins.byHello(connection, read, connection.namedNanos);
            if (twins.lastWasCopy()) {
                listener.copied(connection, first, read);
                return Outcome.COPY;
            }
        }
        nameByAddress(connection);
        if (!listener.named(connection, read)) {
            return Outcome.PASS;
        }
        follower.begin(connection, packet);
        return Outcome.FOLLOW;
    }

    private static String hostOf(String target) {
        int colon = target.lastIndexOf(':');
        boolean port =
                (colon > 0 && target.indexOf(':') == colon) || (target.startsWith("[") && colon > target.indexOf(']'));
        return port ? target.substring(0, colon) : target;
    }
}
