// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reused buffers for segments that wait for the ones before them, in sizes of powers of two. All that exist, in use or
 * not, are paid for from the budget.
 */
final class SegmentBuffers {
    private static final int SMALLEST_BITS = 11;
    private static final int SIZES = 6;

    /** The largest segment that is held: what segmentation offload makes at most. */
    static final int LARGEST = 1 << (SMALLEST_BITS + SIZES - 1);

    private final ByteBudget budget;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final ArrayDeque<ByteBuffer>[] free = new ArrayDeque[SIZES];

    SegmentBuffers(ByteBudget budget) {
        this.budget = budget;
        for (int i = 0; i < SIZES; i++) {
            free[i] = new ArrayDeque<>();
        }
    }

    /** A buffer of at least that many bytes, null for want of memory. */
    @Nullable
    ByteBuffer take(int length) {
        if (length > LARGEST) {
            return null;
        }
        int size = size(length);
        ByteBuffer buffer = free[size].poll();
        if (buffer != null) {
            return buffer;
        }
        int bytes = 1 << (SMALLEST_BITS + size);
        if (!budget.has(bytes)) {
            dropOthers(size);
        }
        return budget.take(bytes) ? ByteBuffer.allocateDirect(bytes) : null;
    }

    void give(ByteBuffer buffer) {
        free[size(buffer.capacity())].push(buffer);
    }

    private void dropOthers(int size) {
        for (int i = 0; i < SIZES; i++) {
            while (i != size && !free[i].isEmpty()) {
                budget.give(free[i].pop().capacity());
            }
        }
    }

    private static int size(int length) {
        return Math.max(0, 32 - Integer.numberOfLeadingZeros(Math.max(0, length - 1)) - SMALLEST_BITS);
    }
}
