// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A watched endpoint: a named set of server names and addresses that share one limit.
 *
 * @param name its key in rules, counts and JSON
 * @param title for people
 * @param names what a connection's server name is matched with
 * @param addresses what the address of a connection without a server name is matched with
 * @param ports the only ports that count, empty for all
 * @param abuse limit on all requests, null if none is known
 * @param pull limit on image pulls, null if none is known
 */
public record Endpoint(
        String name,
        String title,
        List<NamePattern> names,
        List<IpPrefix> addresses,
        List<Integer> ports,
        @Nullable Limit abuse,
        @Nullable Limit pull) {

    public Endpoint {
        names = List.copyOf(names);
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    public boolean watchesPort(int port) {
        return ports.isEmpty() || ports.contains(port);
    }

    /**
     * The address that the remote side counts a measure under: of IPv6 the first of the prefix that its limit on it goes by;
     * where there is none, that on requests, then that on pulls, then as most do.
     */
    public IpAddress counted(Measure measure, IpAddress address) {
        Limit limit = limitOn(measure);
        limit = limit != null ? limit : abuse != null ? abuse : pull;
        return limit == null ? Limit.counted(address, Limit.DEFAULT_IPV6_PREFIX) : limit.counted(address);
    }

    /** The limit on a measure, null if there is none. */
    public @Nullable Limit limitOn(Measure measure) {
        return switch (measure) {
            case REQUESTS -> abuse;
            case PULLS -> pull;
            case CONNECTIONS, FAILED, BYTES -> null;
        };
    }
}
