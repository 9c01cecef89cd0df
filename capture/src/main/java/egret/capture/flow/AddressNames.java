// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/**
 * The name that a DNS answer gave last for an address: what a connection without a server name is called by. A set of
 * {@value #WAYS} entries per hash; a new address takes the place of the least recently answered one of its set.
 */
final class AddressNames {
    private static final int ENTRIES = 1 << 14;
    private static final int WAYS = 4;

    private final long[] highs = new long[ENTRIES];
    private final long[] lows = new long[ENTRIES];
    private final int[] names = new int[ENTRIES];
    private final int[] ages = new int[ENTRIES];
    private int clock;

    void learn(long high, long low, int name) {
        int set = set(high, low);
        int oldest = set;
        for (int i = set; i < set + WAYS; i++) {
            if (names[i] != 0 && highs[i] == high && lows[i] == low) {
                names[i] = name;
                ages[i] = ++clock;
                return;
            }
            if (ages[i] - ages[oldest] < 0) {
                oldest = i;
            }
        }
        highs[oldest] = high;
        lows[oldest] = low;
        names[oldest] = name;
        ages[oldest] = ++clock;
    }

    /** 0 if no answer named the address. */
    int name(long high, long low) {
        int set = set(high, low);
        for (int i = set; i < set + WAYS; i++) {
            if (names[i] != 0 && highs[i] == high && lows[i] == low) {
                return names[i];
            }
        }
        return 0;
    }

    private static int set(long high, long low) {
        return ((int) Hash.of(high, low) & (ENTRIES / WAYS - 1)) * WAYS;
    }
}
