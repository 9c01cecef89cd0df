// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The content of a gzip file of one or more members (RFC 1952), from direct buffer to direct buffer. The JDK's
 * GZIPInputStream copies through byte arrays and can take a pause in a pipe for the end of the last member.
 */
final class GzipInput implements ByteInput {
    private static final int MAGIC = 0x1f8b;
    private static final int DEFLATE = 8;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int HEADER = 10;
    private static final int TRAILER = 8;

    private final CompressedBytes source;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private boolean inMember;
    private boolean ended;
    private boolean cut;
    private int members;

    /** Waits for its turn while bytes before it are given out. */
    private @Nullable IOException failure;

    GzipInput(CompressedBytes source) {
        this.source = source;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int start = target.position();
        while (target.hasRemaining() && !ended && failure == null) {
            try {
                if (!inMember) {
                    inMember = beginMember();
                    ended = !inMember;
                } else if (!inflate(target)) {
                    // What is there is not held back until a slow pipe gives more.
                    if (target.position() > start) {
                        break;
                    }
                    if (!source.has(1)) {
                        cut = true;
                        ended = true;
                    }
                }
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

    /** Inflates what it can; false when it needs more compressed bytes. */
    private boolean inflate(ByteBuffer target) throws IOException {
        int start = target.position();
        long before = inflater.getBytesWritten();
        inflater.setInput(source.buffer);
        DataFormatException damage = null;
        try {
            inflater.inflate(target);
        } catch (DataFormatException e) {
            damage = e;
        }
        int count = (int) (inflater.getBytesWritten() - before);
        ByteBuffer inflated = target.duplicate();
        inflated.position(start).limit(start + count);
        crc.update(inflated);
        target.position(start + count);
        if (damage != null) {
            throw new IOException("damaged gzip data (" + damage.getMessage() + ")");
        }
        if (inflater.needsDictionary()) {
            throw new IOException("gzip data that needs a dictionary");
        }
        if (inflater.finished()) {
            endMember();
            return true;
        }
        return !target.hasRemaining() || source.buffer.hasRemaining();
    }

    /** Reads a member's header; false at the end of the file. */
    private boolean beginMember() throws IOException {
        if (!source.has(1) || onlyZeros()) {
            return false;
        }
        if (!source.has(HEADER)) {
            cut = true;
            return false;
        }
        ByteBuffer buffer = source.buffer;
        int magic = Short.toUnsignedInt(buffer.getShort());
        int method = buffer.get();
        if (magic != MAGIC || method != DEFLATE) {
            throw new IOException(
                    members == 0 ? "an unknown gzip method" : "bytes behind the gzip data that are not gzip");
        }
        int flags = buffer.get();
        buffer.position(buffer.position() + HEADER - 4);
        boolean complete = ((flags & FLAG_EXTRA) == 0 || skipExtra())
                && ((flags & FLAG_NAME) == 0 || skipString())
                && ((flags & FLAG_COMMENT) == 0 || skipString())
                && ((flags & FLAG_HEADER_CRC) == 0 || skip(2));
        cut = !complete;
        members++;
        return complete;
    }

    /** Padding to a tape's block size, as gzip(1) forgives it. */
    private boolean onlyZeros() throws IOException {
        if (members == 0 || source.buffer.get(source.buffer.position()) != 0) {
            return false;
        }
        while (source.has(1)) {
            if (source.buffer.get() != 0) {
                throw new IOException("bytes behind the gzip data that are not gzip");
            }
        }
        return true;
    }

    private boolean skipExtra() throws IOException {
        return source.has(2) && skip(Short.toUnsignedInt(Short.reverseBytes(source.buffer.getShort())));
    }

    private boolean skipString() throws IOException {
        while (source.has(1)) {
            if (source.buffer.get() == 0) {
                return true;
            }
        }
        return false;
    }

    private boolean skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            if (!source.has(1)) {
                return false;
            }
            source.buffer.get();
        }
        return true;
    }

    private void endMember() throws IOException {
        inMember = false;
        long length = inflater.getBytesWritten();
        int sum = (int) crc.getValue();
        inflater.reset();
        crc.reset();
        if (!source.has(TRAILER)) {
            cut = true;
            ended = true;
            return;
        }
        int expectedSum = Integer.reverseBytes(source.buffer.getInt());
        int expectedLength = Integer.reverseBytes(source.buffer.getInt());
        if (expectedSum != sum || expectedLength != (int) length) {
            throw new IOException("damaged gzip data (wrong check sum)");
        }
    }

    @Override
    public long position() {
        return source.position();
    }

    @Override
    public boolean cut() {
        return cut;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        source.close();
    }
}
