// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;

/**
 * Follows every TCP connection from its first packet until its end: the main path of this package. One thread; the
 * clock is that of the packets.
 *
 * <p>A connection is keyed by its addresses and ports, and a SYN with another initial sequence number on the same key is
 * a new connection. It is OPENING until the client's first bytes name its server, then FOLLOWED if the listener wants
 * its records, else PASSED, where its packets cost one lookup. A second sighting of a connection that NAT or a mirror
 * makes is a COPY and costs the same.
 */
public final class ConnectionTracker {
    private static final int OPENING = 0;
    private static final int FOLLOWED = 1;
    private static final int PASSED = 2;
    private static final int COPY = 3;

    /** State word: index of the connection in the low 32 bits, then the stage and flags. */
    private static final long INDEX = 0xffff_ffffL;

    private static final int STAGE_SHIFT = 32;
    private static final long STAGE = 7L << STAGE_SHIFT;
    private static final long CLIENT_REVERSED = 1L << 35;
    private static final long CLIENT_FIN = 1L << 36;
    private static final long SERVER_FIN = 1L << 37;
    /** Its bytes named nothing; a ClientHello may still come (STARTTLS, or a connection joined in mid-stream). */
    private static final long SEARCHING = 1L << 38;

    private static final long SECONDS = 0xffff_ffffL;

    /** A SYN without an answer counts as failed after so long without another; the connection may still come. */
    private static final int UNANSWERED_SECONDS = 16;

    /** Clients of registries keep idle connections for 30 to 120 s. */
    private static final int IDLE_SECONDS = 300;

    private final ConnectionTable table = new ConnectionTable();
    private final Pools pools = new Pools();
    private final Twins twins = new Twins(pools);
    private final AddressNames addressNames = new AddressNames();
    private final RecentlyClosed recentlyClosed = new RecentlyClosed();
    private final ConnectionListener listener;
    private final Introduction introduction;
    private final DnsReader dns;
    private final QuicTracker quic;
    private final Follower follower;
    /** Stands for the packet when a connection is closed by time or by the end of the capture. */
    private final Packet last = new Packet();

    private int second;
    private long shed;

    public ConnectionTracker(NameTable names, ConnectionListener listener) {
        this.listener = listener;
        this.follower = new Follower(pools, listener);
        this.dns = new DnsReader(names, addressNames, listener);
        this.quic = new QuicTracker(names, addressNames, pools, twins, listener);
        this.introduction = new Introduction(names, addressNames, pools, twins, follower, listener);
    }

    /** A TCP segment; {@code packet} is a view that is not kept. */
    public void tcp(Packet packet) {
        int control = packet.flags & (Packet.SYN | Packet.FIN | Packet.RST);
        if (packet.payloadOriginalLength == 0 && control == 0) {
            return;
        }
        long key1;
        long key2;
        boolean reversed;
        if (packet.ipv4) {
            long source = packet.sourceLow & 0xffff_ffffL;
            long destination = packet.destinationLow & 0xffff_ffffL;
            reversed = source > destination || (source == destination && packet.sourcePort > packet.destinationPort);
            key1 = reversed ? (destination << 32) | source : (source << 32) | destination;
            key2 = 1L << 33;
        } else {
            long source = Hash.of(packet.sourceHigh, packet.sourceLow);
            long destination = Hash.of(packet.destinationHigh, packet.destinationLow);
            reversed = source > destination || (source == destination && packet.sourcePort > packet.destinationPort);
            key1 = reversed ? Hash.of(destination, source) : Hash.of(source, destination);
            key2 = 1L << 34;
        }
        key2 |= reversed
                ? ((long) packet.destinationPort << 16) | packet.sourcePort
                : ((long) packet.sourcePort << 16) | packet.destinationPort;
        int at = table.find(key1, key2);
        if ((control & Packet.SYN) != 0) {
            at = syn(at, key1, key2, reversed, packet);
            if (packet.payloadOriginalLength == 0) {
                return;
            }
        }
        if (at < 0) {
            if (packet.payloadOriginalLength > 0 && !recentlyClosed.contains(key1, key2)) {
                joinMidStream(at, key1, key2, reversed, packet);
            }
            return;
        }
        long times = table.times(at);
        if ((int) times != second) {
            table.times(at, (times & ~SECONDS) | (second & SECONDS));
        }
        payload(at, reversed, packet);
        if ((control & (Packet.FIN | Packet.RST)) != 0) {
            end(key1, key2, reversed, packet);
        }
    }

