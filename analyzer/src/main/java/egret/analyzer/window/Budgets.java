// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.BudgetUse;
import egret.analyzer.answer.BudgetUse.By;
import egret.analyzer.window.EndpointState.EgressState;
import egret.rules.Endpoint;
import egret.rules.IpAddress;
import egret.rules.Limit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Limits as budgets: how much of them each egress address has used, and whether that lasts. */
final class Budgets {
    private static final int MOST_EGRESS = 8;
    private static final int MOST_SOURCES = 5;
    private static final int PULL_PACE = 300; // s

    private final EndpointState state;
    private final Span span;
    private final long now;
    private final List<BudgetUse> uses = new ArrayList<>();

    private Budgets(EndpointState state, Span span) {
        this.state = state;
        this.span = span;
        now = span.lastSecond();
    }

    static List<BudgetUse> of(@Nullable Endpoint endpoint, EndpointState state, Span span) {
        if (endpoint == null) {
            return List.of();
        }
        Budgets budgets = new Budgets(state, span);
        for (int i = 0; i < Math.min(MOST_EGRESS, state.egress.size()); i++) {
            EgressState egress = state.egress.get(i);
            if (endpoint.abuse() != null) {
                budgets.abuse(endpoint.abuse(), egress);
            }
            if (endpoint.pull() != null && egress.pulls != null) {
                budgets.pull(endpoint.pull(), egress, egress.pulls);
            }
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
                "abuse", egress.ip, 60, granted, used, by(egress.ip, false), runsOut, frees, limit.note()));
    }

    private void pull(Limit limit, EgressState egress, SlidingCounts pulls) {
        long granted = limit.count();
        long used = pulls.sumAt(1, now);
        double seconds = Math.max(1, Math.min(PULL_PACE, (double) span.nanos() / Span.SECOND));
        double pace = pulls.sumAt(0, now) / seconds;
        Long runsOut = used < granted && pace > 0 ? after((granted - used) / pace) : null;
        Long frees = used >= granted ? (Long) ((egress.firstPull + limit.windowSeconds()) * Span.SECOND) : null;
        uses.add(new BudgetUse(
                "pull",
                egress.ip,
                limit.windowSeconds(),
                granted,
                used,
                by(egress.ip, true),
                runsOut,
                frees,
                limit.note()));
    }

    private Long after(double seconds) {
        return span.lastNanos() + (long) (seconds * Span.SECOND);
    }

    private List<By> by(@Nullable IpAddress egress, boolean pulls) {
        List<By> most = new ArrayList<>();
        for (int i = 0; i < state.ranked.size(); i++) {
            SourceState source = state.ranked.get(i);
            long used = pulls ? source.pulls : source.rates.now(now);
            if (used == 0
                    || (most.size() == MOST_SOURCES
                            && used <= most.get(MOST_SOURCES - 1).used())
                    || !isBehind(source, egress)) {
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

    private static boolean isBehind(SourceState source, @Nullable IpAddress egress) {
        if (egress == null) {
            return source.egress.isEmpty();
        }
        for (int i = 0; i < source.egress.size(); i++) {
            if (source.egress.get(i).compareTo(egress) == 0) {
                return true;
            }
        }
        return false;
    }
}
