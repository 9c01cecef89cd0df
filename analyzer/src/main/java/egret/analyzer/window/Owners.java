// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.OwnerCount;
import egret.capture.count.SourceCounts;
import egret.capture.count.SourceCounts.Row;
import egret.capture.origin.Owner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The requests of a source by owner, at most {@value #MOST}. When one more comes, the one with the fewest is added to the
 * rest: who makes many stays, however many come and go.
 */
final class Owners {
    static final int MOST = 64;
    private static final MostFirst MOST_FIRST = new MostFirst();

    private final List<OwnerState> states = new ArrayList<>(2);
    private final Requests restRequests = new Requests();
    private long rest; // owners
    private long restConnections;

    private static final class OwnerState {
        final OwnerKey key;
        final Requests requests = new Requests();
        Owner owner; // as last described
        long connections;

        private OwnerState(OwnerKey key, Owner owner) {
            this.key = key;
            this.owner = owner;
        }
    }

    void add(SourceCounts counts, Row row) {
        OwnerState state = state(counts, row.owner());
        state.owner = row.owner();
        state.connections += row.connections();
        state.requests.add(row.requests());
    }

    private OwnerState state(SourceCounts counts, Owner owner) {
        int id = owner.id();
        for (int i = 0; i < states.size(); i++) {
            if (states.get(i).key.is(counts, id)) {
                return states.get(i);
            }
        }
        if (states.size() >= MOST) {
            giveUpOne();
        }
        OwnerState state = new OwnerState(new OwnerKey(counts, id), owner);
        states.add(state);
        return state;
    }

    private void giveUpOne() {
        int least = 0;
        for (int i = 1; i < states.size(); i++) {
            if (MOST_FIRST.compare(states.get(i), states.get(least)) > 0) {
                least = i;
            }
        }
        OwnerState gone = states.remove(least);
        rest++;
        restConnections += gone.connections;
        restRequests.add(gone.requests.sum());
    }

    /** How often one was given up. */
    long rest() {
        return rest;
    }

    /** Most requests first, what is not told apart last. */
    List<OwnerCount> counts() {
        OwnerCount[] counts = new OwnerCount[states.size() + (rest > 0 ? 1 : 0)];
        List<OwnerState> ranked = new ArrayList<>(states);
        ranked.sort(MOST_FIRST);
        for (int i = 0; i < ranked.size(); i++) {
            OwnerState state = ranked.get(i);
            counts[i] = new OwnerCount(state.owner, 1, state.connections, state.requests.sum());
        }
        if (rest > 0) {
            counts[ranked.size()] = new OwnerCount(null, rest, restConnections, restRequests.sum());
        }
        return List.of(counts);
    }

    private static final class MostFirst implements Comparator<OwnerState> {
        @Override
        public int compare(OwnerState one, OwnerState other) {
            int order = Long.compare(other.requests.count(), one.requests.count());
            if (order == 0) {
                order = Long.compare(other.connections, one.connections);
            }
            return order != 0 ? order : Integer.compare(one.owner.id(), other.owner.id());
        }
    }
}
