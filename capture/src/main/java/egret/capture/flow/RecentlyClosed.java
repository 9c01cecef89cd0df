// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.util.Arrays;

/**
 * A small memory of connections that ended, so that late retransmissions of their data are not taken for connections
 * joined in mid-stream, nor those of their SYN for new ones. A newer connection takes the place of an older one.
 */
final class RecentlyClosed {
    private static final int ENTRIES = 1 << 13;

    /** No client sends so much before its first bytes are read. */
    private static final int FIRST_BYTES = 1 << 20;

    private final long[] keys = new long[ENTRIES];
    private final int[] initialSequences = new int[ENTRIES];
    private final Told[] told = new Told[ENTRIES];

    RecentlyClosed() {
        Arrays.fill(told, Told.NOTHING);
    }

    void add(long key1, long key2, int initialSequence, Told last) {
        long hash = Hash.of(key1, key2);
        int at = (int) hash & (ENTRIES - 1);
        keys[at] = hash;
        initialSequences[at] = initialSequence;
        told[at] = last;
    }

    boolean contains(long key1, long key2) {
        long hash = Hash.of(key1, key2);
        return keys[(int) hash & (ENTRIES - 1)] == hash;
    }

    /**
     * What was told of the connection on these addresses and ports that had this initial sequence number; NOTHING if there
     * was none.
     */
    Told told(long key1, long key2, int initialSequence) {
        long hash = Hash.of(key1, key2);
        int at = (int) hash & (ENTRIES - 1);
        return keys[at] == hash && initialSequences[at] == initialSequence ? told[at] : Told.NOTHING;
    }

    /** Whether a segment repeats the first bytes of a connection that was named by them. */
    boolean repeats(long key1, long key2, int sequence) {
        long hash = Hash.of(key1, key2);
        int at = (int) hash & (ENTRIES - 1);
        int offset = sequence - initialSequences[at];
        return keys[at] == hash && told[at] == Told.NAMED && offset >= 0 && offset < FIRST_BYTES;
    }
}
