// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is known of one fragmented datagram: whose it is, which blocks of 8 bytes came and in which chunks they lie. */
final class FragmentedDatagram {
    /** Bytes in one chunk of the table's memory; a multiple of 8. */
    static final int CHUNK = 2048;

    private static final int UNKNOWN = -1;

    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private long key;

    /** When its first fragment came. */
    long since;

    /** How many fragments came, copies among them. */
    int fragments;

    /** Named by the fragment at offset 0; -1 before it came. */
    int protocol;

    /** By position in the datagram; -1 where there is none. */
    final int[] chunks = new int[65536 / CHUNK];

    private final long[] blocks = new long[65536 / 8 / 64];
    private int firstMissing;
    private int total;
    private int cut;

    @Nullable
    FragmentedDatagram nextInBucket;

    @Nullable
    FragmentedDatagram older;

    @Nullable
    FragmentedDatagram younger;

    FragmentedDatagram() {
        Arrays.fill(chunks, -1);
    }

    void begin(Packet packet, long newKey) {
        sourceHigh = packet.sourceHigh;
        sourceLow = packet.sourceLow;
        destinationHigh = packet.destinationHigh;
        destinationLow = packet.destinationLow;
        key = newKey;
        since = packet.timestampNanos;
        fragments = 0;
        protocol = UNKNOWN;
        Arrays.fill(blocks, 0);
        firstMissing = 0;
        total = UNKNOWN;
        cut = Integer.MAX_VALUE;
    }

    boolean is(Packet packet, long otherKey) {
        return key == otherKey
                && sourceLow == packet.sourceLow
                && destinationLow == packet.destinationLow
                && sourceHigh == packet.sourceHigh
                && destinationHigh == packet.destinationHigh;
    }

    int bucket(int buckets) {
        return bucket(sourceLow, destinationLow, key, buckets);
    }

    /** @param buckets a power of two */
    static int bucket(long sourceLow, long destinationLow, long key, int buckets) {
        long mixed = (sourceLow * 31 + destinationLow) * 31 + key;
        mixed *= 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 40) & (buckets - 1);
    }

    /** Whether the fragment may add bytes. The first that says where the datagram ends is believed. */
    boolean accepts(int offset, int length, boolean more) {
        if (!more) {
            if (total == UNKNOWN) {
                total = offset + length;
            }
            return total == offset + length;
        }
        return total == UNKNOWN || offset < total;
    }

    /** Marks a block as here; false if it was before. */
    boolean take(int block) {
        long bit = 1L << block;
        if ((blocks[block >>> 6] & bit) != 0) {
            return false;
        }
        blocks[block >>> 6] |= bit;
        return true;
    }

    /** Of a fragment that the snaplen cut: what follows is not there. */
    void capturedTo(int position) {
        cut = Math.min(cut, position);
    }

    boolean isWhole() {
        if (total == UNKNOWN) {
            return false;
        }
        int needed = (total + 7) >>> 3;
        while (firstMissing < needed) {
            long missing = ~blocks[firstMissing >>> 6] >>> firstMissing;
            if (missing != 0) {
                firstMissing += Long.numberOfTrailingZeros(missing);
                return firstMissing >= needed;
            }
            firstMissing = (firstMissing | 63) + 1;
        }
        return true;
    }

    int length() {
        return total;
    }

    /** How many bytes from the beginning are there. */
    int captured() {
        return Math.min(total, cut);
    }
}
