// SPDX-License-Identifier: Apache-2.0
package egret.capture.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A container engine's socket that says what the test has it say. */
public final class FakeEngine implements AutoCloseable {
    private static final String HANG = "hang";

    private final Path socket;
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
    private final List<SocketChannel> streams = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::serve, "fake-engine");

    public FakeEngine(Path socket) throws IOException {
        this.socket = socket;
        Files.deleteIfExists(socket);
        server.bind(UnixDomainSocketAddress.of(socket));
        thread.setDaemon(true);
        thread.start();
    }

    public void answer(String path, String body) {
        raw(path, "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body);
    }

    public void raw(String path, String answer) {
        answers.put(path, answer);
    }

    public void hang(String path) {
        answers.put(path, HANG);
    }

    /** The first lines of all questions so far. */
    public List<String> asked() {
        return asked;
    }

    public void event(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        for (SocketChannel stream : streams) {
            while (bytes.hasRemaining()) {
                stream.write(bytes);
            }
            bytes.rewind();
        }
    }

    private void serve() {
        try {
            while (server.isOpen()) {
                SocketChannel channel = server.accept();
                open.add(channel);
                answer(channel);
            }
        } catch (IOException ignored) {
            // It was closed.
        }
    }

    private void answer(SocketChannel channel) {
        try {
            String line = line(channel);
            asked.add(line);
            String path = line.split(" ")[1];
            if (path.startsWith("/events")) {
                write(channel, "HTTP/1.0 200 OK\r\n\r\n");
                streams.add(channel);
                return;
            }
            String answer =
                    answers.getOrDefault(path, "HTTP/1.0 404 Not Found\r\n\r\n{\"message\":\"No such container\"}");
            if (answer.equals(HANG)) {
                return;
            }
            // In pieces, as a socket may.
            int half = answer.length() / 2;
            write(channel, answer.substring(0, half));
            write(channel, answer.substring(half));
            channel.close();
        } catch (IOException ignored) {
            // The other side had enough.
        }
    }

    private static String line(SocketChannel channel) throws IOException {
        var in = Channels.newInputStream(channel);
        var out = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
            out.write(next);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
        Files.deleteIfExists(socket);
    }
}
