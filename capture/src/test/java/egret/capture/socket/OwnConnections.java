// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.rules.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Servers on the loopback whose clients say who they are: each sends its process number, so that what a source tells can
 * be held against the truth. All else that happens on this machine is left out.
 */
final class OwnConnections implements AutoCloseable, SocketEvents {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final long DEADLINE_SECONDS = 30;

    /** Process by protocol, source address and port, as clients say. */
    final Map<String, Integer> truth = new ConcurrentHashMap<>();

    /** Process by protocol, source address and port, as the source says. */
    final Map<String, Integer> told = new ConcurrentHashMap<>();

    final Map<String, String> commands = new ConcurrentHashMap<>();
    final Map<String, Integer> sequences = new ConcurrentHashMap<>();
    final Map<Integer, Integer> byDestination = new ConcurrentHashMap<>();
    int contradictions;
    int datagrams;
    volatile int datagramsReceived;

    private final ServerSocket tcp = new ServerSocket(0, 1024);
    private final DatagramSocket udp = new DatagramSocket(0);

    OwnConnections() throws IOException {
        start(this::accept);
        start(this::receive);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    int tcpPort() {
        return tcp.getLocalPort();
    }

    int udpPort() {
        return udp.getLocalPort();
    }

    private void accept() {
        while (!tcp.isClosed()) {
            try (Socket client = tcp.accept()) {
                client.setSoTimeout(PATIENCE_MILLIS);
                byte[] line = client.getInputStream().readNBytes(12);
                truth.put(key("tcp", client.getInetAddress(), client.getPort()), number(line, line.length));
            } catch (SocketException closed) {
                return;
            } catch (IOException | NumberFormatException ignored) {
                // A client that says nothing is none of ours.
            }
        }
    }

    private void receive() {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        while (!udp.isClosed()) {
            try {
                udp.receive(packet);
                truth.put(
                        key("udp", packet.getAddress(), packet.getPort()),
                        number(packet.getData(), packet.getLength()));
                datagramsReceived++;
            } catch (SocketException closed) {
                return;
            } catch (IOException | NumberFormatException ignored) {
                // As above.
            }
        }
    }

    /** Both families may have the same port at a time. */
    private static String key(String protocol, InetAddress address, int port) {
        return protocol + " " + IpAddress.parse(address.getHostAddress()) + " " + port;
    }

    private static int number(byte[] bytes, int length) {
        return Integer.parseInt(new String(bytes, 0, length, StandardCharsets.US_ASCII).trim());
    }

    /** Processes that connect, say their number and are gone: about a millisecond each. */
    void burst(String protocol, String host, int count) throws IOException {
        String script = "for ((i = 0; i < " + count + "; i++)); do ( exec 3<>/dev/" + protocol + "/" + host + "/"
                + (protocol.equals("tcp") ? tcpPort() : udpPort())
                + "; echo $BASHPID >&3 ) & (( i % 16 == 15 )) && wait; done; wait";
        run(script);
    }

    static void run(String script) throws IOException {
        Process shell = new ProcessBuilder("bash", "-c", script).inheritIO().start();
        try {
            if (!shell.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
                throw new IOException("does not end: " + script);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** A connection of this process; the address decides the family. */
    void connect(String host) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, tcpPort()), PATIENCE_MILLIS);
            say(socket);
        }
    }

    private static void say(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII));
    }

    /** Polls until it is so, or for 10 s. */
    void pollUntil(SocketSource source, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        source.poll(this);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
            source.poll(this);
        }
    }

    @Override
    public void connection(SocketEvent event, String method) {
        if (event.pid == 0) {
            return; // known to have been there, but not whose
        }
        byDestination.put(event.destinationPort, event.pid);
        if (event.destinationPort == (event.udp ? udpPort() : tcpPort())) {
            IpAddress source = new IpAddress(event.sourceHigh, event.sourceLow);
            String key = (event.udp ? "udp " : "tcp ") + source + " " + event.sourcePort;
            Integer before = told.put(key, event.pid);
            commands.put(key, event.command);
            datagrams += event.udp ? 1 : 0;
            // A UDP port may be used again at once.
            boolean changed = before != null && before != event.pid && !event.udp;
            contradictions += changed || event.inferred ? 1 : 0;
            if (event.initialSequenceKnown) {
                sequences.put(key, event.initialSequence);
            }
        }
    }

    @Override
    public void forked(int parentPid, int childPid) {}

    @Override
    public void executed(int pid, String path) {}

    @Override
    public void exited(int pid) {}

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
    }
}
