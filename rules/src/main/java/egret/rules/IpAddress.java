// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address in two longs; IPv4 a.b.c.d is held as the mapped ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
 *
 * @param high the first 64 bits in network order
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    private static final long IPV4 = 0x0000_ffff_0000_0000L;

    public static IpAddress ofIpv4(int address) {
        return new IpAddress(0, IPV4 | (address & 0xffff_ffffL));
    }

    /** The address in a text of either family, null if it is none; never asks DNS. */
    public static @Nullable IpAddress parse(String text) {
        return AddressText.parse(text);
    }

    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    static boolean isIpv4(long high, long low) {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == IPV4;
    }

    /**
     * The first address of the prefix that this address lies in.
     *
     * @param prefixLength 0 to 32 for IPv4, 0 to 128 for IPv6
     */
    public IpAddress masked(int prefixLength) {
        int most = isIpv4() ? 32 : 128;
        if (prefixLength < 0 || prefixLength > most) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " is not in 0 to " + most);
        }
        int bits = prefixLength + 128 - most;
        return new IpAddress(high & highMask(bits), low & lowMask(bits));
    }

    static long highMask(int bits) {
        return bits == 0 ? 0 : -1L << Math.max(0, 64 - bits);
    }

    static long lowMask(int bits) {
        return bits <= 64 ? 0 : -1L << (128 - bits);
    }

    // Written out: a record's own are linked at their first call, which takes 25 ms of a cold start, archive or not.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress address && high == address.high && low == address.low;
    }

    @Override
    public int hashCode() {
        long mixed = (high * 31 + low) * 0x9e37_79b9_7f4a_7c15L; // 2^64 / golden ratio: neighbours fall far apart
        return (int) (mixed >>> 32);
    }

    @Override
    public int compareTo(IpAddress other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** A dotted quad, or the canonical text of RFC 5952. */
    @Override
    public String toString() {
        return AddressText.of(this);
    }
}
