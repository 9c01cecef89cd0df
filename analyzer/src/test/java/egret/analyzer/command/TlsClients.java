// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A registry that refuses everybody, and clients of it: threads of this process, and processes that live for a connection. */
final class TlsClients implements AutoCloseable {
    static final String NAME = "registry-1.docker.io";
    static final int PORT = 443;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final char[] PASSWORD = "of-a-test".toCharArray();

    private final NatSite site;
    private final SSLContext context;
    private final ExecutorService handlers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "registry");
        thread.setDaemon(true);
        return thread;
    });
    private final SSLServerSocket server;
    private final Path hellos;
    private final Path script;

    TlsClients(NatSite site, Path directory) throws Exception {
        this.site = site;
        Path keys = directory.resolve("keys.p12");
        int made = NatSite.run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + NAME,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                new String(PASSWORD));
        if (made != 0) {
            throw new IOException("keytool makes no key");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
        server = site.in("server", () ->
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(PORT, 1024));
        handlers.submit(this::accept);
        hellos = directory.resolve("hello");
        script = directory.resolve("pull");
        // The one byte that is read says that the server had the hello.
        Files.writeString(
                script,
                "exec 3<>/dev/tcp/" + NatSite.SERVER + "/" + PORT + "; cat " + hellos
                        + "$1 >&3; head -c 1 <&3 >/dev/null\n");
    }

    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                handlers.submit(() -> answer(socket));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private static void answer(Socket socket) {
        try (socket) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            InputStream in = socket.getInputStream();
            int blank = 0;
            for (int next = in.read(); next >= 0 && blank < 4; next = blank < 4 ? in.read() : next) {
                blank = next == '\r' || next == '\n' ? blank + 1 : 0;
            }
            if (blank == 4) {
                socket.getOutputStream()
                        .write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException clientLeft) {
            // The processes that say no more than hello.
        }
    }

    private byte[] hello() throws IOException {
        SSLEngine engine = context.createSSLEngine(NAME, PORT);
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.beginHandshake();
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Connections of this process from a host, each with one request and its answer. */
    void pull(String where, String from, int connections) throws Exception {
        List<Future<Void>> all = new ArrayList<>();
        int threads = Math.min(8, connections);
        for (int thread = 0; thread < threads; thread++) {
            int share = connections / threads + (thread < connections % threads ? 1 : 0);
            all.add(handlers.submit(() -> site.in(where, () -> {
                for (int i = 0; i < share; i++) {
                    pull(from);
                }
                return null;
            })));
        }
        for (Future<Void> each : all) {
            each.get(PATIENCE_MILLIS * 2L, TimeUnit.MILLISECONDS);
        }
    }

    private void pull(String from) throws IOException {
        try (Socket plain = new Socket()) {
            plain.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            plain.connect(new InetSocketAddress(NatSite.SERVER, PORT), PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, NAME, PORT, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(NAME)));
                socket.setSSLParameters(parameters);
                socket.getOutputStream()
                        .write(("GET /v2/ HTTP/1.1\r\nHost: " + NAME + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            }
        }
    }

    /** Processes that connect, say hello and end; from the first address of the host. */
    void processes(String where, int count) throws Exception {
        processes(where, count, List.of());
    }

    /** @param before a command that runs them, or nothing */
    void processes(String where, int count, List<String> before) throws Exception {
        for (int i = 0; i < count; i++) {
            Files.write(Path.of(hellos + Integer.toString(i)), hello()); // no two are alike: each has its own random
        }
        List<String> command = new ArrayList<>(List.of("nsenter", site.enter(where)));
        command.addAll(before);
        command.addAll(List.of(
                "bash",
                "-c",
                "for ((i = 0; i < " + count + "; i++)); do bash " + script
                        + " $i & (( i % 8 == 7 )) && wait; done; wait"));
        int exit = NatSite.run(command.toArray(String[]::new));
        if (exit != 0) {
            throw new IOException("processes failed: " + exit);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        handlers.shutdownNow();
    }
}
