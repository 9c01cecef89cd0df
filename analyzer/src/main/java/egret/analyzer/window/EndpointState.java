// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that is known of one watched endpoint. */
final class EndpointState {
    /** Stands for egress addresses that were not seen. */
    static final IpAddress UNSEEN = new IpAddress(0, 0);

    private static final int MOST_EGRESS = 1024;
    private static final int MOST_NAMES = 1024;

    final String name;
    private final int pullSeconds;
    final AddressTable<SourceState> sources = new AddressTable<>();

    /** All sources in the order of the last answer, which is nearly that of the next. */
    final List<SourceState> ranked = new ArrayList<>();

    final List<EgressState> egress = new ArrayList<>(1);

    /** By the address that the limit on pulls counts, {@link #UNSEEN} for all whose address was not seen. */
    final AddressTable<Pulls> pulled = new AddressTable<>();

    final Requests requests = new Requests();
    final Rates rates = new Rates();
    final Timeline timeline;

    @Nullable
    SourceState overflow; // sources past the bound, together

    long connections;
    long failed;
    long pulls;
    private final Map<String, Tally> names = new HashMap<>();

    /** A number that is added to in place. */
    private static final class Tally {
        private long count;
    }

    /** @param pullSeconds the window that pulls are counted in */
    EndpointState(String name, int pullSeconds, Budget points) {
        this.name = name;
        this.pullSeconds = pullSeconds;
        timeline = new Timeline(points);
    }

    /** Past the bound further names are counted as if there had been none. */
    void name(String serverName, long count) {
        if (count <= 0) {
            return;
        }
        Tally tally = names.get(serverName);
        if (tally == null) {
            String counted = names.size() < MOST_NAMES ? serverName : "";
            tally = names.get(counted);
            if (tally == null) {
                tally = new Tally();
                names.put(counted, tally);
            }
        }
        tally.count += count;
    }

    Map<String, Long> serverNames() {
        Map<String, Long> counts = new HashMap<>();
        for (Map.Entry<String, Tally> entry : names.entrySet()) {
            counts.put(entry.getKey(), entry.getValue().count);
        }
        return counts;
    }

    /** One address that the remote side sees, or all connections whose address was not seen. */
    static final class EgressState {
        final @Nullable IpAddress ip;
        final Requests requests = new Requests();
        final Rates rates = new Rates();
        long connections;

        private EgressState(@Nullable IpAddress ip) {
            this.ip = ip;
        }
    }

    /** Past the bound all further addresses are counted as if they had not been seen. */
    EgressState egress(@Nullable IpAddress ip) {
        EgressState unknown = null;
        for (int i = 0; i < egress.size(); i++) {
            EgressState state = egress.get(i);
            if (state.ip == null) {
                unknown = state;
            }
            if (ip == null ? state.ip == null : state.ip != null && state.ip.compareTo(ip) == 0) {
                return state;
            }
        }
        boolean full = egress.size() >= MOST_EGRESS;
        if (full && unknown != null) {
            return unknown;
        }
        EgressState state = new EgressState(full ? null : ip);
        egress.add(state);
        return state;
    }

    void pulled(SourceState source, @Nullable IpAddress seenAs, long second, long count) {
        Pulls pulls = source.recentPulls;
        if (pulls == null) {
            pulls = new Pulls(pullSeconds);
            source.recentPulls = pulls;
        }
        pulls.add(second, count);
        pulled(seenAs).add(second, count);
    }

    /** Likewise bounded. */
    private Pulls pulled(@Nullable IpAddress ip) {
        IpAddress key = ip == null ? UNSEEN : ip;
        Pulls pulls = pulled.get(key);
        if (pulls == null && pulled.size() >= MOST_EGRESS) {
            key = UNSEEN;
            pulls = pulled.get(key);
        }
        if (pulls == null) {
            pulls = new Pulls(pullSeconds);
            pulled.add(key, pulls);
        }
        return pulls;
    }
}
