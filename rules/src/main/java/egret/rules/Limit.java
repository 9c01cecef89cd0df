// SPDX-License-Identifier: Apache-2.0
package egret.rules;

/**
 * How much a remote side grants to one address before it refuses.
 *
 * @param measure {@link Measure#REQUESTS} or {@link Measure#PULLS}
 * @param count so many, ≥ 1
 * @param windowSeconds within this time, 1 s to 24 h
 * @param ipv6PrefixLength what counts as one IPv6 address, 1 to 128; an IPv4 address counts for itself
 * @param note where the figure comes from, "" if nothing is to be said
 */
public record Limit(Measure measure, long count, int windowSeconds, int ipv6PrefixLength, String note) {
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
