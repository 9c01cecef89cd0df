// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A stretch of a capture in one direct buffer: blocks are always read to the same place, and the record that a block's
 * end cuts is moved in front of the next block.
 *
 * <pre>
 *   | headroom ... [ rest of the last block | block ............ ] |
 *                  ^ offset                                limit ^
 * </pre>
 */
final class RecordWindow {
    /** More than a frame of 64 KiB (segmentation offload) with its record header. */
    private static final int HEADROOM = 72 << 10; // a multiple of ALIGNMENT, as all that it grows to

    /**
     * Blocks begin at a multiple of this many bytes in memory. The kernel copies pages to a place that is not aligned to a
     * cache line (as direct buffers are not by themselves) several times slower: measured 2.1 s against 0.5 s for 4.8 GB.
     */
    private static final int ALIGNMENT = 4096;

    private final int blockSize;
    private int headroom;

    /** Big-endian; replaced by a larger one when a record needs it. */
    ByteBuffer bytes;

    /** A second view of the same memory, whose position and limit only reading moves. */
    private ByteBuffer target;

    /** Bytes before it are used up. */
    int offset;

    /** Bytes from here on are not read yet. */
    int limit;

    /** Position in the capture of the byte at {@link #limit}. */
    long position;

    RecordWindow(int blockSize) {
        this.blockSize = blockSize;
        headroom = HEADROOM;
        bytes = allocate(headroom + blockSize);
        target = bytes.duplicate();
        offset = headroom;
        limit = headroom;
    }

    private static ByteBuffer allocate(int capacity) {
        return ByteBuffer.allocateDirect(capacity + 2 * ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .slice(0, capacity);
    }

    int blockSize() {
        return blockSize;
    }

    int rest() {
        return limit - offset;
    }

    /** Position in the capture of the byte at {@link #offset}. */
    long offsetPosition() {
        return position - rest();
    }

    /** Reads at least one more byte behind {@link #limit}; false at the end. */
    boolean fill(ByteInput input) throws IOException {
        if (limit == bytes.capacity()) {
            int rest = rest();
            prepend(bytes, offset, rest);
            limit = headroom;
        }
        target.limit(bytes.capacity()).position(limit);
        int count = input.read(target);
        if (count <= 0) {
            return false;
        }
        limit += count;
        position += count;
        return true;
    }

    /** Replaces everything by the block at a position of a file; it is shorter only at the file's end. */
    void read(FileChannel channel, long from) throws IOException {
        offset = headroom;
        limit = headroom;
        position = from;
        target.limit(bytes.capacity()).position(headroom);
        read(channel);
    }

    private void read(FileChannel channel) throws IOException {
        while (target.hasRemaining()) {
            int count = channel.read(target, position);
            if (count <= 0) {
                break;
            }
            limit += count;
            position += count;
        }
    }

    /** Reads the rest of the block that {@link #fill} began at the start of a file. */
    void complete(FileChannel channel) throws IOException {
        target.limit(bytes.capacity()).position(limit);
        read(channel);
    }

    /** Whether the last block read is as long as blocks are. */
    boolean full() {
        return limit == bytes.capacity();
    }

    /** Puts bytes, of this window or another, in front of the block. */
    void prepend(ByteBuffer source, int from, int length) {
        if (length > headroom) {
            int larger = Integer.highestOneBit(length) << 1;
            ByteBuffer grown = allocate(larger + blockSize);
            grown.put(larger, bytes, headroom, blockSize);
            grown.put(larger - length, source, from, length);
            limit += larger - headroom;
            headroom = larger;
            bytes = grown;
            target = grown.duplicate();
        } else {
            bytes.put(headroom - length, source, from, length);
        }
        offset = headroom - length;
    }

    /** Empties the window for another capture. */
    void clear() {
        offset = headroom;
        limit = headroom;
        position = 0;
    }
}
