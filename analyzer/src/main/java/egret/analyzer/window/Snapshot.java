// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.Egress;
import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.PacketReference;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.PullLimit;
import egret.analyzer.window.EndpointState.EgressState;
import egret.analyzer.window.Streams.Stream;
import egret.rules.Clients;
import egret.rules.Endpoint;
import egret.rules.IpAddress;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns states into the records of an answer. Changes nothing in them but what they keep for the next time. */
final class Snapshot {
    /** Stands for all sources past the bound. */
    static final IpAddress OTHERS = new IpAddress(0, 0);

    static final int IN_DETAIL = 20; // sources of an endpoint that get a cadence
    static final int WITH_TIMELINE = 100;
    private static final double LARGE = 0.1; // share of the peak, with which a source gets both wherever it stands
    private static final double NOTABLE = 0.01;

    private final Rules rules;
    private final Clients clients;
    private final List<PullLimit> pullLimits;
    private final Span span;
    private final boolean live;
    private final boolean last;

    /**
     * @param live the last minutes are told, too
     * @param last nothing comes any more: all is worked out anew
     */
    Snapshot(Rules rules, Clients clients, List<PullLimit> pullLimits, Span span, boolean live, boolean last) {
        this.live = live;
        this.last = last;
        this.rules = rules;
        this.clients = clients;
        this.pullLimits = pullLimits;
        this.span = span;
    }

    List<Watched> watched(List<EndpointState> endpoints) {
        List<Watched> watched = new ArrayList<>(endpoints.size());
        for (int i = 0; i < endpoints.size(); i++) {
            watched.add(watched(endpoints.get(i)));
        }
        watched.sort(new BusiestFirst());
        return List.copyOf(watched);
    }

    private Watched watched(EndpointState state) {
        state.ranked.sort(new MostRequestsFirst());
        int size = state.ranked.size();
        List<Source> sources = new ArrayList<>(size + 1);
        for (int i = 0; i < size; i++) {
            sources.add(source(state.ranked.get(i), state, i));
        }
        if (state.overflow != null) {
            sources.add(source(state.overflow, state, size));
        }
        List<Egress> egress = egress(state);
        return new Watched(
                state.name,
                state.connections,
                state.failed,
                state.requests.sum(),
                state.pulls,
                state.rates.peak(span),
                limit(state.name, egress),
                Ordered.mostFirst(state.serverNames()),
                List.copyOf(sources),
                List.of(state.timeline.along(state.timeline)),
                live ? state.rates.recent(span.lastSecond()) : List.of(),
                state.timeline.first(),
                state.timeline.step(),
                egress,
                state.rates.windows(span),
                Budgets.of(rules.endpoint(state.name), clients, state, span, live, pullLimits));
    }

    private @Nullable Limit limit(String name, List<Egress> egress) {
        Endpoint endpoint = rules.endpoint(name);
        if (endpoint == null || endpoint.abuse() == null) {
            return null;
        }
        long perMinute = endpoint.abuse().perMinute();
        long most = 0;
        for (int i = 0; i < egress.size(); i++) {
            most = Math.max(most, egress.get(i).peak().perMinute());
        }
        return new Limit(perMinute, (double) most / perMinute);
    }

    private List<Egress> egress(EndpointState state) {
        List<Egress> egress = new ArrayList<>(state.egress.size());
        for (int i = 0; i < state.egress.size(); i++) {
            EgressState one = state.egress.get(i);
            egress.add(new Egress(one.ip, one.connections, one.requests.sum(), one.rates.peak(span)));
        }
        egress.sort(new EgressMostFirst());
        return List.copyOf(egress);
    }

    private Source source(SourceState state, EndpointState endpoint, int rank) {
        Details details = state.details;
        if (details == null) {
            details = details(state);
            state.details = details;
        }
        double share = share(state, endpoint);
        double peakShare = span.isLong() ? peakShare(state, endpoint, share) : share;
        return new Source(
                state.ip,
                state.ip.compareTo(OTHERS) == 0 ? "others" : null,
                details.egress(),
                share,
                peakShare,
                state.connections,
                state.failed,
                details.requests(),
                state.pulls,
                state.bytesUp,
                state.bytesDown,
                state.rates.peak(span),
                state.firstNanos,
                state.lastNanos,
                state.onset.found() ? (Long) state.onset.nanos() : null,
                details.serverNames(),
                rank < IN_DETAIL || peakShare >= LARGE ? state.cadence(span.lastSecond(), last) : null,
                details.perSecond(),
                details.gapMicros(),
                details.handshakeMicros(),
                details.clients(),
                details.owners(),
                details.packets(),
                rank < WITH_TIMELINE || peakShare >= NOTABLE
                        ? List.of(state.timeline.along(endpoint.timeline))
                        : List.of(),
                recent(state, endpoint, rank),
                state.onset.found() && state.onset.atBegin(),
                state.rates.windows(span));
    }

