// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.flow.Connection;
import egret.capture.origin.Origin;
import egret.capture.origin.Owner;
import egret.rules.IpAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A row of the interval that is being counted; reused for the next one. */
final class OpenRow {
    private final IpAddress source;
    final RowKey key;
    private final String serverName;

    final PullDetector pulls = new PullDetector();

    /** Of this interval: it holds something to be rolled up. */
    boolean touched;

    /** Connections that may still add to it. */
    int followed;

    /** Second in which it was last rolled up. */
    long lastSecond;

    private @Nullable IpAddress egress;
    private long connections;
    private long failed;
    private long pullCount;
    private long bytesUp;
    private long bytesDown;
    private long count;
    private long low;
    private long high;
    private Basis basis = Basis.EXACT;
    private int[] arrivals = {};
    private int[] pullTimes = {};
    private int pullTimesCount;
    private int[] handshakes = {};
    private int handshakesCount;
    private long[] keys = {};
    private int arrivalsCount;
    private long[] packets = {};
    private int packetsCount;
    private long firstNanos = Long.MAX_VALUE;
    private long lastNanos = Long.MIN_VALUE;

    OpenRow(RowKey key, String serverName) {
        this.key = key;
        this.serverName = serverName;
        this.source = new IpAddress(key.sourceHigh, key.sourceLow);
    }

    void connection(Connection connection, Origin origin, long nowNanos) {
        connections++;
        if (arrivalsCount < SourceCounts.MAX_ARRIVALS) {
            if (arrivalsCount == arrivals.length) {
                arrivals = Arrays.copyOf(arrivals, more(arrivalsCount));
                keys = Arrays.copyOf(keys, more(arrivalsCount));
            }
            arrivals[arrivalsCount] = millis(nowNanos);
            keys[arrivalsCount++] = connection.twinKey();
        }
        if (packetsCount < SourceCounts.MAX_PACKETS && connection.namedPacket() > 0) {
            if (packetsCount == packets.length) {
                packets = Arrays.copyOf(packets, more(packetsCount));
            }
            packets[packetsCount++] = ((long) connection.namedFile() << 48) | connection.namedPacket();
        }
        egress(connection, origin);
        seen(connection.openedNanos(), nowNanos);
    }

    /** Most rows are of sources that do next to nothing. */
    private static int more(int count) {
        return Math.max(4, count * 2);
    }

    void failed(Connection connection, Origin origin, long nowNanos) {
        failed++;
        egress(connection, origin);
        seen(connection.openedNanos(), nowNanos);
    }

    void pull(long nowNanos) {
        pullCount++;
        if (pullTimesCount < SourceCounts.MAX_ARRIVALS) {
            if (pullTimesCount == pullTimes.length) {
                pullTimes = Arrays.copyOf(pullTimes, more(pullTimesCount));
            }
            pullTimes[pullTimesCount++] = millis(nowNanos);
        }
    }

    void handshake(long nanos) {
        if (handshakesCount < SourceCounts.MAX_ARRIVALS) {
            if (handshakesCount == handshakes.length) {
                handshakes = Arrays.copyOf(handshakes, more(handshakesCount));
            }
            handshakes[handshakesCount++] = (int) Math.max(0, Math.min(nanos / 1000, Integer.MAX_VALUE));
        }
    }

    /** Changes of a connection's estimate; they may also go down. */
    void requests(long more, long moreLow, long moreHigh, Basis how, long nowNanos) {
        count += more;
        low += moreLow;
        high += moreHigh;
        basis = basis.weaker(how);
        seen(nowNanos, nowNanos);
    }

    void bytes(long up, long down) {
        bytesUp += up;
        bytesDown += down;
    }

    /** Where its connections are seen to come from, as far as is known. */
    void egress(Connection connection) {
        if (connection.egressKnown()) {
            egress(connection.egressHigh(), connection.egressLow());
        }
    }

    /** One whose source was translated back was seen behind the NAT. */
    private void egress(Connection connection, Origin origin) {
        boolean copyIsInside = connection.egressHigh() == source.high() && connection.egressLow() == source.low();
        if (origin.translated && (!connection.egressKnown() || copyIsInside)) {
            egress(connection.clientHigh(), connection.clientLow());
        } else {
            egress(connection);
        }
    }

    private void egress(long high, long low) {
        if (high == source.high() && low == source.low()) {
            return; // Packets of two interfaces come in no order: this copy is the one before translation.
        }
        IpAddress known = egress;
        if (known == null || known.high() != high || known.low() != low) {
            egress = new IpAddress(high, low);
        }
    }

    private void seen(long fromNanos, long toNanos) {
        firstNanos = Math.min(firstNanos, fromNanos);
        lastNanos = Math.max(lastNanos, toNanos);
    }

    private static int millis(long nanos) {
        return (int) (Math.floorMod(nanos, 1_000_000_000L) / 1_000_000);
    }

    long connections() {
        return connections;
    }

    /** Part of an estimate that went down waits for the next interval. */
    boolean carries() {
        return count != 0 || low != 0 || high != 0;
    }

    /**
     * The interval's row. Estimates that went below 0 are carried over to the next.
     *
     * @param startNanos of the interval, which is the row's time when nothing in it had one
     */
    SourceCounts.Row rollUp(long startNanos, Owner owner) {
        touched = false;
        long emitted = Math.max(0, count);
        long emittedLow = Math.max(0, Math.min(low, emitted));
        long emittedHigh = Math.max(high, emitted);
        SourceCounts.Row row = new SourceCounts.Row(
                source,
                egress,
                key.endpoint,
                serverName,
                key.fingerprint.ja4,
                key.fingerprint.traits,
                owner,
                connections,
                failed,
                new RequestCount(emitted, emittedLow, emittedHigh, basis),
                pullCount,
                bytesUp,
                bytesDown,
                Arrays.copyOf(arrivals, arrivalsCount),
                Arrays.copyOf(pullTimes, pullTimesCount),
                Arrays.copyOf(handshakes, handshakesCount),
                Arrays.copyOf(keys, arrivalsCount),
                Arrays.copyOf(packets, packetsCount),
                firstNanos == Long.MAX_VALUE ? startNanos : firstNanos,
                lastNanos == Long.MIN_VALUE ? startNanos : lastNanos);
        count -= emitted;
        low -= emittedLow;
        high -= emittedHigh;
        basis = Basis.EXACT;
        connections = 0;
        failed = 0;
        pullCount = 0;
        bytesUp = 0;
        bytesDown = 0;
        arrivalsCount = 0;
        pullTimesCount = 0;
        handshakesCount = 0;
        packetsCount = 0;
        firstNanos = Long.MAX_VALUE;
        lastNanos = Long.MIN_VALUE;
        return row;
    }
}
