// SPDX-License-Identifier: Apache-2.0
package egret.capture.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The events of a container engine, one line of JSON each, as they come over its Unix socket. Never waits: whoever owns it
 * asks a selector. One thread.
 */
public final class EngineEvents implements AutoCloseable {
    /** Takes one event. The bytes are valid during the call. */
    @FunctionalInterface
    public interface Listener {
        void event(byte[] line, int length);
    }

    /** Longer events are counted. */
    private static final int MAX_LINE = 256 << 10;

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
    private byte[] line = new byte[1 << 10];
    private int length;
    private boolean lineTooLong;
    private boolean headRead;
    private long overlong;

    private EngineEvents(SocketChannel channel) {
        this.channel = channel;
    }

    /** @param path with what is asked for, as {@code /events?filters=...} */
    public static EngineEvents open(Path socket, String path) throws IOException {
        return new EngineEvents(EngineAnswer.ask(socket, path));
    }

    /** Does not block. */
    public SocketChannel channel() {
        return channel;
    }

    /**
     * Reads what is there, at most a buffer of it.
     *
     * @return false if there will be no more
     * @throws IOException if it is no stream of events
     */
    public boolean read(Listener listener) throws IOException {
        buffer.clear();
        int read = channel.read(buffer);
        for (int at = 0; at < read; at++) {
            take(buffer.get(at), listener);
        }
        return read >= 0;
    }

    /** Events that were too long to be read. */
    public long overlong() {
        return overlong;
    }

    private void take(byte next, Listener listener) throws IOException {
        if (next == '\n') {
            if (headRead) {
                event(listener);
                length = 0;
            } else if (length >= 3 && line[length - 1] == '\r' && line[length - 2] == '\n') {
                headRead = true;
                if (!EngineAnswer.good(new String(line, 0, length, StandardCharsets.ISO_8859_1))) {
                    throw new IOException("no events");
                }
                length = 0;
            } else {
                put(next);
            }
        } else {
            put(next);
        }
        if (!headRead && length >= EngineAnswer.MAX_HEAD) {
            throw new IOException("no head");
        }
    }

    private void put(byte next) {
        if (length == line.length) {
            if (length == MAX_LINE) {
                lineTooLong = true;
                return;
            }
            line = Arrays.copyOf(line, Math.min(MAX_LINE, length * 2));
        }
        line[length++] = next;
    }

    private void event(Listener listener) {
        if (lineTooLong) {
            lineTooLong = false;
            overlong++;
        } else if (length > 1) { // Podman keeps the line alive with empty ones.
            listener.event(line, length);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // Nothing was written that could be lost.
        }
    }
}