    /** A UDP datagram; {@code packet} is a view that is not kept. */
    public void udp(Packet packet) {
        if (packet.payloadLength == 0) {
            return;
        }
        if (packet.sourcePort == DnsReader.PORT || packet.destinationPort == DnsReader.PORT) {
            dns.datagram(packet);
        } else {
            quic.datagram(packet);
        }
    }

    /** To be called when packet time has moved on, at least once in a second of packets. */
    public void tick(long timestampNanos) {
        last.timestampNanos = timestampNanos;
        second = (int) Math.floorDiv(timestampNanos, 1_000_000_000L);
        giveUpUnanswered();
        expire(IDLE_SECONDS, IDLE_SECONDS);
    }

    /** The capture is over: what is open is closed. */
    public void finish() {
        quic.finish(last);
        for (int at = 0; at < table.end(); at += ConnectionTable.STRIDE) {
            if (table.occupied(at)) {
                long state = table.state(at);
                if (stage(state) == OPENING || stage(state) == FOLLOWED) {
                    close(connection(state), stage(state), false);
                }
            }
        }
    }

    /** Connections given up because the table was full. */
    public long shed() {
        return shed;
    }

    /** Hellos and segments not held back for want of memory. */
    public long bytesShed() {
        return pools.shed() + quic.shed();
    }

    private void payload(int at, boolean reversed, Packet packet) {
        if (packet.payloadOriginalLength == 0) {
            return;
        }
        long state = table.state(at);
        boolean fromClient = reversed == ((state & CLIENT_REVERSED) != 0);
        switch (stage(state)) {
            case OPENING -> opening(at, state, fromClient, packet);
            case FOLLOWED -> follower.segment(connection(state), packet, fromClient);
            case PASSED -> {
                if ((state & SEARCHING) != 0 && Introduction.looksLikeHello(packet)) {
                    lateHello(at, state, reversed, packet);
                }
            }
            default -> {}
        }
        if (packet.sourcePort == DnsReader.PORT) {
            dns.segment(packet);
        }
    }

    private void opening(int at, long state, boolean fromClient, Packet packet) {
        Connection connection = connection(state);
        if (!fromClient) {
            connection.answered = true;
            if (introduction.serverSpeaks(connection)) {
                settle(at, state, connection, introduction.finish(connection, packet));
            }
            return;
        }
        settle(at, state, connection, introduction.clientData(connection, packet));
    }

    /** What the client's bytes were read as decides the stage. */
    private void settle(int at, long state, Connection connection, Introduction.Outcome outcome) {
        switch (outcome) {
            case WAIT -> {}
            case FOLLOW -> table.state(at, (state & ~STAGE) | ((long) FOLLOWED << STAGE_SHIFT));
            case PASS -> pass(at, state, connection, 0);
            case COPY -> {
                listenerClosed(connection, false);
                table.state(at, (state & ~(STAGE | INDEX)) | ((long) COPY << STAGE_SHIFT));
            }
            case UNRECOGNISED -> {
                listener.unnamed(connection);
                pass(at, state, connection, SEARCHING);
            }
        }
    }

    private void pass(int at, long state, Connection connection, long flag) {
        listenerClosed(connection, true);
        table.state(at, (state & ~(STAGE | INDEX)) | ((long) PASSED << STAGE_SHIFT) | flag);
    }

    private void listenerClosed(Connection connection, boolean told) {
        if (told) {
            listener.closed(connection);
        }
        pools.recycle(connection);
    }

