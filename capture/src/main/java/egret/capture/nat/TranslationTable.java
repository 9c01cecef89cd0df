// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import java.util.SplittableRandom;

/**
 * Tracked connections by how they look beyond the NAT: source and port after translation, server and port, protocol. Each
 * knows its source before.
 *
 * <p>Entries lie in a ring in the order in which they came, with an index of twice its size beside it; the newest takes
 * the place of the oldest. The end of a connection is not told: its packets were looked at before, and when its ports come
 * back the newer entry stands. It grows up to its bound with what is young. One thread; nothing is allocated but for
 * growing.
 */
final class TranslationTable {
    /** 15 seconds at a million connections a minute, 13 minutes at 20,000; 16 MiB and 2 of index. */
    static final int LARGEST = 1 << 18;

    /** Until an entry is no longer believed: by then its ports may be another's, and the news of that may have been lost. */
    static final long LIFE_MILLIS = 300_000;

    private static final int SMALLEST = 1 << 10;

    /** Words of an entry. */
    private static final int STRIDE = 8;

    private static final int SEEN_HIGH = 0;
    private static final int SEEN_LOW = 1;
    private static final int SERVER_HIGH = 2;
    private static final int SERVER_LOW = 3;

    /** 0 where there is no entry. */
    private static final int PORTS = 4;

    private static final int ORIGINAL_HIGH = 5;
    private static final int ORIGINAL_LOW = 6;

    /** When it was put, and in the low {@value #PORT_BITS} bits the port before translation. */
    private static final int MILLIS_AND_PORT = 7;

    private static final int PORT_BITS = 16;

    private final int largest;
    private final long seed = new SplittableRandom().nextLong();
    private long[] entries;

    /** Position in the ring plus 1; 0 is free. */
    private int[] index;

    private int next;
    private int size;
    private long shed;
    private long disbelieved = -1;

    /** @param largest number of entries, a power of 2 */
    TranslationTable(int largest) {
        this.largest = largest;
        int first = Math.min(SMALLEST, largest);
        entries = new long[first * STRIDE];
        index = new int[first * 2];
    }

    /** Notes a connection, in place of one that looked the same beyond the NAT. */
    void put(Tuple original, Tuple reply, long millis) {
        int slot = slot(reply);
        if (index[slot] != 0) {
            free(slot);
        }
        if (entries[next * STRIDE + PORTS] != 0) {
            makeRoom(millis);
        }
        int at = next * STRIDE;
        entries[at + SEEN_HIGH] = reply.destinationHigh;
        entries[at + SEEN_LOW] = reply.destinationLow;
        entries[at + SERVER_HIGH] = reply.sourceHigh;
        entries[at + SERVER_LOW] = reply.sourceLow;
        entries[at + PORTS] = reply.ports();
        entries[at + ORIGINAL_HIGH] = original.sourceHigh;
        entries[at + ORIGINAL_LOW] = original.sourceLow;
        entries[at + MILLIS_AND_PORT] = millis << PORT_BITS | original.sourcePort;
        index[slot(reply)] = next + 1;
        next = next + 1 == capacity() ? 0 : next + 1;
        size++;
    }

    /**
     * @param reply direction of the connection
     * @param millis of the same clock as in {@link #put}, which never goes back
     * @return whether there is an entry to be believed
     */
    boolean find(Tuple reply, long millis, OriginalSource into) {
        int entry = index[slot(reply)];
        if (entry == 0) {
            return false;
        }
        int at = (entry - 1) * STRIDE;
        long since = entries[at + MILLIS_AND_PORT] >>> PORT_BITS;
        if (millis - since > LIFE_MILLIS || since <= disbelieved) {
            return false;
        }
        into.set(entries[at + ORIGINAL_HIGH], entries[at + ORIGINAL_LOW], (int) entries[at + MILLIS_AND_PORT] & 0xffff);
        return true;
    }

    /** News was lost: what was put until now is not believed until it is put again. */
    void disbelieve(long untilMillis) {
        disbelieved = untilMillis;
    }

    int size() {
        return size;
    }

    int capacity() {
        return entries.length / STRIDE;
    }

    /** Entries that gave way before their time. */
    long shed() {
        return shed;
    }

    /** The place of the next entry is taken: grows, or lets the oldest go. */
    private void makeRoom(long millis) {
        int oldest = next * STRIDE;
        boolean young = millis - (entries[oldest + MILLIS_AND_PORT] >>> PORT_BITS) <= LIFE_MILLIS;
        if (young && capacity() < largest) {
            grow();
            return;
        }
        if (young) {
            shed++;
        }
        free(slotOf(next));
    }

    private void grow() {
        int before = capacity();
        long[] old = entries;
        entries = new long[old.length * 2];
        int oldest = next * STRIDE;
        System.arraycopy(old, oldest, entries, 0, old.length - oldest);
        System.arraycopy(old, 0, entries, old.length - oldest, oldest);
        next = before;
        index = new int[before * 4];
        for (int entry = 0; entry < before; entry++) {
            if (entries[entry * STRIDE + PORTS] != 0) {
                index[freeSlot(entry)] = entry + 1;
            }
        }
    }

    /** Takes the entry of a slot out of the ring and closes the gap in the index: what was displaced moves up. */
    private void free(int slot) {
        entries[(index[slot] - 1) * STRIDE + PORTS] = 0;
        size--;
        int mask = index.length - 1;
        int gap = slot;
        for (int at = (gap + 1) & mask; index[at] != 0; at = (at + 1) & mask) {
            int home = home(index[at] - 1);
            if (((at - home) & mask) >= ((at - gap) & mask)) {
                index[gap] = index[at];
                gap = at;
            }
        }
        index[gap] = 0;
    }

    /** The slot of an entry with this key, or the free one where it belongs. */
    private int slot(Tuple reply) {
        int mask = index.length - 1;
        long ports = reply.ports();
        int slot = (int) hash(reply.destinationHigh, reply.destinationLow, reply.sourceHigh, reply.sourceLow, ports)
                & mask;
        while (index[slot] != 0) {
            int at = (index[slot] - 1) * STRIDE;
            if (entries[at + PORTS] == ports
                    && entries[at + SEEN_LOW] == reply.destinationLow
                    && entries[at + SEEN_HIGH] == reply.destinationHigh
                    && entries[at + SERVER_LOW] == reply.sourceLow
                    && entries[at + SERVER_HIGH] == reply.sourceHigh) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int slotOf(int entry) {
        int slot = home(entry);
        while (index[slot] != entry + 1) {
            slot = (slot + 1) & (index.length - 1);
        }
        return slot;
    }

    private int freeSlot(int entry) {
        int slot = home(entry);
        while (index[slot] != 0) {
            slot = (slot + 1) & (index.length - 1);
        }
        return slot;
    }

    private int home(int entry) {
        int at = entry * STRIDE;
        return (int) hash(
                        entries[at + SEEN_HIGH],
                        entries[at + SEEN_LOW],
                        entries[at + SERVER_HIGH],
                        entries[at + SERVER_LOW],
                        entries[at + PORTS])
                & (index.length - 1);
    }

    /** Seeded, as addresses and ports are chosen by others. */
    private long hash(long a, long b, long c, long d, long e) {
        long h = mix(seed ^ a);
        h = mix(h ^ b);
        h = mix(h ^ c);
        h = mix(h ^ d);
        return mix(h ^ e);
    }

    /** The finalizer of MurmurHash3. */
    private static long mix(long value) {
        long h = value;
        h = (h ^ (h >>> 33)) * 0xff51_afd7_ed55_8ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
        return h ^ (h >>> 33);
    }
}
