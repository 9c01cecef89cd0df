// SPDX-License-Identifier: Apache-2.0
package egret.rules;

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

    public boolean isIpv4() {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == IPV4;
    }

    @Override
    public int compareTo(IpAddress other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }
}
