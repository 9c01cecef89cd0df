// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The addresses of watched servers, as they become known from names and DNS answers: what a {@link KernelFilter} follows.
 * At most {@value #MAX_IPV4} of IPv4 and {@value #MAX_IPV6} of IPv6; the one least recently seen gives way and is
 * counted. Blocks of addresses that rules name stay. Addresses are two longs each, IPv4 as {@code ::ffff:a.b.c.d}. One
 * thread.
 */
public final class WatchedAddresses {
    public static final int MAX_IPV4 = 1024;
    public static final int MAX_IPV6 = 256;

    /** Blocks of IPv4 and of IPv6 each. */
    public static final int MAX_BLOCKS = 16;

    private static final long MAPPED = 0xffff_0000_0000L;

    private record Address(long high, long low) {
        @Override
        public int hashCode() {
            long mixed = (high * 31 + low) * 0x9e3779b97f4a7c15L;
            return (int) (mixed >>> 32);
        }
    }

    private final Map<Address, Address> ipv4 = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Address, Address> ipv6 = new LinkedHashMap<>(64, 0.75f, true);
    private final long[] blocks4 = new long[MAX_BLOCKS];
    private int blockCount4;
    private final long[] blocks6 = new long[3 * MAX_BLOCKS];
    private int blockCount6;
    private boolean changed = true;
    private long givenWay;
    private long blocksShed;
    private long builtNanos;
    private boolean built;

    /** A watched server has this address. Cheap when that is known. */
    public void seen(long high, long low) {
        boolean isIpv4 = isIpv4(high, low);
        Map<Address, Address> known = isIpv4 ? ipv4 : ipv6;
        Address address = new Address(high, low);
        if (known.get(address) != null) { // which also makes it the most recent
            return;
        }
        changed = true;
        if (known.size() == (isIpv4 ? MAX_IPV4 : MAX_IPV6)) {
            known.remove(known.keySet().iterator().next());
            givenWay++;
        }
        known.put(address, address);
    }

    /**
     * All addresses of a block are watched servers.
     *
     * @param length bits that count, of 128; 96 and more for IPv4
     */
    public void block(long high, long low, int length) {
        if (isIpv4(high, low) && length >= 96) {
            if (blockCount4 == MAX_BLOCKS) {
                blocksShed++;
                return;
            }
            int host = length == 96 ? -1 : (int) (0xffff_ffffL >>> (length - 96));
            int first = (int) low & ~host;
            blocks4[blockCount4++] = MemberSearch.range(first, first | host);
        } else {
            if (blockCount6 == MAX_BLOCKS) {
                blocksShed++;
                return;
            }
            int at = 3 * blockCount6++;
            blocks6[at] = high;
            blocks6[at + 1] = low;
            blocks6[at + 2] = length;
        }
        changed = true;
    }

    /** Something was added since {@link #taken}. */
    public boolean changed() {
        return changed;
    }

    /**
     * As {@link #changed}, but not more often than the program should be exchanged.
     *
     * @param nowNanos of any clock, always the same
     */
    public boolean due(long nowNanos, long atLeastNanos) {
        return changed && (!built || nowNanos - builtNanos >= atLeastNanos || nowNanos < builtNanos);
    }

    /** A program with all of them is in the kernel since then. */
    public void taken(long nowNanos) {
        changed = false;
        built = true;
        builtNanos = nowNanos;
    }

    /** How many are watched, blocks not counted. */
    public int size() {
        return ipv4.size() + ipv6.size();
    }

    /** Addresses that gave way to others; their servers are not seen from then on until they are named again. */
    public long givenWay() {
        return givenWay;
    }

    /** Blocks that found no place. */
    public long blocksShed() {
        return blocksShed;
    }

    private static boolean isIpv4(long high, long low) {
        return high == 0 && (low & ~0xffff_ffffL) == MAPPED;
    }

    long[] ranges4() {
        long[] ranges = new long[blockCount4 + ipv4.size()];
        System.arraycopy(blocks4, 0, ranges, 0, blockCount4);
        int at = blockCount4;
        for (Address address : ipv4.keySet()) {
            ranges[at++] = MemberSearch.range((int) address.low);
        }
        return ranges;
    }

    long[] hashes6() {
        long[] hashes = new long[ipv6.size()];
        int at = 0;
        for (Address address : ipv6.keySet()) {
            hashes[at++] = MemberSearch.range(ServerCode.hash(address.high, address.low));
        }
        return hashes;
    }

    long[] blocks6() {
        return Arrays.copyOf(blocks6, 3 * blockCount6);
    }
}
