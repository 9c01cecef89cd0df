// SPDX-License-Identifier: Apache-2.0
package egret.analyzer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A token server and registry on loopback, which answers each path with the bytes that it was given; any may be hostile. */
public final class FakeRegistry implements AutoCloseable {
    public static final String TOKEN = "HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"token\":\"abc.def\"}";

    /** Goes on until the other side has enough. */
    public static final String ENDLESS = "endless ";

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ConcurrentHashMap<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public FakeRegistry() throws IOException {
        answers.put("/token", TOKEN);
        Thread thread = new Thread(this::serve, "fake-registry");
        thread.setDaemon(true);
        thread.start();
    }

    /** A rules file that asks here. */
    public String rules() {
        return """
                endpoints:
                  - name: docker-hub
                    limits:
                      pull:
                        check: {token: "http://127.0.0.1:%1$d/token?scope=x", manifest: "http://127.0.0.1:%1$d/manifest"}
                """.formatted(socket.getLocalPort());
    }

    /** What it says of its limit. */
    public FakeRegistry says(String... headers) {
        answers.put(
                "/manifest", "HTTP/1.1 200 OK\r\n" + String.join("\r\n", headers) + "\r\nContent-Length: 0\r\n\r\n");
        return this;
    }

    /** The raw answer to a path; "" for none at all. */
    public FakeRegistry answer(String path, String bytes) {
        answers.put(path, bytes);
        return this;
    }

    /** The heads of all requests so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread thread = new Thread(() -> answer(client), "fake-registry-answer");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            while (true) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    int next = in.read();
                    if (next < 0) {
                        return;
                    }
                    head.append((char) next);
                }
                requests.add(head.toString());
                String path = head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP"));
                int query = path.indexOf('?');
                String answer = answers.getOrDefault(query < 0 ? path : path.substring(0, query), "");
                boolean endless = answer.startsWith(ENDLESS);
                byte[] bytes =
                        (endless ? answer.substring(ENDLESS.length()) : answer).getBytes(StandardCharsets.ISO_8859_1);
                do {
                    out.write(bytes);
                } while (endless);
            }
        } catch (IOException ignored) { // the other side has gone
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
