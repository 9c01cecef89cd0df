// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.ServerHello;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the tracker learns of connections, in the order of the packets and on the tracker's thread; what it is not
 * interested in passes by. Views are valid during the call only; a {@link Connection} until {@link #closed} returns,
 * {@link #copied}'s until that returns.
 *
 * <p>Each connection is opened or joined in mid-stream, then named, failed or unnamed, and closed. One that was seen
 * before (behind a NAT, in a mirror) is copied instead and nothing more is heard of it, also when only its hello tells.
 * One that failed may come to life when its SYN is repeated, and one that is unnamed may show a hello: then what was told
 * of it before is void ({@link Connection#failedBefore}, {@link Connection#unnamedBefore}).
 */
public interface ConnectionListener {
    /** Another second of packet time begins; it may lie before the last one when captures were put together. */
    default void tick(long timestampNanos) {}

    /** Nothing more comes. */
    default void finish() {}

    /** A connection began: its first SYN, or first packet when its beginning is not in the capture. */
    default void opened(Connection connection) {}

    /** It was opened as one in mid-stream, but its SYN came behind its SYN-ACK: its beginning is in the capture. */
    default void begun(Connection connection) {}

    /** The client asks a proxy for this target, {@code host:port}; by HTTP CONNECT or by SOCKS. */
    default void proxied(Connection connection, String target, boolean connect) {}

    /**
     * The server's name is known, or a ClientHello shows that there is none.
     *
     * @param hello null when the name comes from elsewhere; incomplete when the capture lacks a part of it
     * @return whether to follow the connection's records
     */
    boolean named(Connection connection, @Nullable ClientHello hello);

    /**
     * The connection ended without a name, or showed bytes of the client that name nothing; it may have one that DNS gave
     * for its address.
     *
     * @return whether that is all there is to know; if not, a ClientHello that still comes names it
     */
    boolean unnamed(Connection connection);

    /** The attempt was refused, reset before the client sent anything, or not answered. */
    default void failed(Connection connection) {}

    /**
     * The connection turns out to be another sighting of one that was opened before.
     *
     * @param first null when the first is no longer followed
     * @param hello the ClientHello by which it is known, null when its SYN tells
     */
    default void copied(Connection copy, @Nullable Connection first, @Nullable ClientHello hello) {}

    /** The server's first answer to the hello, of a followed connection. */
    default void serverHello(Connection connection, ServerHello hello) {}

    /** A TLS record began, of a followed connection; {@code length} is that of its header's length field. */
    default void record(Connection connection, boolean fromClient, int contentType, int length, long timestampNanos) {}

    /** {@code newBytes} of payload in which no records can be told apart, of a followed connection. */
    default void segment(Connection connection, boolean fromClient, int newBytes, long timestampNanos) {}

    /** Records were lost, of a followed connection. */
    default void gap(Connection connection, boolean fromClient) {}

    /** A clear-text HTTP request began, of a followed connection. */
    default void clearRequest(Connection connection, long timestampNanos) {}

    /** Nothing more comes of a connection that was opened. */
    default void closed(Connection connection) {}

    /** A name was asked for: question type as in RFC 1035. */
    default void dnsQuestion(Packet packet, int name, int type) {}

    /** An answer held so many A and AAAA records. */
    default void dnsAnswer(Packet packet, int a, int aaaa) {}

    /** The answer gave this address for the name that was asked for; the address as in {@link Packet}. */
    default void dnsAddress(int name, long high, long low) {}
}
