// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.capture.count.SourceCounts;
import egret.capture.count.SourceCounts.Row;
import egret.capture.evidence.Evidence;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins what logs say with what the wire shows: whose log it is, which of its services make the requests, and which do
 * not though they fail as well. Keeps pulls and evidence, each up to a bound; costs nothing until evidence comes but the
 * times of pulls. Owned by one thread.
 */
public final class Causes {
    static final int MOST_STREAMS = 256;
    static final int MOST_JOURNALS = 64;
    private static final int MOST_TIMES = 1 << 20; // 8 MB of pulls, and of attempts
    private static final int STALE_SECONDS = 5;
    private static final int LEAST_PULLS = 8;
    private static final int MOST_CANDIDATES = 16;

    private record Key(String endpoint, IpAddress source, String ja4, int versions) {}

    private final Map<Key, Stream> streams = new LinkedHashMap<>();
    private final Map<String, Journal> journals = new LinkedHashMap<>();
    private final Map<String, IpAddress> given = new LinkedHashMap<>();
    private final KnownServices names = new KnownServices();
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private @Nullable List<HostCause> latest;
    private long latestAt;
    private final Times.Room pulls = new Times.Room(MOST_TIMES);
    private final Times.Room attempts = new Times.Room(MOST_TIMES);
    private long shedStreams;
    private long shedJournals;
    private long unclaimed; // as of the latest

    public void counts(SourceCounts counts) {
        first = Math.min(first, counts.startSecond());
        last = Math.max(last, counts.startSecond() + Math.max(1, counts.seconds()));
        List<Row> rows = counts.rows();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (row.connections() == 0 && row.requests().count() == 0) {
                continue;
            }
            Key key = new Key(
                    row.endpoint(), row.source(), row.ja4(), row.clientTraits().supportedVersions());
            Stream stream = streams.get(key);
            if (stream == null) {
                if (row.pulls() == 0 && !Stream.isToken(row)) {
                    continue; // most sources never pull
                }
                if (streams.size() >= MOST_STREAMS && !makeRoom()) {
                    shedStreams++;
                    continue;
                }
                stream = new Stream(row, pulls);
                streams.put(key, stream);
            }
            stream.add(counts.startSecond(), row);
        }
    }

    /** Whoever has pulled nothing gives way. */
    private boolean makeRoom() {
        for (Map.Entry<Key, Stream> entry : streams.entrySet()) {
            if (entry.getValue().pullsBegun() == 0) {
                streams.remove(entry.getKey());
                return true;
            }
        }
        return false;
    }

    public void evidence(Evidence evidence) {
        if (evidence.kind() == Evidence.Kind.SERVICE) {
            names.add(evidence);
            for (Journal each : journals.values()) {
                each.named(evidence);
            }
            return;
        }
        boolean named = given.containsKey(evidence.source());
        String key = evidence.host().isEmpty() || named ? evidence.source() : evidence.host();
        Journal journal = journals.get(key);
        if (journal == null) {
            if (journals.size() >= MOST_JOURNALS) {
                shedJournals++;
                return;
            }
            journal = new Journal(key, evidence.source(), attempts, names);
            journals.put(key, journal);
        }
        journal.given = given.get(key);
        journal.add(evidence);
    }

    /** Says whose log it is, by its name or that of its host, before its evidence comes. */
    public void belongs(String log, IpAddress source) {
        given.put(log, source);
    }

    /**
     * Of all sources that logs tell of.
     *
     * @param firstNanos time of the first packet, 0 if it is not known
     * @param lastNanos time of the last packet, likewise
     * @param fresh not as of some seconds ago, which is what those get who ask every second
     */
    public List<HostCause> causes(List<Watched> watched, long firstNanos, long lastNanos, boolean fresh) {
        if (journals.isEmpty()) {
            return List.of();
        }
        List<HostCause> known = latest;
        if (fresh || known == null || Math.abs(last - latestAt) >= STALE_SECONDS) {
            known = causes(watched, firstNanos, lastNanos);
            latest = known;
            latestAt = last;
        }
        return known;
    }

    private List<HostCause> causes(List<Watched> watched, long firstNanos, long lastNanos) {
        List<HostCause> causes = new ArrayList<>();
        Set<Journal> nobodys = new HashSet<>(journals.values());
        Span span = new Span(
                firstNanos > 0 ? firstNanos / 1_000_000 : first * 1000,
                lastNanos > 0 ? lastNanos / 1_000_000 : last * 1000);
        for (int i = 0; i < watched.size(); i++) {
            Assignment assignment =
                    new Assignment(journals.values(), candidates(watched.get(i).endpoint()), span);
            assignment.claim(nobodys);
            List<Source> sources = watched.get(i).sources();
            for (int j = 0; j < sources.size(); j++) {
                HostCause cause = assignment.cause(sources.get(j));
                if (cause != null) {
                    causes.add(cause);
                }
            }
        }
        unclaimed = 0;
        for (Journal journal : nobodys) {
            unclaimed += journal.given == null ? journal.failures() : 0;
        }
        return causes;
    }

    /** Those with most pulls. */
    private List<Stream> candidates(String endpoint) {
        List<Stream> most = new ArrayList<>();
        for (Stream stream : streams.values()) {
            boolean told = isGiven(stream.source);
            if (!stream.endpoint.equals(endpoint) || stream.pullsBegun() < (told ? 1 : LEAST_PULLS)) {
                continue;
            }
            int at = most.size();
            while (at > 0 && stream.pullsBegun() > most.get(at - 1).pullsBegun()) {
                at--;
            }
            most.add(at, stream);
            if (most.size() > MOST_CANDIDATES) {
                most.remove(MOST_CANDIDATES);
            }
        }
        return most;
    }

    private boolean isGiven(IpAddress source) {
        for (Journal journal : journals.values()) {
            IpAddress told = journal.given;
            if (told != null && told.equals(source)) {
                return true;
            }
        }
        return false;
    }

    /** What was given up for want of room, by table, and failures of which it cannot be told whose they are. */
    public Map<String, Long> shed() {
        Map<String, Long> shed = new LinkedHashMap<>();
        if (unclaimed > 0) {
            shed.put("unclaimed-failures", unclaimed);
        }
        if (shedStreams > 0) {
            shed.put("pulls", shedStreams);
        }
        long services = shedJournals + names.shed();
        for (Journal journal : journals.values()) {
            services += journal.shed();
        }
        if (services > 0) {
            shed.put("log-services", services);
        }
        return shed;
    }
}
