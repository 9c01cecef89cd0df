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
    private final ConnectionTable table = new ConnectionTable();
    private final Sweep sweep = new Sweep(table, this);
    private final Pools pools = new Pools();
    private final Twins twins = new Twins(pools);
    private final RecentlyClosed recentlyClosed = new RecentlyClosed();
    private final ConnectionListener listener;
    private final Introduction introduction;
    private final DnsReader dns;
    private final QuicTracker quic;
    private final Follower follower;
    private final Endings endings;
    private int second;

    public ConnectionTracker(NameTable names, ConnectionListener listener) {
        AddressNames addressNames = new AddressNames();
        this.listener = listener;
        this.follower = new Follower(pools, listener);
        this.dns = new DnsReader(names, addressNames, listener);
        this.quic = new QuicTracker(names, addressNames, pools, twins, listener);
        this.introduction = new Introduction(names, addressNames, pools, twins, follower, listener);
        this.endings = new Endings(pools, introduction, follower, listener);
    }

    /** A TCP segment; {@code packet} is a view that is not kept, but of a SYN with data the sequence number is moved. */
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
            packet.sequence++; // The SYN takes a number of its own.
        }
        if (at < 0) {
            if (packet.payloadOriginalLength > 0) {
                joinMidStream(at, key1, key2, reversed, packet);
            }
            return;
        }
        table.seen(at, second);
        if (packet.payloadOriginalLength > 0) {
            payload(at, reversed, packet);
        }
        if ((control & (Packet.FIN | Packet.RST)) != 0) {
            end(at, reversed, packet);
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
        endings.tick(timestampNanos);
        second = (int) Math.floorDiv(timestampNanos, 1_000_000_000L);
        sweep.tick(second);
    }

    /** The capture is over: what is open is closed. */
    public void finish() {
        quic.finish(endings.last());
        for (int at = 0; at < table.end(); at += ConnectionTable.STRIDE) {
            if (table.occupied(at) && State.live(table.state(at))) {
                long state = table.state(at);
                boolean givenUp = second - (int) table.times(at) > Sweep.UNANSWERED_SECONDS
                        && !pools.at(State.index(state)).answered;
                endings.close(
                        pools.at(State.index(state)),
                        State.stage(state),
                        givenUp ? Endings.Reason.OVER : Endings.Reason.CAPTURE_END);
            }
        }
    }

    /** Connections given up because the table was full. */
    public long shed() {
        return sweep.shed();
    }

    /** Hellos and segments not held back for want of memory. */
    public long bytesShed() {
        return pools.shed() + quic.shed();
    }

    private void payload(int at, boolean reversed, Packet packet) {
        long state = table.state(at);
        boolean fromClient = reversed == ((state & State.CLIENT_REVERSED) != 0);
        switch (State.stage(state)) {
            case State.OPENING -> opening(at, state, fromClient, packet);
            case State.FOLLOWED -> follower.segment(pools.at(State.index(state)), packet, fromClient);
            case State.PASSED -> {
                if ((state & State.SEARCHING) != 0 && Introduction.looksLikeHello(packet)) {
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
        Connection connection = pools.at(State.index(state));
        if (fromClient && Introduction.helloBehindGap(connection, packet)) {
            settle(at, state, connection, introduction.finish(connection, packet));
            payload(at, (state & State.CLIENT_REVERSED) != 0, packet);
            return;
        }
        if (fromClient) {
            settle(at, state, connection, introduction.clientData(connection, packet));
            return;
        }
        connection.answered = true;
        if (introduction.serverSpeaks(connection, packet)) {
            settle(at, state, connection, introduction.finish(connection, packet));
        }
    }

    /** What the client's bytes were read as decides the stage. */
    private void settle(int at, long state, Connection connection, Introduction.Outcome outcome) {
        switch (outcome) {
            case WAIT -> {}
            case FOLLOW -> table.state(at, State.followed(state));
            case PASS -> pass(at, state, connection, 0);
            case COPY -> {
                pools.recycle(connection);
                table.state(at, State.copy(state));
            }
            case UNRECOGNISED -> pass(at, state, connection, endings.unnamed(connection) ? 0 : State.SEARCHING);
        }
    }

    private void pass(int at, long state, Connection connection, long flags) {
        endings.passed(connection);
        table.state(at, State.passed(state, flags));
    }

    private int syn(int found, long key1, long key2, boolean reversed, Packet packet) {
        if ((packet.flags & Packet.ACK) != 0) {
            return synAck(found, key1, key2, reversed, packet);
        }
        int at = found;
        if (at >= 0) {
            boolean sameSide = reversed == ((table.state(at) & State.CLIENT_REVERSED) != 0);
            if (sameSide && (int) (table.times(at) >>> 32) == packet.sequence) {
                table.seen(at, second);
                repeated(at, packet);
                return at;
            }
            remove(at);
            at = table.find(key1, key2);
        }
        Connection connection = pools.connection(key1, key2);
        connection.from(packet, true);
        connection.clientSequence = packet.sequence + 1;
        connection.begins(packet.sequence);
        return open(at, connection, reversed, packet.sequence, packet);
    }

    /** The SYN came again, or behind its own SYN-ACK. */
    private void repeated(int at, Packet packet) {
        long state = table.state(at);
        if (State.stage(state) == State.OPENING) {
            Connection connection = pools.at(State.index(state));
            if (connection.midStream) {
                connection.midStream = false;
                connection.begins(packet.sequence);
                connection.twinKey = Twins.synKey(connection, packet);
                table.state(at, state & ~State.MID_STREAM);
                listener.begun(connection);
            }
        } else if ((state & State.FAILED) != 0) {
            Connection connection = pools.connection(table.key1(at), table.key2(at));
            connection.from(packet, true);
            connection.clientSequence = packet.sequence + 1;
            connection.begins(packet.sequence);
            connection.twinKey = Twins.synKey(connection, packet);
            connection.told = Told.FAILED;
            table.state(at, State.reopened(state, connection.index));
        }
    }

    private int synAck(int at, long key1, long key2, boolean reversed, Packet packet) {
        if (at < 0) {
            if (recentlyClosed.told(key1, key2, packet.acknowledgment - 1) != Told.NOTHING) {
                return at;
            }
            // The SYN is not in the capture, but this is its beginning all the same.
            Connection connection = pools.connection(key1, key2);
            connection.midStream = true;
            connection.from(packet, false);
            connection.clientSequence = packet.acknowledgment;
            connection.begins(packet.acknowledgment - 1);
            answer(connection, packet);
            return open(at, connection, !reversed, packet.acknowledgment - 1, packet);
        }
        long state = table.state(at);
        if (State.live(state) && reversed != ((state & State.CLIENT_REVERSED) != 0)) {
            Connection connection = pools.at(State.index(state));
            answer(connection, packet);
            follower.answered(connection);
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
            sweep.makeRoom();
            at = table.find(connection.key1, connection.key2);
        }
        long state = connection.index | (reversed ? State.CLIENT_REVERSED : 0);
        if (connection.midStream) {
            state |= State.MID_STREAM;
            listener.opened(connection);
        } else {
            state = begin(connection, state, initialSequence, packet);
        }
        return table.insert(
                at, connection.key1, connection.key2, state, ((long) initialSequence << 32) | (second & State.INDEX));
    }

    /** Its SYN is the first of a connection, one of a connection that is over, or a copy. */
    private long begin(Connection connection, long state, int initialSequence, Packet packet) {
        connection.twinKey = Twins.synKey(connection, packet);
        Told told = recentlyClosed.told(connection.key1, connection.key2, initialSequence);
        if (told == Told.NAMED) {
            pools.recycle(connection);
            return State.passed(state, 0);
        }
        if (told != Told.NOTHING) {
            connection.told = told;
            return state;
        }
        Connection first = twins.bySyn(connection, packet);
        if (twins.lastWasCopy()) {
            listener.copied(connection, first, null);
            pools.recycle(connection);
            return State.copy(state);
        }
        listener.opened(connection);
        return state;
    }

    private void joinMidStream(int at, long key1, long key2, boolean reversed, Packet packet) {
        boolean hello = Introduction.looksLikeHello(packet);
        if (recentlyClosed.contains(key1, key2) && (!hello || recentlyClosed.repeats(key1, key2, packet.sequence))) {
            return;
        }
        boolean beginning = hello || introduction.looksLikeRequest(packet);
        boolean sourceIsClient = beginning || packet.sourcePort >= packet.destinationPort;
        Connection connection = pools.connection(key1, key2);
        connection.midStream = true;
        connection.from(packet, sourceIsClient);
        connection.clientSequence = packet.sequence;
        connection.answered = true;
        int opened = open(at, connection, reversed == sourceIsClient, packet.sequence, packet);
        settle(
                opened,
                table.state(opened),
                connection,
                beginning ? introduction.clientData(connection, packet) : Introduction.Outcome.UNRECOGNISED);
    }

    private void lateHello(int at, long state, boolean reversed, Packet packet) {
        Connection connection = pools.connection(table.key1(at), table.key2(at));
        connection.midStream = (state & State.MID_STREAM) != 0;
        connection.told = State.told(state);
        connection.from(packet, true);
        connection.clientSequence = packet.sequence;
        if (!connection.midStream && reversed == ((state & State.CLIENT_REVERSED) != 0)) {
            connection.begins((int) (table.times(at) >>> 32));
        }
        connection.answered = true;
        long fresh = (State.reopened(state, connection.index) & ~State.CLIENT_REVERSED)
                | (reversed ? State.CLIENT_REVERSED : 0);
        table.state(at, fresh);
        settle(at, fresh, connection, introduction.clientData(connection, packet));
    }

    private void end(int at, boolean reversed, Packet packet) {
        long state = table.state(at);
        boolean reset = (packet.flags & Packet.RST) != 0;
        boolean fromClient = reversed == ((state & State.CLIENT_REVERSED) != 0);
        if (State.live(state)) {
            Connection connection = pools.at(State.index(state));
            connection.ends(packet, fromClient);
        }
        if (!reset) {
            state |= fromClient ? State.CLIENT_FIN : State.SERVER_FIN;
            table.state(at, state);
            if ((state & State.CLIENT_FIN) == 0 || (state & State.SERVER_FIN) == 0) {
                return;
            }
        }
        long key1 = table.key1(at);
        long key2 = table.key2(at);
        int initialSequence = (int) (table.times(at) >>> 32);
        table.remove(at);
        Told told = State.live(state)
                ? endings.close(
                        pools.at(State.index(state)),
                        State.stage(state),
                        reset ? Endings.Reason.RESET : Endings.Reason.OVER)
                : State.told(state);
        recentlyClosed.add(key1, key2, initialSequence, told);
    }

    /** Nothing more is expected of the connection at this place. */
    void remove(int at) {
        long state = table.state(at);
        table.remove(at);
        if (State.live(state)) {
            endings.close(pools.at(State.index(state)), State.stage(state), Endings.Reason.OVER);
        }
    }

    /** An attempt without an answer has failed; it stays in the table, as its SYN may come again. A half hello has to do. */
    void giveUp(int at) {
        long state = table.state(at);
        Connection connection = pools.at(State.index(state));
        if (Introduction.halfRead(connection)) {
            settle(at, state, connection, introduction.finish(connection, endings.last()));
        } else if (!answered(state)) {
            endings.failed(connection);
            pass(at, state, connection, State.SEARCHING | State.FAILED);
        }
    }

    /** Whether anything but a SYN was seen of a live connection. */
    boolean answered(long state) {
        Connection connection = pools.at(State.index(state));
        return connection.answered || !Introduction.silent(connection);
    }
}
