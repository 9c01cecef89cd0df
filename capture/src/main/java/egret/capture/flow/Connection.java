// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from its first packet on: a pooled object of its {@link ConnectionTracker}, which alone writes it.
 * Others read it during a call of their {@link ConnectionListener} and may keep their own state in {@link #attachment}.
 */
public final class Connection {
    /** Stands for a time that was not seen. */
    public static final long NEVER = Long.MIN_VALUE;

    long key1;
    long key2;
    int index;
    int generation;

    boolean quic;
    boolean ipv4;
    long clientHigh;
    long clientLow;
    int clientPort;
    long serverHigh;
    long serverLow;
    int serverPort;
    long egressHigh;
    long egressLow;
    boolean egressKnown;
    int ttl;

    boolean midStream;
    boolean answered;
    boolean serverSequenceKnown;
    int clientSequence;
    int serverSequence;
    int initialSequence;
    boolean initialSequenceKnown;
    long openedNanos;
    long openedPacket;
    int openedFile;

    boolean named;
    int name;
    NameOrigin origin = NameOrigin.NONE;

    @Nullable
    String target;

    boolean connect;
    long namedNanos;
    long namedPacket;
    int namedFile;
    boolean hello;
    boolean helloCut;
    long answeredNanos;

    /** Equal for the same connection wherever it is seen; 0 as long as that is not known. */
    long twinKey;

    /** What was told of it before it came again: its SYN after a failure, a hello behind bytes that named nothing. */
    Told told = Told.NOTHING;

    /** Time of the client's last new bytes. */
    long dataNanos;

    /** What the client acknowledged with its last bytes: where the server's answer to them begins. */
    int acknowledged;

    boolean acknowledgedKnown;

    /** Bytes of the client's stream that a proxy request took. */
    int preamble;

    boolean snapped;
    int serverSegmentsSince;

    /** Its end tells that something was sent, though nothing of that was captured. */
    boolean spoke;

    /** End of the last server segment counted there. */
    int serverEnd;

    @Nullable
    StreamStart start;

    @Nullable
    RecordReader client;

    @Nullable
    RecordReader server;

    /** The listener's own; null after {@link ConnectionListener#closed}. */
    public @Nullable Object attachment;

    void reset(long newKey1, long newKey2) {
        key1 = newKey1;
        key2 = newKey2;
        quic = false;
        egressKnown = false;
        midStream = false;
        answered = false;
        serverSequenceKnown = false;
        initialSequenceKnown = false;
        named = false;
        name = 0;
        origin = NameOrigin.NONE;
        target = null;
        connect = false;
        namedNanos = NEVER;
        namedPacket = 0;
        hello = false;
        helloCut = false;
        answeredNanos = NEVER;
        preamble = 0;
        snapped = false;
        serverSegmentsSince = 0;
        spoke = false;
        acknowledgedKnown = false;
        twinKey = 0;
        told = Told.NOTHING;
    }

    /** It begins with this packet. */
    void from(Packet packet, boolean sourceIsClient) {
        ipv4 = packet.ipv4;
        ttl = packet.ttl;
        openedNanos = packet.timestampNanos;
        openedPacket = packet.number;
        openedFile = packet.file;
        dataNanos = packet.timestampNanos;
        if (sourceIsClient) {
            clientHigh = packet.sourceHigh;
            clientLow = packet.sourceLow;
            clientPort = packet.sourcePort;
            serverHigh = packet.destinationHigh;
            serverLow = packet.destinationLow;
            serverPort = packet.destinationPort;
        } else {
            clientHigh = packet.destinationHigh;
            clientLow = packet.destinationLow;
            clientPort = packet.destinationPort;
            serverHigh = packet.sourceHigh;
            serverLow = packet.sourceLow;
            serverPort = packet.sourcePort;
        }
    }

    /**
     * Notes whether there was more than a FIN before this FIN or reset, by its numbers: from the client, or from the server
     * where a reset acknowledges nothing.
     */
    void ends(Packet packet, boolean fromClient) {
        if (fromClient) {
            spoke |= packet.sequence - clientSequence > 1;
        } else if ((packet.flags & Packet.ACK) != 0) {
            spoke |= packet.acknowledgment - clientSequence > 1;
        } else {
            spoke |= serverSequenceKnown && packet.sequence - serverSequence > 1;
        }
    }

    /** What names it begins with this packet. */
    void namedFrom(Packet packet) {
        namedPacket = packet.number;
        namedFile = packet.file;
    }

    /** What its SYN said, or the SYN-ACK of it. */
    void begins(int synSequence) {
        initialSequence = synSequence;
        initialSequenceKnown = true;
    }

    /** Notes the address under which it was seen behind a NAT or proxy; the last one stands. */
    void egress(long high, long low) {
        egressHigh = high;
        egressLow = low;
        egressKnown = true;
    }

    public boolean quic() {
        return quic;
    }

    /** Address of the side that opened it, as in {@link egret.capture.decode.Packet}. */
    public long clientHigh() {
        return clientHigh;
    }

    public long clientLow() {
        return clientLow;
    }

    public int clientPort() {
        return clientPort;
    }

    public long serverHigh() {
        return serverHigh;
    }

    public long serverLow() {
        return serverLow;
    }

    public int serverPort() {
        return serverPort;
    }

    /** The sequence number of its SYN is known: its beginning is in the capture. */
    public boolean initialSequenceKnown() {
        return initialSequenceKnown;
    }

    /** The sequence number of its SYN, which NAT leaves alone; good only if it is known. */
    public int initialSequence() {
        return initialSequence;
    }

    /** A copy behind a NAT or proxy was seen; its source address is in the next two. */
    public boolean egressKnown() {
        return egressKnown;
    }

    public long egressHigh() {
        return egressHigh;
    }

    public long egressLow() {
        return egressLow;
    }

    /** Its beginning is not in the capture. */
    public boolean midStream() {
        return midStream;
    }

    /** The server sent a SYN-ACK or data. */
    public boolean answered() {
        return answered;
    }

    /** Time of its first packet. */
    public long openedNanos() {
        return openedNanos;
    }

    /** Number of its name in the tracker's {@link NameTable}; 0 if it has none. */
    public int name() {
        return name;
    }

    public NameOrigin origin() {
        return origin;
    }

    /** What the client asked a proxy for, {@code host:port}. */
    public @Nullable String target() {
        return target;
    }

    /** It asked by HTTP CONNECT rather than SOCKS. */
    public boolean connect() {
        return connect;
    }

    /** The listener was told before that it failed. */
    public boolean failedBefore() {
        return told == Told.FAILED;
    }

    /** The listener was told before that it is unnamed. */
    public boolean unnamedBefore() {
        return told == Told.UNNAMED;
    }

    /** Time of the packet that completed its name, or {@link #NEVER}. */
    public long namedNanos() {
        return namedNanos;
    }

    /** Number of the packet in which the bytes that name it begin, in its file. */
    public long namedPacket() {
        return namedPacket;
    }

    public int namedFile() {
        return namedFile;
    }

    /** Number of its first packet. */
    public long openedPacket() {
        return openedPacket;
    }

    /** A ClientHello was seen. */
    public boolean hello() {
        return hello;
    }

    /** Part of the ClientHello is not in the capture. */
    public boolean helloCut() {
        return helloCut;
    }

    /** The snaplen cut the ClientHello, so that no records can be read from this connection. */
    public boolean snapped() {
        return snapped;
    }

    /** Time of the server's first bytes after the hello, or {@link #NEVER}. */
    public long answeredNanos() {
        return answeredNanos;
    }

    /** Payload bytes from the client since it was named, of a followed connection; retransmissions count once. */
    public long bytesUp() {
        return client == null ? 0 : client.bytes();
    }

    public long bytesDown() {
        return server == null ? 0 : server.bytes();
    }

    /** A hash that is equal for the same connection wherever it is seen: of what NAT leaves alone. */
    public long twinKey() {
        return twinKey;
    }
}
