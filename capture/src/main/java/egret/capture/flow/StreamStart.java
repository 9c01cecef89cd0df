// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.nio.ByteBuffer;

/**
 * The first bytes of one direction of a connection, put together from segments that come in any order, repeatedly or
 * overlapping; the bytes that came first win. Pooled: {@link #reset} makes it new.
 *
 * <p>It holds {@value #CAPACITY} bytes at most, enough for the largest ClientHello in use behind a proxy request;
 * what lies beyond is not taken and sets {@link #overflown}.
 */
final class StreamStart {
    static final int CAPACITY = 1 << 16;
    private static final int FIRST_CAPACITY = 1 << 12;

    /** Separate pieces at once; a segment that would make one more is not taken, its retransmission may be. */
    private static final int MAX_PIECES = 64;

    private final ByteBudget budget;
    private ByteBuffer bytes = ByteBuffer.allocateDirect(FIRST_CAPACITY);
    private final int[] starts = new int[MAX_PIECES];
    private final int[] ends = new int[MAX_PIECES];
    private int pieces;
    private int base;
    private boolean overflown;

    StreamStart(ByteBudget budget) {
        this.budget = budget;
    }

    /** @param sequence of the first byte of the stream */
    void reset(int sequence) {
        base = sequence;
        pieces = 0;
        overflown = false;
    }

    /** Takes {@code length} bytes at {@code offset} of {@code from} that carry this sequence number. */
    void add(int sequence, ByteBuffer from, int offset, int length) {
        int start = sequence - base;
        int end = start + length;
        if (end <= 0 || length <= 0) {
            return;
        }
        if (start < -CAPACITY) {
            return;
        }
        if (end > CAPACITY || end < start) {
            overflown = true;
            end = CAPACITY;
        }
        int at = Math.max(start, 0);
        if (at >= end) {
            return;
        }
        if (!ensure(end)) {
            overflown = true;
            return;
        }
        for (int i = 0; i < pieces && at < end; i++) {
            if (ends[i] <= at) {
                continue;
            }
            if (starts[i] >= end) {
                break;
            }
            if (at < starts[i]) {
                bytes.put(at, from, offset + (at - start), starts[i] - at);
            }
            at = ends[i];
        }
        if (at < end) {
            bytes.put(at, from, offset + (at - start), end - at);
        }
        merge(Math.max(start, 0), end);
    }

    private void merge(int from, int to) {
        int start = from;
        int end = to;
        int first = 0;
        while (first < pieces && ends[first] < start) {
            first++;
        }
        int last = first;
        while (last < pieces && starts[last] <= end) {
            start = Math.min(start, starts[last]);
            end = Math.max(end, ends[last]);
            last++;
        }
        if (last == first && pieces == MAX_PIECES) {
            return;
        }
        int moved = pieces - last;
        System.arraycopy(starts, last, starts, first + 1, moved);
        System.arraycopy(ends, last, ends, first + 1, moved);
        starts[first] = start;
        ends[first] = end;
        pieces = first + 1 + moved;
    }

    /** Gives back what it took beyond its first capacity; before it goes back to the pool. */
    void shrink() {
        if (bytes.capacity() > FIRST_CAPACITY) {
            budget.give(bytes.capacity() - FIRST_CAPACITY);
            bytes = ByteBuffer.allocateDirect(FIRST_CAPACITY);
        }
    }

    /** Bytes from the beginning without a hole. */
    int length() {
        return pieces > 0 && starts[0] == 0 ? ends[0] : 0;
    }

    /** Sequence number of the first byte. */
    int base() {
        return base;
    }

    /** Something lies behind a hole. */
    boolean hasHole() {
        return pieces > 1 || (pieces == 1 && starts[0] > 0);
    }

    /** Pieces without a hole; the first begins at 0 if {@link #length} is not. */
    int pieces() {
        return pieces;
    }

    int pieceStart(int piece) {
        return starts[piece];
    }

    int pieceEnd(int piece) {
        return ends[piece];
    }

    boolean overflown() {
        return overflown;
    }

    /** The bytes at [0, {@link #length}); valid until the next call. */
    ByteBuffer bytes() {
        return bytes;
    }

    private boolean ensure(int capacity) {
        if (bytes.capacity() < capacity) {
            int size = bytes.capacity();
            while (size < capacity) {
                size *= 2;
            }
            if (!budget.take(size - bytes.capacity())) {
                return false;
            }
            ByteBuffer larger = ByteBuffer.allocateDirect(size);
            larger.put(0, bytes, 0, bytes.capacity());
            bytes = larger;
        }
        return true;
    }
}
