// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a zstd file of one or more frames (RFC 8878), from direct buffer to direct buffer. The library refuses
 * windows above 128 MiB, which bounds the memory that a file can ask for. Loads native code: made only for such files.
 */
final class ZstdInput implements ByteInput {
    private static final int STEP = 8 << 10;

    private final CompressedBytes source;
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private boolean betweenFrames = true;
    private boolean ended;
    private @Nullable IOException failure;

    ZstdInput(CompressedBytes source) {
        this.source = source;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int start = target.position();
        while (target.position() == start && !ended && failure == null) {
            try {
                if (betweenFrames && !source.has(1)) {
                    ended = true;
                } else {
                    // Also with no input: a target that was full may have left decompressed bytes in the context.
                    betweenFrames = decompress(target);
                    ended = target.position() == start && !betweenFrames && !source.has(1);
                }
            } catch (ZstdException e) {
                failure = new IOException("damaged zstd data (" + e.getMessage() + ")");
            } catch (IOException e) {
                failure = e;
            }
        }
        int count = target.position() - start;
        if (count > 0) {
            return count;
        }
        if (failure != null) {
            throw failure;
        }
        return -1;
    }

    /** A little at a time: what comes out of the bytes of a call that finds damage is lost. */
    private boolean decompress(ByteBuffer target) {
        ByteBuffer compressed = source.buffer;
        int end = compressed.limit();
        compressed.limit(Math.min(end, compressed.position() + STEP));
        try {
            return context.decompressDirectByteBufferStream(target, compressed);
        } finally {
            compressed.limit(end);
        }
    }

    @Override
    public long position() {
        return source.position();
    }

    @Override
    public boolean cut() {
        return !betweenFrames;
    }

    @Override
    public void close() throws IOException {
        context.close();
        source.close();
    }
}
