// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The reading end of a BPF ring buffer (Documentation/bpf/ringbuf.rst): one page with the reader's position, one with the
 * writers', and the data, which go on with their own beginning so that no record is ever in two pieces. Each record has a header of eight
 * bytes: its length with two flags, and a word that only the kernel reads.
 */
final class BpfRingBuffer {
    /** Takes one record; the bytes are good during the call. */
    interface Records {
        void record(ByteBuffer data, int at, int length);
    }

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final int HEADER = 8;

    /** Still being written. */
    private static final int BUSY = 1 << 31;

    /** Given up by its writer. */
    private static final int DISCARDED = 1 << 30;

    private final ByteBuffer reader;
    private final ByteBuffer writers;
    private final ByteBuffer data;
    private final int size;
    private long damaged;

    /**
     * All direct, in the machine's byte order.
     *
     * @param data the ring and behind it as much of its beginning as a record takes at most
     * @param size of the ring, a power of two
     */
    BpfRingBuffer(ByteBuffer reader, ByteBuffer writers, ByteBuffer data, int size) {
        this.reader = reader;
        this.writers = writers;
        this.data = data;
        this.size = size;
    }

    /** Hands on the records that are complete. What arrives meanwhile waits for the next call: at most one ring full. */
    void poll(Records records) {
        long position = reader.getLong(0);
        long end = (long) LONGS.getAcquire(writers, 0);
        while (position < end) {
            int at = (int) (position & (size - 1));
            int header = (int) INTS.getAcquire(data, at);
            if ((header & BUSY) != 0) {
                return;
            }
            int length = header & ~DISCARDED;
            long next = position + ((HEADER + (long) length + 7) & ~7L);
            if (next > end || at + next - position > data.capacity()) {
                damaged++;
                LONGS.setRelease(reader, 0, end);
                return;
            }
            if ((header & DISCARDED) == 0) {
                records.record(data, at + HEADER, length);
            }
            position = next;
            LONGS.setRelease(reader, 0, position);
        }
    }

    /** How often the ring made no sense and all that was in it was left out. */
    long damaged() {
        return damaged;
    }
}
