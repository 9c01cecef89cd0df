// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.Cadence;
import egret.capture.count.SourceCounts;
import egret.capture.count.SourceCounts.Row;
import egret.capture.count.Vantage;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one source at one watched endpoint. Seconds come in ascending order; the present one is kept open
 * until the next begins, as several rows and agents may add to it.
 */
final class SourceState {
    private static final int MOST_EGRESS = 16;
    private static final int MOST_PACKETS = 8;
    private static final int MOST_PENDING = 8192; // arrivals of one second
    private static final int LEAST_FOR_CADENCE = 8;
    private static final int CADENCE_SECONDS = 60;

    final IpAddress ip;
    final Requests requests = new Requests();
    final Streams streams = new Streams();
    final Rates rates = new Rates();
    final Timeline timeline;
    final OnsetDetector onset;
    final Distribution perSecond;
    final Distribution gapMillis;
    final Distribution handshakeMicros;
    final List<IpAddress> egress = new ArrayList<>(1);
    /** Null as long as nobody could know them. */
    @Nullable
    Owners owners;

    long connections;
    long failed;
    long pulls;
    long bytesUp;
    long bytesDown;
    long firstNanos = Long.MAX_VALUE;
    long lastNanos = Long.MIN_VALUE;
    /** Of the last hours; null as long as there was none. */
    @Nullable
    Pulls recentPulls;

    long[] packets = new long[0];
    /** What an answer tells of it besides sums and rates, null when that has changed since. */
    @Nullable
    Details details;

    private final Arrivals connectionTimes;
    private final Arrivals pullTimes;
    private long openSecond = Long.MIN_VALUE;
    private long openRequests;
    private long openNanos;
    private int[] openArrivals = new int[0]; // ms from the start of the open second
    private int openSize;
    private long lastArrival = Long.MIN_VALUE;
    private long lastClosed = Long.MIN_VALUE;
    private @Nullable Cadence cadence;
    private long cadenceAt = Long.MIN_VALUE;
    private long cadenceOf; // connections

    SourceState(IpAddress ip, long begin, Budget histograms, Budget times, Budget points) {
        this.ip = ip;
        timeline = new Timeline(points);
        onset = new OnsetDetector(begin);
        perSecond = new Distribution(histograms);
        gapMillis = new Distribution(histograms);
        handshakeMicros = new Distribution(histograms);
        connectionTimes = new Arrivals(times);
        pullTimes = new Arrivals(times);
    }

    /** What does not depend on order. Returns whether there was room for the row's server name and client. */
    boolean addTotals(SourceCounts counts, Row row, @Nullable IpAddress seenAs) {
        details = null;
        connections += row.connections();
        failed += row.failed();
        requests.add(row.requests());
        pulls += row.pulls();
        bytesUp += row.bytesUp();
        bytesDown += row.bytesDown();
        firstNanos = Math.min(firstNanos, row.firstNanos());
        lastNanos = Math.max(lastNanos, row.lastNanos());
        for (int micros : row.handshakeMicros()) {
            handshakeMicros.add(micros);
        }
        if (packets.length < MOST_PACKETS && row.packets().length > 0) {
            addPackets(row.packets());
        }
        if (seenAs != null && egress.size() < MOST_EGRESS && !contains(seenAs)) {
            egress.add(seenAs);
        }
        if (row.owner().id() != 0 || counts.vantage() != Vantage.FILE) {
            if (owners == null) {
                owners = new Owners();
            }
            owners.add(counts, row);
        }
        return streams.add(row);
    }

    /** The part of a row's requests that belongs to one second. */
    void addSecond(long second, long count, long nanos) {
        if (second > openSecond) {
            close();
            openSecond = second;
            openRequests = 0;
            openNanos = nanos;
        }
        openRequests += count;
        openNanos = Math.min(openNanos, nanos);
        rates.add(second, count);
        timeline.add(second, count);
    }

    /** Arrivals of an interval that begins with the open second. */
    void addArrivals(long startSecond, Row row) {
        int offset = (int) Math.max(-60_000, Math.min(60_000, (startSecond - openSecond) * 1000));
        int more = Math.min(row.arrivalMillis().length, MOST_PENDING - openSize);
        if (openSize + more > openArrivals.length) {
            openArrivals = Arrays.copyOf(openArrivals, Math.max(4, Math.max(openSize + more, openSize * 2)));
        }
        for (int i = 0; i < more; i++) {
            openArrivals[openSize++] = row.arrivalMillis()[i] + offset;
        }
        for (int millis : row.pullMillis()) {
            pullTimes.add(startSecond * 1000 + millis);
        }
    }

    /** Takes the open second as complete. */
    void close() {
        if (openSecond == Long.MIN_VALUE) {
            return;
        }
        details = null;
        if (lastClosed != Long.MIN_VALUE) {
            perSecond.addZeros(openSecond - lastClosed - 1);
        }
        perSecond.add((int) Math.min(Integer.MAX_VALUE, openRequests));
        onset.add(openSecond, openRequests, openNanos);
        Arrays.sort(openArrivals, 0, openSize);
        for (int i = 0; i < openSize; i++) {
            long millis = openSecond * 1000 + openArrivals[i];
            connectionTimes.add(millis);
            if (lastArrival != Long.MIN_VALUE && millis >= lastArrival) {
                gapMillis.add((int) Math.min(Integer.MAX_VALUE, millis - lastArrival));
            }
            lastArrival = Math.max(lastArrival, millis);
        }
        openSize = 0;
        lastClosed = openSecond;
        openSecond = Long.MIN_VALUE;
    }

    /**
     * As of now, or of some time ago, as looking for a rhythm takes milliseconds, and rhythms last: it is looked for when
     * there are twice as many connections, and each minute in which there were any.
     */
    @Nullable
    Cadence cadence(long second, boolean last) {
        boolean later = connections > cadenceOf && Math.abs(second - cadenceAt) >= CADENCE_SECONDS;
        if (last || cadenceAt == Long.MIN_VALUE || later || connections >= 2 * cadenceOf) {
            cadence = cadence();
            cadenceAt = second;
            cadenceOf = Math.max(1, connections);
        }
        return cadence;
    }

    /** From the pulls where they were seen, as a pull is one try; else from the connections. */
    private @Nullable Cadence cadence() {
        boolean byPulls = pullTimes.size() >= LEAST_FOR_CADENCE && pulls * 8 >= connections;
        return CadenceSearch.in((byPulls ? pullTimes : connectionTimes).ascending());
    }

    private void addPackets(long[] more) {
        int size = packets.length;
        int added = Math.min(more.length, MOST_PACKETS - size);
        packets = Arrays.copyOf(packets, size + added);
        System.arraycopy(more, 0, packets, size, added);
    }

    private boolean contains(IpAddress address) {
        for (int i = 0; i < egress.size(); i++) {
            if (egress.get(i).compareTo(address) == 0) {
                return true;
            }
        }
        return false;
    }
}