    private int syn(int found, long key1, long key2, boolean reversed, Packet packet) {
        int at = found;
        if ((packet.flags & Packet.ACK) != 0) {
            return synAck(at, key1, key2, reversed, packet);
        }
        if (at >= 0) {
            boolean sameSide = reversed == ((table.state(at) & CLIENT_REVERSED) != 0);
            if (sameSide && (int) (table.times(at) >>> 32) == packet.sequence) {
                repeated(at);
                return at;
            }
            remove(at);
            at = table.find(key1, key2);
        }
        Connection connection = pools.connection(key1, key2);
        connection.from(packet, true);
        connection.clientSequence = packet.sequence + 1;
        return open(at, connection, reversed, packet.sequence, packet);
    }

    /** The SYN came again, or behind its own SYN-ACK. */
    private void repeated(int at) {
        table.times(at, (table.times(at) & ~SECONDS) | (second & SECONDS));
        long state = table.state(at);
        if (stage(state) == OPENING && connection(state).midStream) {
            connection(state).midStream = false;
            listener.opened(connection(state));
        }
    }

    private int synAck(int at, long key1, long key2, boolean reversed, Packet packet) {
        if (at < 0) {
            if (recentlyClosed.contains(key1, key2)) {
                return at;
            }
            // The SYN is not in the capture, but this is its beginning all the same.
            Connection connection = pools.connection(key1, key2);
            connection.midStream = true;
            connection.from(packet, false);
            connection.clientSequence = packet.acknowledgment;
            answer(connection, packet);
            return open(at, connection, !reversed, packet.acknowledgment - 1, packet);
        }
        long state = table.state(at);
        if (stage(state) == OPENING && reversed != ((state & CLIENT_REVERSED) != 0)) {
            answer(connection(state), packet);
        }
        return at;
    }

    private static void answer(Connection connection, Packet packet) {
        connection.answered = true;
        connection.serverSequenceKnown = true;
        connection.serverSequence = packet.sequence + 1;
    }

    private int open(int found, Connection connection, boolean reversed, int initialSequence, Packet packet) {
        int at = found;
        if (table.full()) {
            makeRoom();
            at = table.find(connection.key1, connection.key2);
        }
        long state = connection.index | (reversed ? CLIENT_REVERSED : 0);
        boolean again = recentlyClosed.repeats(connection.key1, connection.key2, initialSequence);
        Connection first = connection.midStream || again ? null : twins.bySyn(connection, packet);
        if (!connection.midStream && !again && twins.lastWasCopy()) {
            listener.copied(connection, first, null);
            pools.recycle(connection);
            state = (state & ~INDEX) | ((long) COPY << STAGE_SHIFT);
        } else if (!again) {
            listener.opened(connection);
        }
        return table.insert(
                at, connection.key1, connection.key2, state, ((long) initialSequence << 32) | (second & SECONDS));
    }

    private void joinMidStream(int at, long key1, long key2, boolean reversed, Packet packet) {
        boolean hello = Introduction.looksLikeHello(packet);
        boolean sourceIsClient = hello || packet.sourcePort >= packet.destinationPort;
        Connection connection = pools.connection(key1, key2);
        connection.midStream = true;
        connection.from(packet, sourceIsClient);
        connection.clientSequence = packet.sequence;
        connection.answered = true;
        int opened = open(at, connection, reversed == sourceIsClient, packet.sequence, packet);
        long state = table.state(opened);
        if (sourceIsClient && introduction.looksLikeBeginning(packet)) {
            settle(opened, state, connection, introduction.clientData(connection, packet));
        } else {
            settle(opened, state, connection, Introduction.Outcome.UNRECOGNISED);
        }
    }

    private void lateHello(int at, long state, boolean reversed, Packet packet) {
        Connection connection = pools.connection(table.key1(at), table.key2(at));
        connection.midStream = true;
        connection.from(packet, true);
        connection.clientSequence = packet.sequence;
        connection.answered = true;
        long fresh = (state & ~(STAGE | INDEX | CLIENT_REVERSED | SEARCHING))
                | connection.index
                | (reversed ? CLIENT_REVERSED : 0);
        table.state(at, fresh);
        settle(at, fresh, connection, introduction.clientData(connection, packet));
    }

