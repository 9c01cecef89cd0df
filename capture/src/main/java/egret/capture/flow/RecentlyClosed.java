// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/**
 * A small memory of connections that ended, so that their late retransmissions are not taken for connections joined in
 * mid-stream. A newer connection takes the place of an older one; forgetting one costs a wrong mid-stream count at most.
 */
final class RecentlyClosed {
    private static final int ENTRIES = 1 << 13;

    private final long[] keys = new long[ENTRIES];

    void add(long key1, long key2) {
        long hash = Hash.of(key1, key2);
        keys[(int) hash & (ENTRIES - 1)] = hash;
    }

    boolean contains(long key1, long key2) {
        long hash = Hash.of(key1, key2);
        return keys[(int) hash & (ENTRIES - 1)] == hash;
    }
}
