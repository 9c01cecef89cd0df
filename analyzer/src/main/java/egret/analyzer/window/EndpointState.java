// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that is known of one watched endpoint. */
final class EndpointState {
    private static final int MOST_EGRESS = 1024;

    final String name;
    final AddressTable<SourceState> sources = new AddressTable<>();
    final List<EgressState> egress = new ArrayList<>(1);
    final Requests requests = new Requests();
    final Rates rates = new Rates();
    final Timeline timeline;

    @Nullable
    SourceState overflow; // sources past the bound, together

    long connections;
    long failed;
    long pulls;

    EndpointState(String name, Budget points) {
        this.name = name;
        timeline = new Timeline(points);
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
}
