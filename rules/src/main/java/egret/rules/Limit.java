// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import org.jspecify.annotations.Nullable;

/**
 * How much a remote side grants to one address before it refuses.
 *
 * @param measure {@link Measure#REQUESTS} or {@link Measure#PULLS}
 * @param count so many, ≥ 1
 * @param windowSeconds within this time, 1 s to 24 h
 * @param ipv6PrefixLength what counts as one IPv6 address, 1 to 128; an IPv4 address counts for itself
 * @param note where the figure comes from, "" if nothing is to be said
 * @param check how the remote side is asked what it grants, null if it cannot be
 */
public record Limit(
        Measure measure,
        long count,
        int windowSeconds,
        int ipv6PrefixLength,
        String note,
        @Nullable Check check) {
    /**
     * Where a registry says what it grants, in the headers of a manifest. Both by https, or by http on this machine.
     *
     * @param token answers a GET with the token that the manifest needs
     * @param manifest is asked for with HEAD, which is no pull
     */
    public record Check(String token, String manifest) {}

    /** What Docker Hub and most others count by. */
    static final int DEFAULT_IPV6_PREFIX = 64;

    /** The address that it counts for another: of IPv6 the first of its prefix. */
    public IpAddress counted(IpAddress address) {
        return counted(address, ipv6PrefixLength);
    }

    static IpAddress counted(IpAddress address, int ipv6PrefixLength) {
        return address.isIpv4() ? address : address.masked(ipv6PrefixLength);
    }

    /** What the limit grants within another time, rounded down, but at least 1. */
    public long within(int seconds) {
        return Math.max(1, (long) ((double) count * seconds / windowSeconds));
    }

    /** The limit as a rate, at least 1. */
    public long perMinute() {
        return within(60);
    }
}
