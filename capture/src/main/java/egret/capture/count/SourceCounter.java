// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.decode.PacketTotals;
import egret.capture.flow.Connection;
import egret.capture.flow.ConnectionListener;
import egret.capture.flow.NameTable;
import egret.capture.origin.Origin;
import egret.capture.origin.Origins;
import egret.capture.origin.Owner;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.ServerHello;
import egret.rules.Clients;
import egret.rules.Endpoint;
import egret.rules.InsideNetworks;
import egret.rules.Match;
import egret.rules.Rules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts, by source and watched endpoint, what the connections do, and hands the counts on once a second of packet time:
 * {@link #tick} is where the hot path ends. One thread.
 *
 * <p>A connection is counted for the source and the owner that {@link Origins} knows at that time. Nothing is moved when
 * more becomes known later: a connection without an owner stays without one, and is counted as such.
 *
 * <p>At most {@link Rows#MOST} combinations of source, server name, client and owner are told apart; those that are not
 * used for some minutes are given up. Connections beyond are counted with what is not watched, and as shed.
 */
public final class SourceCounter implements ConnectionListener {
    private static final long SECOND = 1_000_000_000L;

    /** What is not watched is read out this often: it needs no windows. */
    private static final int OTHERS_SECONDS = 60;

    private final Agent agent;
    private final WatchedNames watched;
    private final InsideNetworks inside;
    private final NameTable names;
    private final PacketTotals totals;
    private final CountSink sink;
    private final Fingerprints fingerprints;
    private final Rows rows = new Rows();
    private final ArrayList<OpenRow> touched = new ArrayList<>();
    private final Origins origins;
    private final Origin origin = new Origin();
    private final OtherCounter others = new OtherCounter();
    private final ArrayDeque<FollowedConnection> pool = new ArrayDeque<>();
    private final GapCounter gaps;
    private WatchedServers servers = WatchedServers.NONE;
    private EvidenceFeed evidence = EvidenceFeed.NONE;
    private long sequence;
    private boolean begun;
    private long second;
    private long othersSecond;

    /** Who counts and where; {@code boot} changes when it starts anew. */
    public record Agent(String id, String boot, Vantage vantage) {}

    /** @param origins {@link Origins#NONE} for captures from files */
    public SourceCounter(
            Agent agent,
            Rules rules,
            Clients clients,
            InsideNetworks inside,
            NameTable names,
            PacketTotals totals,
            Origins origins,
            CountSink sink) {
        this.agent = agent;
        this.watched = new WatchedNames(rules, names);
        this.inside = inside;
        this.names = names;
        this.totals = totals;
        this.origins = origins;
        this.gaps = new GapCounter(totals);
        this.sink = sink;
        this.fingerprints = new Fingerprints(clients);
    }

    /** From now on what daemons say goes with the counts. */
    public void evidence(EvidenceFeed feed) {
        evidence = feed;
    }

    /** From now on it hears of the addresses of watched servers. */
    public void tell(WatchedServers listener) {
        servers = listener;
    }

    /** A second that is over is handed on. */
    @Override
    public void tick(long timestampNanos) {
        long now = Math.floorDiv(timestampNanos, SECOND);
        if (!begun) {
            begun = true;
            othersSecond = now;
        } else {
            boolean readOthers = Math.abs(now - othersSecond) >= OTHERS_SECONDS;
            if (!touched.isEmpty() || readOthers || evidence.waits()) {
                rollUp(readOthers);
            }
        }
        second = now;
        rows.sweep(now);
    }

    @Override
    public void finish() {
        rollUp(true);
    }

    private void rollUp(boolean readOthers) {
        List<SourceCounts.Row> out = new ArrayList<>(touched.size());
        for (int i = 0; i < touched.size(); i++) {
            OpenRow row = touched.get(i);
            Owner owner = origins.owner(row.key.owner);
            if (origins != Origins.NONE) {
                gaps.owned(owner, row.connections());
            }
            row.lastSecond = second;
            out.add(row.rollUp(second * SECOND, owner));
        }
        touched.clear();
        List<SourceCounts.Other> rest = List.of();
        if (readOthers) {
            rest = others.rollUp(names);
            othersSecond = second;
        }
        totals.shed("names", names.shed());
        totals.shed("rows", rows.shed());
        totals.shed("other-sources", others.shed());
        totals.shed("fingerprints", fingerprints.shed());
        sink.counts(evidence.into(new SourceCounts(
                agent.id(), agent.boot(), sequence++, second, 1, agent.vantage(), out, rest, gaps.rollUp())));
    }

    @Override
    public void opened(Connection connection) {
        gaps.opened(connection);
        origins.opened(connection);
    }

    @Override
    public void begun(Connection connection) {
        gaps.begun();
    }

    @Override
    public boolean named(Connection connection, @Nullable ClientHello hello) {
        gaps.named(connection, hello != null && hello.ech());
        origins.find(connection, origin);
        Match match = watched.match(connection);
        if (match == null) {
            other(connection);
            return false;
        }
        Fingerprint fingerprint = hello == null || connection.helloCut()
                ? Fingerprint.UNKNOWN
                : fingerprints.of(hello, connection.quic(), names.name(connection.name()), connection.namedNanos());
        OpenRow row = row(connection, match.endpoint(), fingerprint, false);
        if (row == null) {
            other(connection);
            return false;
        }
        servers.seen(connection.serverHigh(), connection.serverLow());
        row.connection(connection, origin, inSecond(connection.namedNanos()));
        if (connection.unnamedBefore() && egress()) {
            others.correct(origin.sourceHigh, origin.sourceLow, 0, true);
        }
        FollowedConnection followed = pool.poll();
        if (followed == null) {
            followed = new FollowedConnection();
        }
        followed.reset(row);
        followed.role = match.role();
        followed.onePerConnection = fingerprint.onePerConnection;
        RequestFeed.begin(followed.estimator, connection, hello, fingerprint.onePerConnection);
        connection.attachment = followed;
        settle(followed, connection.namedNanos());
        return true;
    }

    /**
     * A connection that only DNS names counts for the endpoint of that name all the same. One in mid-stream does not: it
     * was begun, and counted, before.
     */
    @Override
    public boolean unnamed(Connection connection) {
        gaps.unnamed(connection);
        origins.find(connection, origin);
        Match match = watched.match(connection);
        if (match == null) {
            other(connection);
            return false;
        }
        if (connection.midStream()) {
            return false;
        }
        OpenRow row = row(connection, match.endpoint(), Fingerprint.UNKNOWN, false);
        if (row == null) {
            other(connection);
            return false;
        }
        row.connection(connection, origin, inSecond(connection.openedNanos()));
        return true;
    }

    @Override
    public void failed(Connection connection) {
        gaps.failed();
        origins.find(connection, origin);
        Match match = watched.match(connection);
        OpenRow row = match == null ? null : row(connection, match.endpoint(), Fingerprint.UNKNOWN, true);
        if (row != null) {
            row.failed(connection, origin, connection.openedNanos());
        } else if (egress()) {
            others.failed(origin.sourceHigh, origin.sourceLow);
        }
    }

    @Override
    public void copied(Connection copy, @Nullable Connection first, @Nullable ClientHello hello) {
        gaps.copied(copy, hello != null);
        FollowedConnection followed = first == null ? null : FollowedConnection.of(first);
        if (first != null && followed != null && followed.row != null) {
            followed.row.egress(first);
            touch(followed.row);
        }
    }

    @Override
    public void serverHello(Connection connection, ServerHello hello) {
        FollowedConnection followed = FollowedConnection.of(connection);
        if (followed == null) {
            return;
        }
        RequestFeed.serverHello(followed.estimator, hello);
        if (!followed.answered && connection.answeredNanos() != Connection.NEVER && followed.row != null) {
            followed.answered = true;
            touch(followed.row);
            followed.row.handshake(connection.answeredNanos() - connection.namedNanos());
        }
    }

    @Override
    public void record(Connection connection, boolean fromClient, int contentType, int length, long timestampNanos) {
        FollowedConnection followed = FollowedConnection.of(connection);
        if (followed != null) {
            followed.estimator.record(fromClient, contentType, length, timestampNanos);
            settle(followed, timestampNanos);
        }
    }

    @Override
    public void segment(Connection connection, boolean fromClient, int newBytes, long timestampNanos) {
        FollowedConnection followed = FollowedConnection.of(connection);
        if (followed != null) {
            followed.estimator.segment(fromClient, newBytes, timestampNanos);
            settle(followed, timestampNanos);
        }
    }

    @Override
    public void gap(Connection connection, boolean fromClient) {
        FollowedConnection followed = FollowedConnection.of(connection);
        if (followed != null) {
            followed.estimator.gap(fromClient);
        }
    }

    @Override
    public void clearRequest(Connection connection, long timestampNanos) {
        FollowedConnection followed = FollowedConnection.of(connection);
        if (followed != null) {
            followed.estimator.clearRequest();
            settle(followed, timestampNanos);
        }
    }

    @Override
    public void closed(Connection connection) {
        FollowedConnection followed = FollowedConnection.of(connection);
        if (followed == null) {
            return;
        }
        followed.estimator.end();
        settle(followed, inSecond(connection.namedNanos()));
        OpenRow row = followed.row;
        if (row != null && connection.bytesUp() + connection.bytesDown() > 0) {
            touch(row);
            row.bytes(connection.bytesUp(), connection.bytesDown());
        }
        followed.release();
        connection.attachment = null;
        pool.push(followed);
    }

    @Override
    public void dnsAddress(int name, long high, long low) {
        if (watched.byName(name) != null) {
            servers.seen(high, low);
        }
    }

    private void settle(FollowedConnection followed, long timestampNanos) {
        if (followed.settle(inSecond(timestampNanos)) && followed.row != null) {
            touch(followed.row);
        }
    }

    /** The time, or the nearest within the second that is being counted. */
    private long inSecond(long nanos) {
        return Math.max(second * SECOND, Math.min(nanos, second * SECOND + SECOND - 1));
    }

    /** A connection from outside to outside or from outside to us is no egress of ours, and nobody's surprise. */
    private boolean egress() {
        return inside.contains(origin.sourceHigh, origin.sourceLow);
    }

    private void other(Connection connection) {
        if (!egress()) {
            return;
        }
        if (connection.unnamedBefore()) {
            others.correct(origin.sourceHigh, origin.sourceLow, connection.name(), false);
        } else {
            others.connection(origin.sourceHigh, origin.sourceLow, connection.name());
        }
    }

    private @Nullable OpenRow row(Connection connection, Endpoint endpoint, Fingerprint fingerprint, boolean failed) {
        OpenRow row = rows.row(origin, connection.name(), names, endpoint.name(), fingerprint, failed);
        if (row == null) {
            return null;
        }
        touch(row);
        return row;
    }

    private void touch(OpenRow row) {
        if (!row.touched) {
            row.touched = true;
            touched.add(row);
        }
    }
}
