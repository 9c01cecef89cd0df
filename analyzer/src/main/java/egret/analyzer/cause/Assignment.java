// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.analyzer.answer.Answer.Source;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which log belongs to which client of which source, at one endpoint. */
final class Assignment {
    private static final double LEAST_GAIN = 14;
    private static final double ONLY_ONE = 0.7; // that a log belongs to the only daemon seen, if the times do not tell
    private static final double MOST_SURE = 0.99;

    private final Map<Stream, List<Journal>> logs = new LinkedHashMap<>();
    private final Map<Stream, Double> sure = new LinkedHashMap<>();
    private final Set<Stream> followed = new HashSet<>();
    private final List<Stream> streams;
    private final Span span;

    /** A log, and how well each client goes with it. */
    private static final class Fit {
        final Journal journal;
        final double[] gains;
        int client; // the one that it was given to

        Fit(Journal journal, double[] gains) {
            this.journal = journal;
            this.gains = gains;
        }

        double gain() {
            return gains[client];
        }

        /** At least one half: where another client would suit the log better, it was given to another log for good. */
        double confidence() {
            double next = 0;
            for (int i = 0; i < gains.length; i++) {
                next = i == client ? next : Math.max(next, gains[i]);
            }
            return Math.min(MOST_SURE, 1 - 0.5 * Math.exp(Math.min(0, next - gain()) / 10));
        }

        /** A daemon writes one log of its tasks: another of the same time is another daemon's. */
        boolean excludes(Fit other, int itsClient) {
            return itsClient == client
                    && journal.given == null
                    && journal.isOfTasks()
                    && other.journal.isOfTasks()
                    && journal.isBeside(other.journal);
        }
    }

    Assignment(Collection<Journal> journals, List<Stream> streams, Span span) {
        this.streams = streams;
        this.span = span;
        List<Fit> left = new ArrayList<>();
        for (Journal journal : journals) {
            left.add(new Fit(journal, gains(journal)));
        }
        List<Fit> chosen = new ArrayList<>();
        for (Fit best = best(left, chosen); best != null; best = best(left, chosen)) {
            left.remove(best);
            chosen.add(best);
        }
        exchange(chosen);
        for (Fit fit : chosen) {
            Stream stream = streams.get(fit.client);
            followed.add(stream);
            put(fit.journal, stream, fit.confidence());
        }
        for (Fit fit : left) {
            Stream only = only(fit.journal);
            if (only != null) {
                put(fit.journal, only, ONLY_ONE);
            }
        }
    }

    private double[] gains(Journal journal) {
        double[] gains = new double[streams.size()];
        for (int i = 0; i < gains.length; i++) {
            IpAddress told = journal.given;
            boolean may = told == null || told.equals(streams.get(i).source);
            gains[i] = may ? Judgement.gain(streams.get(i), journal.services(), span) : 0;
        }
        return gains;
    }

    /** Of the logs that are left the one that goes best with a client, which it is given; null if none goes well. */
    private static @Nullable Fit best(List<Fit> left, List<Fit> chosen) {
        double most = LEAST_GAIN;
        Fit best = null;
        for (Fit fit : left) {
            for (int i = 0; i < fit.gains.length; i++) {
                if (fit.gains[i] > most && !isTaken(fit, i, chosen)) {
                    most = fit.gains[i];
                    fit.client = i;
                    best = fit;
                }
            }
        }
        return best;
    }

    private static boolean isTaken(Fit fit, int client, List<Fit> chosen) {
        for (Fit each : chosen) {
            if (each.excludes(fit, client)) {
                return true;
            }
        }
        return false;
    }

    /** Two that go together better the other way round, as the nodes of a swarm do nearly the same. */
    private static void exchange(List<Fit> chosen) {
        for (int i = 0; i < chosen.size(); i++) {
            for (int j = 0; j < i; j++) {
                Fit one = chosen.get(i);
                Fit other = chosen.get(j);
                double its = one.gains[other.client];
                double others = other.gains[one.client];
                if (Math.min(its, others) > LEAST_GAIN && its + others > one.gain() + other.gain()) {
                    int client = one.client;
                    one.client = other.client;
                    other.client = client;
                }
            }
        }
    }

    private void put(Journal journal, Stream stream, double confidence) {
        List<Journal> of = logs.get(stream);
        if (of == null) {
            of = new ArrayList<>();
            logs.put(stream, of);
        }
        of.add(journal);
        double given = journal.given == null ? confidence : 1;
        Double before = sure.get(stream);
        sure.put(stream, before == null ? given : Math.min(before, given));
    }

    /** The only client that looks like the daemon that writes such logs. */
    private @Nullable Stream only(Journal journal) {
        Stream only = null;
        for (int i = 0; i < streams.size(); i++) {
            Stream stream = streams.get(i);
            IpAddress told = journal.given;
            boolean its = told != null ? told.equals(stream.source) : stream.isDocker();
            if (its) {
                if (only != null && told == null) {
                    return null;
                }
                only = only == null ? stream : only;
            }
        }
        return only;
    }

    /** Takes out those that are somebody's. */
    void claim(Set<Journal> nobodys) {
        for (List<Journal> somebodys : logs.values()) {
            nobodys.removeAll(somebodys);
        }
    }

    @Nullable
    HostCause cause(Source source) {
        for (Map.Entry<Stream, List<Journal>> entry : logs.entrySet()) {
            Stream stream = entry.getKey();
            if (stream.source.equals(source.ip())) {
                Double confidence = sure.get(stream);
                return CauseBuilder.of(
                        stream,
                        entry.getValue(),
                        source,
                        span,
                        confidence == null ? 0 : confidence,
                        followed.contains(stream));
            }
        }
        return null;
    }
}
