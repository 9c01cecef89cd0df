// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import java.io.BufferedReader;
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
import java.util.ArrayList;
import java.util.List;

/** A container engine that knows one container, until it ends and its socket with it. */
final class EngineSocket implements AutoCloseable {
    private final Path path;
    private final String list;
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final List<SocketChannel> streams = new ArrayList<>();
    private volatile boolean listed;

    EngineSocket(Path path, String id, String name) throws IOException {
        this.path = path;
        list = "[{\"Id\":\"" + id + "\",\"Names\":[\"/" + name + "\"],\"Image\":\"example/app\",\"Labels\":{}}]";
        server.bind(UnixDomainSocketAddress.of(path));
        Thread thread = new Thread(this::serve, "engine");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether somebody knows what runs. */
    boolean listed() {
        return listed;
    }

    private void serve() {
        try {
            while (server.isOpen()) {
                answer(server.accept());
            }
        } catch (IOException ended) {
            // It was closed.
        }
    }

    private void answer(SocketChannel channel) throws IOException {
        String asked = new BufferedReader(Channels.newReader(channel, StandardCharsets.US_ASCII)).readLine();
        boolean events = asked.contains("/events");
        boolean all = asked.contains("/containers/json");
        String answer =
                events || all ? "HTTP/1.0 200 OK\r\n\r\n" + (all ? list : "") : "HTTP/1.0 404 Not Found\r\n\r\n";
        channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
        if (events) {
            streams.add(channel);
        } else {
            channel.close();
        }
        listed |= all;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel stream : streams) {
            stream.close();
        }
        Files.deleteIfExists(path);
    }
}
