// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The compressed bytes of a file, in a direct buffer that holds those not yet decompressed. */
final class CompressedBytes implements Closeable {
    private static final int CAPACITY = 64 << 10;

    private final PlainInput input;

    /** From position to limit: read and not yet decompressed. */
    final ByteBuffer buffer;

    /** @param begun the first bytes of the file, already read from {@code input} */
    CompressedBytes(PlainInput input, ByteBuffer begun) {
        this.input = input;
        buffer = ByteBuffer.allocateDirect(Math.max(CAPACITY, begun.remaining()));
        buffer.put(begun).flip();
    }

    /** Reads on until {@code count} bytes are in the buffer; false if the file ends before. */
    boolean has(int count) throws IOException {
        while (buffer.remaining() < count) {
            buffer.compact();
            int read = input.read(buffer);
            buffer.flip();
            if (read < 0) {
                return false;
            }
        }
        return true;
    }

    long position() {
        return input.position();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
