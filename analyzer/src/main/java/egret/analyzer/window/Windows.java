// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.OtherSource;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.PullLimit;
import egret.analyzer.window.EndpointState.EgressState;
import egret.capture.count.SourceCounts;
import egret.capture.count.SourceCounts.Row;
import egret.rules.Clients;
import egret.rules.Endpoint;
import egret.rules.IpAddress;
import egret.rules.Limit;
import egret.rules.Measure;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counts of every source at every watched endpoint, from the first interval on. Intervals come in ascending order;
 * late ones count in totals only. Owned by one thread.
 *
 * <p>Bounds: {@value #MOST_SOURCES} pairs of source and endpoint, about 2 kB each when quiet and 20 kB when busy all the
 * time; the sources past that are one, "others". {@value #MOST_HISTOGRAMS} HdrHistograms, 16 MB of arrival times and 16
 * MB of timelines, first come first served.
 */
public final class Windows {
    static final int MOST_SOURCES = 131_072;
    static final int MOST_ENDPOINTS = 256;
    static final int MOST_HISTOGRAMS = 8192;
    private static final long ROOM = 2 << 20; // longs
    private static final int PULL_SECONDS = 21_600; // where no limit says

    private final Rules rules;
    private final boolean live;
    private final int mostSources;
    private final Map<String, EndpointState> byName = new HashMap<>();
    private final List<EndpointState> endpoints = new ArrayList<>();
    private final Others others = new Others();
    private final EgressAddresses egress;
    private final Budget histograms = new Budget(MOST_HISTOGRAMS);
    private final Budget times = new Budget(ROOM);
    private final Budget points = new Budget(ROOM);
    private int sources;
    private boolean finished;
    private long begin = Long.MIN_VALUE;
    private long end = Long.MIN_VALUE;
    private long firstNanos = Long.MAX_VALUE;
    private long lastNanos = Long.MIN_VALUE;
    private long shedRows;
    private long shedEndpointRows;
    private long shedStreams;

    /** @param live whoever asks wants to see the last minutes as well */
    public Windows(Rules rules, EgressAddresses egress, boolean live) {
        this(rules, egress, live, MOST_SOURCES);
    }

    Windows(Rules rules, EgressAddresses egress, boolean live, int mostSources) {
        this.rules = rules;
        this.egress = egress;
        this.live = live;
        this.mostSources = mostSources;
    }

    public void add(SourceCounts counts, boolean late) {
        if (begin == Long.MIN_VALUE) {
            begin = counts.startSecond();
        }
        end = Math.max(end, counts.startSecond() + Math.max(1, counts.seconds()));
        List<Row> rows = counts.rows();
        for (int i = 0; i < rows.size(); i++) {
            add(counts, rows.get(i), late);
        }
        others.add(counts.others());
    }

    private void add(SourceCounts counts, Row row, boolean late) {
        EndpointState endpoint = endpoint(row.endpoint());
        if (endpoint == null) {
            shedEndpointRows++;
            return;
        }
        SourceState source = source(endpoint, row);
        IpAddress seenAs = egress.of(row.endpoint(), Measure.REQUESTS, row.source(), row.egress());
        EgressState behind = endpoint.egress(seenAs);
        firstNanos = Math.min(firstNanos, row.firstNanos());
        lastNanos = Math.max(lastNanos, row.lastNanos());
        endpoint.connections += row.connections();
        endpoint.failed += row.failed();
        endpoint.pulls += row.pulls();
        endpoint.requests.add(row.requests());
        endpoint.name(row.serverName(), row.connections());
        behind.connections += row.connections();
        behind.requests.add(row.requests());
        if (!source.addTotals(counts, row, seenAs)) {
            shedStreams++;
        }
        if (!late && (row.requests().count() > 0 || row.connections() > 0)) {
            spread(counts, row, endpoint, source, behind);
            pulled(counts, row, endpoint, source);
        }
    }

    /** Pulls have a limit of their own, which may go by other prefixes. */
    private void pulled(SourceCounts counts, Row row, EndpointState endpoint, SourceState source) {
        if (row.pulls() > 0) {
            IpAddress seenAs = egress.of(row.endpoint(), Measure.PULLS, row.source(), row.egress());
            endpoint.pulled(source, seenAs, counts.startSecond(), row.pulls());
        }
    }

    /** An interval of several seconds is taken as even. */
    private static void spread(
            SourceCounts counts, Row row, EndpointState endpoint, SourceState source, EgressState behind) {
        int seconds = Math.max(1, counts.seconds());
        long requests = row.requests().count();
        long given = 0;
        for (int i = 0; i < seconds; i++) {
            long second = counts.startSecond() + i;
            long share = requests * (i + 1) / seconds - given;
            given += share;
            if (share == 0 && i > 0) {
                continue;
            }
            source.addSecond(second, share, firstWithin(row, counts.startSecond(), second));
            behind.rates.add(second, share);
            endpoint.rates.add(second, share);
            endpoint.timeline.add(second, share);
            if (i == 0) {
                source.addArrivals(second, row);
            }
        }
    }

    /** Time of the first request of a second, as near as it is known. */
    private static long firstWithin(Row row, long startSecond, long second) {
        long from = second * Span.SECOND;
        long to = from + Span.SECOND;
        long nanos = row.firstNanos();
        if (nanos >= from && nanos < to) {
            return nanos;
        }
        if (row.arrivalMillis().length > 0) {
            nanos = startSecond * Span.SECOND + row.arrivalMillis()[0] * 1_000_000L;
        }
        return Math.max(from, Math.min(nanos, to - 1));
    }

    private int pullSeconds(String endpoint) {
        Endpoint watched = rules.endpoint(endpoint);
        Limit limit = watched == null ? null : watched.pull();
        return limit == null ? PULL_SECONDS : limit.windowSeconds();
    }

    private @Nullable EndpointState endpoint(String name) {
        EndpointState state = byName.get(name);
        if (state == null && endpoints.size() < MOST_ENDPOINTS) {
            state = new EndpointState(name, pullSeconds(name), points);
            byName.put(name, state);
            endpoints.add(state);
        }
        return state;
    }

    /** Whoever only fails to connect may take half of the room: a flood of spoofed SYNs leaves the rest. */
    private SourceState source(EndpointState endpoint, Row row) {
        IpAddress ip = row.source();
        SourceState state = endpoint.sources.get(ip);
        if (state != null) {
            return state;
        }
        if (sources < (row.connections() == 0 && row.requests().count() == 0 ? mostSources / 2 : mostSources)) {
            sources++;
            state = new SourceState(ip, begin, histograms, times, points);
            endpoint.sources.add(ip, state);
            endpoint.ranked.add(state);
            return state;
        }
        shedRows++;
        state = endpoint.overflow;
        if (state == null) {
            state = new SourceState(Snapshot.OTHERS, begin, histograms, times, points);
            endpoint.overflow = state;
        }
        return state;
    }

    /** Takes the last second as complete: at the end of the feed, once. */
    public void finish() {
        finished = true;
        for (int i = 0; i < endpoints.size(); i++) {
            EndpointState endpoint = endpoints.get(i);
            for (int j = 0; j < endpoint.sources.size(); j++) {
                endpoint.sources.value(j).close();
            }
            if (endpoint.overflow != null) {
                endpoint.overflow.close();
            }
        }
    }

    /**
     * What is known now, busiest endpoint first.
     *
     * @param pullLimits what registries say themselves
     * @param firstNanos time of the first packet, of whatever kind; 0 if it is not known
     * @param lastNanos time of the last packet, likewise
     */
    public List<Watched> watched(Clients clients, List<PullLimit> pullLimits, long firstNanos, long lastNanos) {
        long from = firstNanos > 0 ? firstNanos : Math.min(this.firstNanos, begin * Span.SECOND);
        long to = lastNanos > 0 ? lastNanos : Math.max(this.lastNanos, (end - 1) * Span.SECOND);
        return new Snapshot(rules, clients, pullLimits, new Span(from, to), live, finished).watched(endpoints);
    }

    /** Most connections first. */
    public List<OtherSource> others() {
        return others.sources();
    }

    /** What was given up for want of room, by table; empty if nothing was. */
    public Map<String, Long> shed() {
        Map<String, Long> shed = new TreeMap<>();
        put(shed, "sources", shedRows);
        put(shed, "endpoints", shedEndpointRows);
        put(shed, "source-names-and-clients", shedStreams);
        put(shed, "owners", shedOwners());
        put(shed, "other-sources", others.shed());
        put(shed, "histograms", histograms.refused() > 0 ? 1 : 0);
        put(shed, "arrival-times", times.refused());
        put(shed, "timelines", points.refused());
        return shed;
    }

    private long shedOwners() {
        long shed = 0;
        for (int i = 0; i < endpoints.size(); i++) {
            AddressTable<SourceState> states = endpoints.get(i).sources;
            for (int j = 0; j < states.size(); j++) {
                Owners owners = states.value(j).owners;
                shed += owners == null ? 0 : owners.rest();
            }
        }
        return shed;
    }

    private static void put(Map<String, Long> shed, String table, long count) {
        if (count > 0) {
            shed.put(table, count);
        }
    }
}
