// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/**
 * The live connections by address and port pair: open addressing over one array, so that a lookup touches one or two
 * cache lines and allocates nothing. It holds at most {@link #MAX_CONNECTIONS}; the tracker evicts before it inserts.
 *
 * <p>A slot is four longs: two of key, one of state and one that the tracker uses for times. Slots move when another is
 * removed, so a slot index is valid only until the next {@link #remove}.
 */
final class ConnectionTable {
    /** 262,144 connections at once: 16 MiB of slots, and more than one NAT address has ports for. */
    static final int MAX_CONNECTIONS = 1 << 18;

    static final int STRIDE = 4;
    private static final int STATE = 2;
    private static final int TIMES = 3;
    private static final long SECONDS = 0xffff_ffffL;
    private static final int FIRST_SLOTS = 1 << 12;

    private long[] slots = new long[FIRST_SLOTS * STRIDE];
    private int mask = FIRST_SLOTS - 1;
    private int size;

    /** Position of the entry, or {@code -1 - } the position where it would be inserted. The second key is never 0. */
    int find(long key1, long key2) {
        long[] table = slots;
        int slot = home(key1, key2);
        for (; ; ) {
            int at = slot * STRIDE;
            long second = table[at + 1];
            if (second == key2 && table[at] == key1) {
                return at;
            }
            if (second == 0) {
                return -1 - at;
            }
            slot = (slot + 1) & mask;
        }
    }

    /** Inserts where {@link #find} did not find, given its answer; returns the position of the entry. */
    int insert(int found, long key1, long key2, long state, long times) {
        int position = -1 - found;
        if (++size > (mask + 1) / 2) {
            grow();
            position = -1 - find(key1, key2);
        }
        slots[position] = key1;
        slots[position + 1] = key2;
        slots[position + STATE] = state;
        slots[position + TIMES] = times;
        return position;
    }

    /** Removes the entry and closes the hole by moving later ones back. */
    void remove(int at) {
        long[] table = slots;
        int hole = at / STRIDE;
        int slot = hole;
        for (; ; ) {
            slot = (slot + 1) & mask;
            int from = slot * STRIDE;
            if (table[from + 1] == 0) {
                break;
            }
            int home = home(table[from], table[from + 1]);
            if (((slot - home) & mask) >= ((slot - hole) & mask)) {
                System.arraycopy(table, from, table, hole * STRIDE, STRIDE);
                hole = slot;
            }
        }
        table[hole * STRIDE + 1] = 0;
        size--;
    }

    long state(int at) {
        return slots[at + STATE];
    }

    void state(int at, long state) {
        slots[at + STATE] = state;
    }

    long times(int at) {
        return slots[at + TIMES];
    }

    void times(int at, long times) {
        slots[at + TIMES] = times;
    }

    /** Notes the second of its last packet, in the low 32 bits of its times. */
    void seen(int at, int second) {
        long times = slots[at + TIMES];
        if ((int) times != second) {
            slots[at + TIMES] = (times & ~SECONDS) | (second & SECONDS);
        }
    }

    long key1(int at) {
        return slots[at];
    }

    long key2(int at) {
        return slots[at + 1];
    }

    boolean occupied(int at) {
        return slots[at + 1] != 0;
    }

    int size() {
        return size;
    }

    boolean full() {
        return size >= MAX_CONNECTIONS;
    }

    /** Positions run from 0 to this in steps of {@link #STRIDE}. */
    int end() {
        return slots.length;
    }

    private int home(long key1, long key2) {
        return (int) Hash.mix(key1 ^ key2 * Hash.GOLDEN) & mask;
    }

    /** After a flood, so that a walk over the slots costs no more than what is in them. */
    void shrink() {
        int count = mask + 1;
        while (count > FIRST_SLOTS && size < count / 16) {
            count /= 2;
        }
        if (count <= mask) {
            resize(count);
        }
    }

    private void grow() {
        resize((mask + 1) * 2);
    }

    private void resize(int count) {
        long[] old = slots;
        slots = new long[count * STRIDE];
        mask = count - 1;
        for (int at = 0; at < old.length; at += STRIDE) {
            if (old[at + 1] != 0) {
                int to = -1 - find(old[at], old[at + 1]);
                System.arraycopy(old, at, slots, to, STRIDE);
            }
        }
    }
}
