// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/**
 * A small memory of connections that ended, so that late retransmissions of their data are not taken for connections
 * joined in mid-stream, nor those of their SYN for new ones. A newer connection takes the place of an older one.
 */
final class RecentlyClosed {
    private static final int ENTRIES = 1 << 13;

    private final long[] keys = new long[ENTRIES];
    private final int[] initialSequences = new int[ENTRIES];

    void add(long key1, long key2, int initialSequence) {
        long hash = Hash.of(key1, key2);
        int at = (int) hash & (ENTRIES - 1);
        keys[at] = hash;
        initialSequences[at] = initialSequence;
    }

    boolean contains(long key1, long key2) {
        long hash = Hash.of(key1, key2);
        return keys[(int) hash & (ENTRIES - 1)] == hash;
    }

    /** Whether a SYN with this sequence number repeats one that a connection on the same addresses and ports had. */
    boolean repeats(long key1, long key2, int initialSequence) {
        long hash = Hash.of(key1, key2);
        int at = (int) hash & (ENTRIES - 1);
        return keys[at] == hash && initialSequences[at] == initialSequence;
    }
}
