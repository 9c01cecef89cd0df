// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;
import egret.capture.protocol.HttpRequest;
import egret.capture.protocol.ServerHello;
import java.nio.ByteBuffer;

/** Reads the records of the connections that the listener wants followed, in both directions. */
final class Follower implements RecordConsumer {
    private static final int HANDSHAKE = 22;

    private final Pools pools;
    private final ConnectionListener listener;
    private final HttpRequest http = new HttpRequest();
    private final ServerHello serverHello = new ServerHello();

    Follower(Pools pools, ConnectionListener listener) {
        this.pools = pools;
        this.listener = listener;
    }

    /** The connection has been named by {@code packet}; its records are read from the hello's on. */
    void begin(Connection connection, Packet packet) {
        RecordReader client = pools.reader(true, connection.hello);
        RecordReader server = pools.reader(false, connection.hello);
        connection.client = client;
        connection.server = server;
        client.startAt(connection.clientSequence + connection.preamble);
        boolean replied = connection.acknowledgedKnown
                && (!connection.serverSequenceKnown || connection.acknowledged != connection.serverSequence);
        if (connection.serverSequenceKnown && connection.preamble == 0) {
            server.startAt(connection.serverSequence);
        } else if (connection.preamble > 0 && replied) {
            server.startAt(connection.acknowledged);
        }
        StreamStart start = connection.start;
        if (start != null) {
            client.rest(connection, start, packet.timestampNanos, this);
            connection.start = null;
            pools.recycle(start);
        } else {
            client.segment(connection, packet, this);
        }
    }

    /** The SYN-ACK of a connection that was named by data in its SYN. */
    void answered(Connection connection) {
        RecordReader server = connection.server;
        if (server != null && connection.preamble == 0 && !server.started()) {
            server.startAt(connection.serverSequence);
        }
    }

    void segment(Connection connection, Packet packet, boolean fromClient) {
        RecordReader reader = fromClient ? connection.client : connection.server;
        if (reader == null) {
            return;
        }
        if (!fromClient && connection.answeredNanos == Connection.NEVER) {
            connection.answeredNanos = packet.timestampNanos;
        }
        RecordReader other = fromClient ? connection.server : connection.client;
        if (other != null && (packet.flags & Packet.ACK) != 0) {
            other.acknowledged(connection, packet.acknowledgment, packet.timestampNanos, this);
        }
        reader.segment(connection, packet, this);
    }

    void finish(Connection connection, long timestampNanos) {
        RecordReader client = connection.client;
        RecordReader server = connection.server;
        if (client != null && server != null) {
            client.finish(connection, timestampNanos, this);
            server.finish(connection, timestampNanos, this);
        }
    }

    @Override
    public void record(
            Connection connection,
            boolean fromClient,
            int contentType,
            int length,
            ByteBuffer bytes,
            int offset,
            int available,
            long timestampNanos) {
        if (!fromClient
                && contentType == HANDSHAKE
                && available > 0
                && bytes.get(offset) == 2
                && serverHello.parse(bytes, offset, offset + available) != ServerHello.Outcome.NOT_A_HELLO) {
            listener.serverHello(connection, serverHello);
        }
        listener.record(connection, fromClient, contentType, length, timestampNanos);
    }

    @Override
    public void segment(
            Connection connection,
            boolean fromClient,
            int newBytes,
            ByteBuffer bytes,
            int offset,
            int available,
            long timestampNanos) {
        if (connection.hello) {
            listener.segment(connection, fromClient, newBytes, timestampNanos);
        } else if (fromClient) {
            clearRequests(connection, bytes, offset, offset + available, timestampNanos);
        }
    }

    /** A segment may hold several requests, one behind the other. */
    private void clearRequests(Connection connection, ByteBuffer bytes, int from, int to, long timestampNanos) {
        int at = from;
        while (at >= 0 && request(http, bytes, at, to)) {
            if (!http.connect()) {
                listener.clearRequest(connection, timestampNanos);
            }
            at = http.end();
        }
    }

    /** Whether a clear-text HTTP request begins here. */
    static boolean request(HttpRequest http, ByteBuffer bytes, int from, int to) {
        return from < to && http.parse(bytes, from, to) != HttpRequest.Outcome.NOT_HTTP && http.hasRequestLine();
    }

    @Override
    public void gap(Connection connection, boolean fromClient) {
        listener.gap(connection, fromClient);
    }
}
