// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Buffered output that takes it quietly when its reader goes away, as under {@code | head}: what comes after is discarded.
 * Any other failure, as of a full disk, is thrown.
 */
final class StandardOutput extends OutputStream {
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream target;
    private final boolean pipe;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private boolean abandoned;

    /** @param pipe the target is a pipe or a socket, of which every failure to write means that its reader is gone */
    StandardOutput(OutputStream target, boolean pipe) {
        this.target = target;
        this.pipe = pipe;
    }

    /** Whether nobody reads any more. */
    boolean abandoned() {
        return abandoned;
    }

    @Override
    public void write(int b) throws IOException {
        if (filled == buffer.length) {
            drain();
        }
        buffer[filled++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == buffer.length) {
                drain();
            }
            int part = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, from, buffer, filled, part);
            filled += part;
            from += part;
            left -= part;
        }
    }

    @Override
    public void flush() throws IOException {
        drain();
    }

    private void drain() throws IOException {
        int length = filled;
        filled = 0;
        if (abandoned || length == 0) {
            return;
        }
        try {
            target.write(buffer, 0, length);
            target.flush();
        } catch (IOException e) {
            if (!pipe
                    && !String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe")) {
                throw e;
            }
            abandoned = true;
        }
    }
}
