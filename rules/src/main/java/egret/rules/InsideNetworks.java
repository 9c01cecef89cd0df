// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.List;

/** The blocks of addresses that are ours: a connection from one of them to outside is egress. Immutable. */
public final class InsideNetworks {
    private static final String[] GUESS = {
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16", // RFC 1918
        "100.64.0.0/10", // shared address space behind a carrier's NAT, RFC 6598
        "169.254.0.0/16",
        "fe80::/10", // link-local, RFC 3927 and 4291
        "fc00::/7", // unique local, RFC 4193
        "127.0.0.0/8",
        "::1/128", // loopback
    };

    private final List<IpPrefix> prefixes;
    private final boolean guessed;
    private final long[] highs;
    private final long[] lows;
    private final int[] bits;

    private InsideNetworks(List<IpPrefix> prefixes, boolean guessed) {
        this.prefixes = List.copyOf(prefixes);
        this.guessed = guessed;
        int count = this.prefixes.size();
        highs = new long[count];
        lows = new long[count];
        bits = new int[count];
        for (int i = 0; i < count; i++) {
            IpPrefix prefix = this.prefixes.get(i);
            highs[i] = prefix.address().high();
            lows[i] = prefix.address().low();
            bits[i] = prefix.length() + (prefix.address().isIpv4() ? 96 : 0);
        }
    }

    public static InsideNetworks of(List<IpPrefix> prefixes) {
        return new InsideNetworks(prefixes, false);
    }

    /** The private, shared, link-local and loopback blocks: what is taken when nobody said what is inside. */
    public static InsideNetworks guess() {
        IpPrefix[] prefixes = new IpPrefix[GUESS.length];
        for (int i = 0; i < GUESS.length; i++) {
            IpPrefix prefix = IpPrefix.parse(GUESS[i]);
            if (prefix == null) {
                throw new AssertionError(GUESS[i]);
            }
            prefixes[i] = prefix;
        }
        return new InsideNetworks(List.of(prefixes), true);
    }

    public boolean contains(IpAddress address) {
        return contains(address.high(), address.low());
    }

    /** As {@link #contains(IpAddress)}, for the hot path: allocates nothing. */
    public boolean contains(long high, long low) {
        boolean ipv4 = IpAddress.isIpv4(high, low);
        for (int i = 0; i < bits.length; i++) {
            if ((high & IpAddress.highMask(bits[i])) == highs[i]
                    && (low & IpAddress.lowMask(bits[i])) == lows[i]
                    && ipv4 == IpAddress.isIpv4(highs[i], lows[i])) {
                return true;
            }
        }
        return false;
    }

    public List<IpPrefix> prefixes() {
        return prefixes;
    }

    /** Whether these are the guess rather than what somebody said. */
    public boolean guessed() {
        return guessed;
    }
}
