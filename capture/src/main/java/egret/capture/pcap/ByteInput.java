// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a capture, one after the other, decompressed. Used by one thread at a time. */
sealed interface ByteInput extends Closeable permits PlainInput, GzipInput, ZstdInput {
    /**
     * Puts bytes at the position of a direct buffer that has room.
     *
     * @return how many, at least 1; or -1 at the end
     * @throws IOException if there are no more because of a failure; bytes before it were given out
     */
    int read(ByteBuffer target) throws IOException;

    /** Bytes read of the file, compressed if it is. */
    long position();

    /** Whether the compressed bytes stop in the middle; known at the end. */
    boolean cut();
}
