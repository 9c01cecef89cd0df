// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.BudgetUse;
import egret.analyzer.answer.BudgetUse.By;
import egret.analyzer.answer.BudgetUse.Likely;
import egret.analyzer.answer.PullLimit;
import egret.analyzer.window.EndpointState.EgressState;
import egret.rules.Clients;
import egret.rules.Endpoint;
import egret.rules.IpAddress;
import egret.rules.Limit;
import egret.rules.Measure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Limits as budgets: how much of them each egress address has used, and whether that lasts. */
final class Budgets {
    private static final int MOST_EGRESS = 8;
    private static final int MOST_SOURCES = 5;
    private static final int TOLD_SECONDS = 900; // longer ago the pace was another
    private static final int LEAST_FOR_PACE = 10; // of fewer the pace is anybody's guess

    private final Endpoint endpoint;
    private final Clients clients;
    private final EndpointState state;
    private final Span span;
    private final long now;
    private final double seen; // s

    private Budgets(Endpoint endpoint, Clients clients, EndpointState state, Span span) {
        this.endpoint = endpoint;
        this.clients = clients;
        this.state = state;
        this.span = span;
        now = span.lastSecond();
        seen = Math.max(1, (double) span.nanos() / Span.SECOND);
    }

    /** Of each limit the addresses that used most of it, most first. */
    static List<BudgetUse> of(
            @Nullable Endpoint endpoint,
            Clients clients,
            EndpointState state,
            Span span,
            boolean live,
            List<PullLimit> pullLimits) {
        if (endpoint == null) {
            return List.of();
        }
        Budgets budgets = new Budgets(endpoint, clients, state, span);
        List<BudgetUse> uses = new ArrayList<>();
        Limit abuse = endpoint.abuse();
        for (int i = 0; abuse != null && i < state.egress.size(); i++) {
            budgets.add(budgets.abuse(abuse, state.egress.get(i)), 0, uses);
        }
        int first = uses.size();
        Limit pull = endpoint.pull();
        for (int i = 0; pull != null && i < state.pulled.size(); i++) {
            IpAddress ip = state.pulled.address(i);
            Pulls pulls = state.pulled.value(i);
            budgets.add(budgets.pull(pull, ip.equals(EndpointState.UNSEEN) ? null : ip, pulls), first, uses);
        }
        for (int i = 0; pull != null && i < pullLimits.size(); i++) {
            PullLimit told = pullLimits.get(i);
            if (told.isNamed() && told.endpoint().equals(endpoint.name())) {
                uses.add(budgets.told(pull, told, uses.subList(first, uses.size()), live));
            }
        }
        return List.copyOf(uses);
    }

    private void add(BudgetUse use, int first, List<BudgetUse> uses) {
        int at = uses.size();
        while (at > first && uses.get(at - 1).used() < use.used()) {
            at--;
        }
        uses.add(at, use);
        if (uses.size() > first + MOST_EGRESS) {
            uses.remove(first + MOST_EGRESS);
        }
    }

    private BudgetUse abuse(Limit limit, EgressState egress) {
        long granted = limit.perMinute();
        long used = egress.rates.now(now);
        Outlook outlook = egress.rates.outlook(now);
        return new BudgetUse(
                "abuse",
                egress.ip,
                60,
                seen(60),
                granted,
                used,
                by(egress.ip, limit),
                used < LEAST_FOR_PACE ? null : runsOut(outlook, used, granted, egress.rates.pace(now, seen)),
                used < granted ? null : after(outlook.fallsBelow(granted)),
                limit.note(),
                null,
                null);
    }

    private BudgetUse pull(Limit limit, @Nullable IpAddress ip, Pulls pulls) {
        long granted = limit.count();
        long used = pulls.now(now);
        Likely likely = likely(ip, limit, used);
        double share = likely == null ? 1 : (double) likely.count() / used;
        long counted = likely == null ? used : likely.count();
        Outlook outlook = pulls.outlook(now);
        return new BudgetUse(
                "pull",
                ip,
                limit.windowSeconds(),
                seen(limit.windowSeconds()),
                granted,
                used,
                by(ip, limit),
                counted < LEAST_FOR_PACE ? null : runsOut(outlook, counted, granted, pulls.pace(now, seen) * share),
                counted < granted ? null : after(outlook.fallsBelow(used)),
                limit.note(),
                likely,
                null);
    }

