// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The address blocks of all endpoints, found in one look-up per length that occurs. */
final class AddressIndex {
    private final Map<IpPrefix, List<Endpoint>> byPrefix = new HashMap<>();
    private final boolean[] ipv4Lengths = new boolean[33];
    private final boolean[] ipv6Lengths = new boolean[129];

    AddressIndex(List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            for (IpPrefix prefix : endpoint.addresses()) {
                List<Endpoint> same = byPrefix.get(prefix);
                if (same == null) {
                    same = new ArrayList<>(1);
                    byPrefix.put(prefix, same);
                }
                same.add(endpoint);
                (prefix.address().isIpv4() ? ipv4Lengths : ipv6Lengths)[prefix.length()] = true;
            }
        }
    }

    @Nullable
    Endpoint find(IpAddress address, int port) {
        if (byPrefix.isEmpty()) {
            return null;
        }
        boolean[] lengths = address.isIpv4() ? ipv4Lengths : ipv6Lengths;
        for (int length = lengths.length - 1; length >= 0; length--) {
            List<Endpoint> endpoints = lengths[length] ? byPrefix.get(new IpPrefix(address, length)) : null;
            if (endpoints != null) {
                for (Endpoint endpoint : endpoints) {
                    if (endpoint.watchesPort(port)) {
                        return endpoint;
                    }
                }
            }
        }
        return null;
    }
}