    private List<Long> recent(SourceState state, EndpointState endpoint, int rank) {
        if (!live) {
            return List.of();
        }
        long now = span.lastSecond();
        boolean much = state.rates.now(now) > NOTABLE * endpoint.rates.now(now);
        return rank < WITH_TIMELINE || much ? state.rates.recent(now) : List.of();
    }

    private Details details(SourceState state) {
        Map<String, Long> names = new TreeMap<>();
        addNames(state, names);
        return new Details(
                List.copyOf(state.egress),
                state.requests.sum(),
                Ordered.mostFirst(names),
                state.perSecond.percentiles(1),
                state.gapMillis.percentiles(1000),
                state.handshakeMicros.percentiles(1),
                clients(state),
                state.owners == null ? List.of() : state.owners.counts(),
                packets(state.packets));
    }

    private static double share(SourceState state, EndpointState endpoint) {
        long all = endpoint.requests.count();
        return all > 0
                ? (double) state.requests.count() / all
                : endpoint.connections > 0 ? (double) state.connections / endpoint.connections : 0;
    }

    /** The share in the points of the timeline that the peak lies in; the share of all where that is not known. */
    private static double peakShare(SourceState state, EndpointState endpoint, double share) {
        long end = endpoint.rates.peakSecond();
        long from = endpoint.timeline.begin(end - 59);
        long to = endpoint.timeline.begin(end) + endpoint.timeline.step();
        long all = endpoint.timeline.sum(from, to);
        long part = state.timeline.sum(from, to);
        return all > 0 && part >= 0 ? Math.min(1, (double) part / all) : share;
    }

    private static void addNames(SourceState state, Map<String, Long> names) {
        List<Stream> streams = state.streams.all();
        for (int i = 0; i < streams.size(); i++) {
            Stream stream = streams.get(i);
            Long known = names.get(stream.serverName);
            names.put(stream.serverName, (known == null ? 0 : known) + stream.connections);
        }
    }

    /** By label and JA4, most connections first. */
    private List<Client> clients(SourceState state) {
        List<Client> found = new ArrayList<>();
        List<Stream> streams = state.streams.all();
        for (int i = 0; i < streams.size(); i++) {
            Stream stream = streams.get(i);
            String label = label(stream);
            int at = 0;
            while (at < found.size()
                    && !(found.get(at).label().equals(label)
                            && found.get(at).ja4().equals(stream.ja4))) {
                at++;
            }
            long known = at < found.size() ? found.get(at).connections() : 0;
            Client client = new Client(label, stream.ja4, known + stream.connections);
            if (at < found.size()) {
                found.set(at, client);
            } else {
                found.add(client);
            }
        }
        found.sort(new ClientMostFirst());
        return List.copyOf(found);
    }

    private String label(Stream stream) {
        if (stream.ja4.isEmpty()) {
            return "no whole ClientHello";
        }
        egret.rules.Client client = stream.client(clients);
        return client == null ? "unknown client" : client.label();
    }

    private static List<PacketReference> packets(long[] packets) {
        PacketReference[] references = new PacketReference[packets.length];
        long[] sorted = packets.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            references[i] = new PacketReference((int) (sorted[i] >>> 48), sorted[i] & 0xffff_ffff_ffffL);
        }
        return List.of(references);
    }

    private static final class MostRequestsFirst implements Comparator<SourceState> {
        @Override
        public int compare(SourceState one, SourceState other) {
            int order = Long.compare(other.requests.count(), one.requests.count());
            if (order == 0) {
                order = Long.compare(other.connections, one.connections);
            }
            return order != 0 ? order : one.ip.compareTo(other.ip);
        }
    }

    private static final class BusiestFirst implements Comparator<Watched> {
        @Override
        public int compare(Watched one, Watched other) {
            int order = Long.compare(other.requests().count(), one.requests().count());
            return order != 0 ? order : one.endpoint().compareTo(other.endpoint());
        }
    }

    private static final class EgressMostFirst implements Comparator<Egress> {
        @Override
        public int compare(Egress one, Egress other) {
            int order = Long.compare(other.requests().count(), one.requests().count());
            if (order != 0) {
                return order;
            }
            if (one.ip() == null || other.ip() == null) {
                return Boolean.compare(one.ip() == null, other.ip() == null);
            }
            return one.ip().compareTo(other.ip());
        }
    }

    private static final class ClientMostFirst implements Comparator<Client> {
        @Override
        public int compare(Client one, Client other) {
            int order = Long.compare(other.connections(), one.connections());
            if (order == 0) {
                order = one.label().compareTo(other.label());
            }
            return order != 0 ? order : one.ja4().compareTo(other.ja4());
        }
    }
}