    /**
     * What the registry says itself, of the address that asked. Its rest lasts as long as at the pace of the pulls behind that
     * address, if they were seen: a live capture that sees no address behind a NAT is behind the same as who asked.
     */
    private BudgetUse told(Limit limit, PullLimit told, List<BudgetUse> seenUses, boolean live) {
        IpAddress countedAs = IpAddress.parse(told.countedAs());
        IpAddress ip = countedAs == null ? null : limit.counted(countedAs);
        Long runsOut = null;
        boolean recent = Math.abs(told.atNanos() - span.lastNanos()) <= TOLD_SECONDS * Span.SECOND;
        for (int i = 0; recent && i < seenUses.size(); i++) {
            BudgetUse use = seenUses.get(i);
            boolean same =
                    use.ip() == null ? live && seenUses.size() == 1 : use.ip().equals(ip);
            if (use.told() == null && same && use.counted() >= LEAST_FOR_PACE && told.remaining() > 0) {
                Pulls pulls = state.pulled.get(use.ip() == null ? EndpointState.UNSEEN : use.ip());
                double pace = pulls == null ? 0 : pulls.pace(now, seen) * use.counted() / use.used();
                double seconds = pace > 0 ? told.remaining() / pace : told.windowSeconds();
                runsOut = seconds < told.windowSeconds() ? told.atNanos() + (long) (seconds * Span.SECOND) : null;
            }
        }
        return new BudgetUse(
                "pull",
                ip,
                told.windowSeconds(),
                told.windowSeconds(),
                told.granted(),
                told.granted() - told.remaining(),
                List.of(),
                runsOut,
                told.remaining() > 0 ? null : (Long) (told.atNanos() + told.windowSeconds() * Span.SECOND),
                "",
                null,
                told);
    }

    private int seen(int windowSeconds) {
        return (int) Math.min(windowSeconds, Math.round(seen));
    }

    private @Nullable Long runsOut(Outlook outlook, long used, long granted, double pace) {
        double seconds = used < granted ? outlook.reaches(granted, pace) : -1;
        return seconds < 0 ? null : after(seconds);
    }

    private Long after(double seconds) {
        return span.lastNanos() + (long) (seconds * Span.SECOND);
    }

    /** Null where all of the pulls may count. */
    private @Nullable Likely likely(@Nullable IpAddress egress, Limit limit, long used) {
        PullRequests all = new PullRequests();
        for (int i = 0; i < state.ranked.size(); i++) {
            SourceState source = state.ranked.get(i);
            if (source.pulls > 0 && isBehind(source, egress, limit)) {
                all.add(source.streams, clients);
            }
        }
        return all.likely(used);
    }

    private List<By> by(@Nullable IpAddress egress, Limit limit) {
        List<By> most = new ArrayList<>();
        for (int i = 0; i < state.ranked.size(); i++) {
            SourceState source = state.ranked.get(i);
            long used = used(source, limit.measure());
            if (used == 0
                    || (most.size() == MOST_SOURCES
                            && used <= most.get(MOST_SOURCES - 1).used())
                    || !isBehind(source, egress, limit)) {
                continue;
            }
            int at = most.size();
            while (at > 0 && most.get(at - 1).used() < used) {
                at--;
            }
            most.add(at, new By(source.ip, used));
            if (most.size() > MOST_SOURCES) {
                most.remove(MOST_SOURCES);
            }
        }
        return List.copyOf(most);
    }

    private long used(SourceState source, Measure measure) {
        if (measure == Measure.REQUESTS) {
            return source.rates.now(now);
        }
        return source.recentPulls == null ? 0 : source.recentPulls.now(now);
    }

    /** The addresses of sources are of the prefixes that requests are counted by, longer or shorter than the limit's. */
    private boolean isBehind(SourceState source, @Nullable IpAddress egress, Limit limit) {
        if (egress == null) {
            return source.egress.isEmpty();
        }
        for (int i = 0; i < source.egress.size(); i++) {
            IpAddress address = source.egress.get(i);
            if (limit.counted(address).equals(egress)
                    || endpoint.counted(Measure.REQUESTS, egress).equals(address)) {
                return true;
            }
        }
        return false;
    }
}