    private void end(long key1, long key2, boolean reversed, Packet packet) {
        int at = table.find(key1, key2);
        if (at < 0) {
            return;
        }
        long state = table.state(at);
        if ((packet.flags & Packet.RST) == 0) {
            boolean fromClient = reversed == ((state & CLIENT_REVERSED) != 0);
            state |= fromClient ? CLIENT_FIN : SERVER_FIN;
            table.state(at, state);
            if ((state & CLIENT_FIN) == 0 || (state & SERVER_FIN) == 0) {
                return;
            }
        }
        int initialSequence = (int) (table.times(at) >>> 32);
        remove(at);
        recentlyClosed.add(key1, key2, initialSequence);
    }

    private void remove(int at) {
        long state = table.state(at);
        table.remove(at);
        if (stage(state) == OPENING || stage(state) == FOLLOWED) {
            close(connection(state), stage(state), true);
        }
    }

    /** @param ended false when only the capture ended, so that nothing is known of the connection's end */
    private void close(Connection connection, int stage, boolean ended) {
        if (stage == OPENING) {
            Introduction.Outcome outcome = introduction.finish(connection, last);
            if (outcome == Introduction.Outcome.COPY) {
                listenerClosed(connection, false);
                return;
            }
            if (outcome == Introduction.Outcome.UNRECOGNISED || outcome == Introduction.Outcome.WAIT) {
                introduction.nameByAddress(connection);
                if (ended && !connection.midStream && Introduction.silent(connection)) {
                    listener.failed(connection);
                } else {
                    listener.unnamed(connection);
                }
            }
        }
        follower.finish(connection, last.timestampNanos);
        listenerClosed(connection, true);
    }

    private void expire(int idleSeconds, int unansweredSeconds) {
        for (int at = 0; at < table.end(); ) {
            if (table.occupied(at) && expired(at, idleSeconds, unansweredSeconds)) {
                remove(at);
            } else {
                at += ConnectionTable.STRIDE;
            }
        }
    }

    private boolean expired(int at, int idleSeconds, int unansweredSeconds) {
        int idle = second - (int) table.times(at);
        if (idle <= unansweredSeconds) {
            return false;
        }
        long state = table.state(at);
        return idle > idleSeconds || (stage(state) == OPENING && !connection(state).answered);
    }

    /** Counts attempts without an answer as failed; they stay in the table, as their SYN may come again. */
    private void giveUpUnanswered() {
        for (int at = 0; at < table.end(); at += ConnectionTable.STRIDE) {
            if (table.occupied(at) && second - (int) table.times(at) > UNANSWERED_SECONDS) {
                long state = table.state(at);
                if (stage(state) == OPENING && !connection(state).answered) {
                    Connection connection = connection(state);
                    introduction.nameByAddress(connection);
                    listener.failed(connection);
                    pass(at, state, connection, SEARCHING);
                }
            }
        }
    }

    /**
     * Gives up connections until an eighth of the table is free: first attempts that nobody answered, of which a flood
     * makes any number, then the longest idle ones.
     */
    private void makeRoom() {
        int goal = ConnectionTable.MAX_CONNECTIONS * 7 / 8;
        int before = table.size();
        for (int unanswered = UNANSWERED_SECONDS / 4; table.size() > goal && unanswered >= 0; unanswered -= 2) {
            expire(IDLE_SECONDS, unanswered - 1);
        }
        for (int idle = IDLE_SECONDS / 2; table.size() > goal && idle > 0; idle /= 2) {
            expire(idle, 0);
        }
        if (table.size() > goal) {
            expire(-1, -1);
        }
        shed += before - table.size();
    }

    private Connection connection(long state) {
        return pools.at((int) (state & INDEX));
    }

    private static int stage(long state) {
        return (int) (state >>> STAGE_SHIFT) & 7;
    }
}
