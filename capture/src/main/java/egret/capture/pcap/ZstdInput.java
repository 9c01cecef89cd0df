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
                    betweenFrames = context.decompressDirectByteBufferStream(target, source.buffer);
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
