// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.BudgetUse;
import egret.analyzer.answer.BudgetUse.By;
import egret.analyzer.window.EndpointState.EgressState;
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

    private final Endpoint endpoint;
    private final EndpointState state;
    private final Span span;
    private final long now;
    private final List<BudgetUse> uses = new ArrayList<>();

    private Budgets(Endpoint endpoint, EndpointState state, Span span) {
        this.endpoint = endpoint;
        this.state = state;
        this.span = span;
        now = span.lastSecond();
    }

    static List<BudgetUse> of(@Nullable Endpoint endpoint, EndpointState state, Span span) {
        if (endpoint == null) {
            return List.of();
        }
        Budgets budgets = new Budgets(endpoint, state, span);
        Limit abuse = endpoint.abuse();
        for (int i = 0; abuse != null && i < Math.min(MOST_EGRESS, state.egress.size()); i++) {
            budgets.abuse(abuse, state.egress.get(i));
        }
        Limit pull = endpoint.pull();
        for (int i = 0; pull != null && i < Math.min(MOST_EGRESS, state.pulled.size()); i++) {
            IpAddress ip = state.pulled.address(i);
            budgets.pull(pull, ip.equals(EndpointState.UNSEEN) ? null : ip, state.pulled.value(i));
        }
        return List.copyOf(budgets.uses);
    }

    private void abuse(Limit limit, EgressState egress) {
        long granted = limit.perMinute();
        long used = egress.rates.now(now);
        double pace = egress.rates.pace(now); // a second
        Long runsOut = used < granted && pace * 60 >= granted ? after((granted - used) / pace) : null;
        Long frees = used >= granted ? after(60) : null;
        uses.add(new BudgetUse(
                "abuse", egress.ip, 60, granted, used, by(egress.ip, limit, false), runsOut, frees, limit.note()));
    }

    private void pull(Limit limit, @Nullable IpAddress ip, Pulls pulls) {
        long granted = limit.count();
        long used = pulls.now(now);
        double pace = pulls.pace(now, (double) span.nanos() / Span.SECOND);
        Long runsOut = used < granted && pace > 0 ? after((granted - used) / pace) : null;
        Long frees = used >= granted ? (Long) ((pulls.first() + limit.windowSeconds()) * Span.SECOND) : null;
        uses.add(new BudgetUse(
                "pull", ip, limit.windowSeconds(), granted, used, by(ip, limit, true), runsOut, frees, limit.note()));
    }

    private Long after(double seconds) {
        return span.lastNanos() + (long) (seconds * Span.SECOND);
    }

    private List<By> by(@Nullable IpAddress egress, Limit limit, boolean pulls) {
        List<By> most = new ArrayList<>();
        for (int i = 0; i < state.ranked.size(); i++) {
            SourceState source = state.ranked.get(i);
            long used = isBehind(source, egress, limit) ? pulls ? source.pulls : source.rates.now(now) : 0;
            if (used == 0
                    || (most.size() == MOST_SOURCES
                            && used <= most.get(MOST_SOURCES - 1).used())) {
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
