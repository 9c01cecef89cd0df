// SPDX-License-Identifier: Apache-2.0
package egret.capture.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The body of the answer to one GET over a Unix socket, in HTTP/1.0 so that it comes unchunked and ends with the connection.
 * Reading it throws when the time is over or it is too long.
 */
public final class EngineAnswer extends InputStream {
    /** A list of thousands of containers. */
    static final long MAX_BODY = 16L << 20;

    static final int MAX_HEAD = 16 << 10;
    private static final int OK = 200;
    private static final int BUFFER = 16 << 10;

    private final SocketChannel channel;
    private final Selector selector;
    private final long deadlineNanos;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private long left = MAX_BODY;

    private EngineAnswer(SocketChannel channel, Selector selector, long deadlineNanos) {
        this.channel = channel;
        this.selector = selector;
        this.deadlineNanos = deadlineNanos;
        buffer.flip();
    }

    /**
     * Asks, and reads as far as the body.
     *
     * @param nanos until when it must be read to the end, from now
     * @throws IOException if there is nobody, or the answer is any but 200
     */
    public static EngineAnswer get(Path socket, String path, long nanos) throws IOException {
        SocketChannel channel = ask(socket, path);
        try {
            Selector selector = Selector.open();
            EngineAnswer answer = new EngineAnswer(channel, selector, System.nanoTime() + nanos);
            try {
                channel.register(selector, SelectionKey.OP_READ);
                answer.head();
                return answer;
            } catch (IOException | RuntimeException e) {
                selector.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** A channel that does not block, on which the question is under way. */
    static SocketChannel ask(Path socket, String path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            // At once or never: there is no handshake; a queue that is full is an error here.
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("no connection");
            }
            ByteBuffer question =
                    ByteBuffer.wrap(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            channel.write(question);
            if (question.hasRemaining()) {
                throw new IOException("not taken"); // A few hundred bytes always fit.
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether a head that is complete says that what was asked for follows, as it is. */
    static boolean good(String head) {
        int blank = head.indexOf(' ');
        if (!head.startsWith("HTTP/1.") || blank < 0 || !head.startsWith(OK + " ", blank + 1)) {
            return false;
        }
        int from = head.indexOf("\r\n");
        while (from >= 0) {
            if (head.regionMatches(true, from + 2, "Transfer-Encoding:", 0, "Transfer-Encoding:".length())) {
                return false;
            }
            from = head.indexOf("\r\n", from + 2);
        }
        return true;
    }

    private void head() throws IOException {
        StringBuilder head = new StringBuilder();
        int ends = 0;
        while (ends < 4) {
            int next = read();
            if (next < 0 || head.length() >= MAX_HEAD) {
                throw new IOException("no head");
            }
            head.append((char) next);
            ends = next == "\r\n\r\n".charAt(ends) ? ends + 1 : next == '\r' ? 1 : 0;
        }
        if (!good(head.toString())) {
            int line = head.indexOf("\r\n");
            throw new IOException("refused: " + printable(head.substring(0, Math.max(0, line))));
        }
        left = MAX_BODY;
    }

    private static String printable(String text) {
        StringBuilder printed = new StringBuilder();
        for (int i = 0; i < text.length() && i < 80; i++) {
            char c = text.charAt(i);
            printed.append(c >= ' ' && c < 127 ? c : '?');
        }
        return printed.toString();
    }

    @Override
    public int read() throws IOException {
        if (!buffer.hasRemaining() && !fill()) {
            return -1;
        }
        return buffer.get() & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!buffer.hasRemaining() && !fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(into, offset, count);
        return count;
    }

    private boolean fill() throws IOException {
        buffer.clear();
        for (; ; ) {
            int read = channel.read(buffer);
            if (read != 0) {
                buffer.flip();
                left -= Math.max(0, read);
                if (left < 0) {
                    throw new IOException("longer than " + MAX_BODY + " bytes");
                }
                return read > 0;
            }
            long waits = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (waits <= 0 || Thread.currentThread().isInterrupted()) {
                throw new IOException("not answered in time");
            }
            selector.select(waits);
            selector.selectedKeys().clear();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
