// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real connections of real processes on loopback, and in a network namespace of their own. */
final class SockDiagTest {
    private static final int OWN = (int) ProcessHandle.current().pid();

    private final Told told = new Told();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (Process child : children) {
            child.descendants().forEach(ProcessHandle::destroyForcibly);
            child.destroyForcibly().waitFor();
        }
        for (AutoCloseable resource : opened) {
            resource.close();
        }
    }

    @Test
    void namesTheProcessWithUserAndCgroup() throws Exception {
        SockDiag source = source(true);
        ServerSocket server = server();
        Process child = bash("exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; read");
        SocketEvent seen = accepted(server);

        source.poll(told);
        source.opened(seen, told);

        assertThat(told.until(source, () -> told.process(seen.sourcePort) != null))
                .isTrue();
        Told.Connection connection = told.process(seen.sourcePort);
        assertThat(connection.pid()).isEqualTo(child.pid());
        assertThat(connection.inferred()).isFalse();
        assertThat(connection.uid()).isEqualTo(uid(child.pid()));
        assertThat(connection.method()).isEqualTo("sock-diag");
    }

    @Test
    void findsAProcessThatItWasNotToldOf() throws Exception {
        ServerSocket server = server();
        Process child = bash("exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; read");
        SocketEvent seen = accepted(server);
        SockDiag source = source(false);

        source.opened(seen, told);

        assertThat(told.until(source, () -> told.process(seen.sourcePort) != null))
                .isTrue();
        assertThat(told.process(seen.sourcePort).pid()).isEqualTo(child.pid());
        assertThat(told.process(seen.sourcePort).inferred()).isFalse();
    }

    @Test
    void namesADaemonAtOnceWhenItIsKnown() throws Exception {
        SockDiag source = source(false);
        ServerSocket server = server();
        int connections = 40;
        List<Socket> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(() -> {
                try {
                    Socket client = new Socket(InetAddress.getByName("127.0.0.1"), server.getLocalPort());
                    synchronized (clients) {
                        clients.add(client);
                        opened.add(client);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        List<SocketEvent> seen = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            seen.add(accepted(server));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        source.opened(seen.get(0), told);
        assertThat(told.until(source, () -> told.process(seen.get(0).sourcePort) != null))
                .isTrue();

        for (SocketEvent event : seen) {
            source.opened(event, told);
        }

        for (SocketEvent event : seen) {
            assertThat(told.until(source, () -> told.process(event.sourcePort) != null))
                    .isTrue();
            assertThat(told.process(event.sourcePort).pid()).isEqualTo(OWN);
            assertThat(told.process(event.sourcePort).inferred()).isFalse();
        }
        assertThat(source.exact()).isEqualTo(connections + 1);
    }

    @Test
    void takesTheOldestOfSeveralHoldersAndDoesNotCallItExact() throws Exception {
        SockDiag source = source(true);
        ServerSocket server = server();
        // The shell connects; what it starts then inherits the socket and is the newer process.
        Process child = bash("exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; sleep 60 & echo; wait");
        child.getInputStream().read();
        SocketEvent seen = accepted(server);
        assertThat(told.until(source, () -> child.descendants().findAny().isPresent()))
                .isTrue();

        source.poll(told);
        source.opened(seen, told);

        assertThat(told.until(source, () -> told.process(seen.sourcePort) != null))
                .isTrue();
        assertThat(told.process(seen.sourcePort).pid()).isEqualTo(child.pid());
        assertThat(told.process(seen.sourcePort).inferred()).isTrue();
    }

    @Test
    void takesTheOldestOfSeveralHoldersInAWalkToo() throws Exception {
        ServerSocket server = server();
        Process child = bash("exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; sleep 60 & echo; wait");
        child.getInputStream().read();
        SocketEvent seen = accepted(server);
        SockDiag source = source(false);

        source.opened(seen, told);

        assertThat(told.until(source, () -> told.process(seen.sourcePort) != null))
                .isTrue();
        assertThat(told.process(seen.sourcePort).pid()).isEqualTo(child.pid());
        assertThat(told.process(seen.sourcePort).inferred()).isTrue();
    }

    @Test
    void doesNotCallAnHeirExact() throws Exception {
        for (boolean timeKnown : new boolean[] {false, true}) {
            SockDiag source = source(true);
            ServerSocket server = server();
            // The shell connects and ends; what it started before is all that holds the socket.
            Process child = bash("exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; read; sleep 20 & exit");
            SocketEvent seen = accepted(server);
            seen.monotonicNanos = timeKnown ? System.nanoTime() : 0;
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            child.waitFor();

            source.poll(told);
            source.opened(seen, told);

            assertThat(told.until(source, () -> told.process(seen.sourcePort) != null))
                    .isTrue();
            ProcessHandle.of(told.process(seen.sourcePort).pid()).ifPresent(ProcessHandle::destroyForcibly);
            assertThat(told.process(seen.sourcePort).inferred()).isTrue();
        }
    }

    @Test
    void namesNobodyWhenTheProcessIsGone() throws Exception {
        SockDiag source = source(true);
        ServerSocket server = server();
        Process child = bash("exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort());
        SocketEvent seen = accepted(server);
        child.waitFor();

        source.poll(told);
        source.opened(seen, told);

        assertThat(told.until(source, () -> source.withoutProcess() + source.absent() > 0))
                .isTrue();
        assertThat(told.process(seen.sourcePort)).isNull();
    }

    @Test
    void takesAListenerForNoConnection() throws Exception {
        SockDiag source = source(false);
        ServerSocket server = server();
        InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
        SocketEvent seen = Told.seen(address, new InetSocketAddress("127.0.0.1", 9), false);

        source.opened(seen, told);

        assertThat(told.until(source, () -> source.absent() > 0)).isTrue();
        assertThat(told.connections).isEmpty();
    }

    @Test
    void namesTheSenderOfDatagramsAndNotTheirReceiver() throws Exception {
        SockDiag source = source(true);
        DatagramSocket server = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        opened.add(server);
        Process child = bash("exec 3<>/dev/udp/127.0.0.1/" + server.getLocalPort() + "; echo x >&3; read");
        SocketEvent seen = received(server);

        source.poll(told);
        source.opened(seen, told);

        assertThat(told.until(source, () -> told.process(seen.sourcePort) != null))
                .isTrue();
        assertThat(told.process(seen.sourcePort).pid()).isEqualTo(child.pid());
        assertThat(told.process(seen.sourcePort).inferred()).isFalse();
    }

    @Test
    void isSureOfADatagramSocketWithoutPeerOnlyIfItIsTheOnlyOneOfItsPort() throws Exception {
        SockDiag source = source(false);
        DatagramSocket server = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        DatagramSocket alone = new DatagramSocket();
        DatagramSocket one = new DatagramSocket(null);
        DatagramSocket other = new DatagramSocket(null);
        opened.addAll(List.of(server, alone, one, other));
        one.setReuseAddress(true);
        one.bind(new InetSocketAddress("127.0.0.1", 0));
        other.setReuseAddress(true);
        other.bind(new InetSocketAddress("127.0.0.1", one.getLocalPort()));

        alone.send(new DatagramPacket(new byte[3], 3, server.getLocalSocketAddress()));
        SocketEvent ofAlone = received(server);
        source.opened(ofAlone, told);
        one.send(new DatagramPacket(new byte[3], 3, server.getLocalSocketAddress()));
        SocketEvent ofOne = received(server);
        source.opened(ofOne, told);

        assertThat(told.until(
                        source,
                        () -> told.process(ofAlone.sourcePort) != null && told.process(ofOne.sourcePort) != null))
                .isTrue();
        assertThat(told.process(ofAlone.sourcePort).inferred()).isFalse();
        assertThat(told.process(ofOne.sourcePort).inferred()).isTrue();
    }

    @Test
    void findsAProcessInAnotherNetworkNamespace() throws Exception {
        assumeTrue(uid(OWN) == 0, "a network namespace needs root");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare of util-linux");
        SockDiag source = source(true);
        Process child = start(
                "unshare",
                "-n",
                "bash",
                "-c",
                "ip link add d0 type veth peer name d1 && ip addr add 192.0.2.7/24 dev d0 && ip link set d1 up"
                        + " && ip link set d0 up && ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev d0 || exit 3;"
                        + " echo ready; exec 3<>/dev/tcp/192.0.2.9/443");
        assumeTrue(child.getInputStream().read() == 'r', "no namespace with a pair of interfaces can be made here");
        List<SocketEvent> found = new ArrayList<>();
        assertThat(told.until(source, () -> {
                    SocketTable table = new SocketTable();
                    table.read("/proc/" + child.pid() + "/net/tcp", false, (event, inode) -> found.add(event));
                    return !found.isEmpty();
                }))
                .isTrue();
        SocketEvent seen = found.get(0);

        source.opened(seen, told);

        assertThat(told.until(source, () -> told.process(seen.sourcePort) != null))
                .isTrue();
        assertThat(told.process(seen.sourcePort).pid()).isEqualTo(child.pid());
        assertThat(told.process(seen.sourcePort).inferred()).isFalse();
    }

    @Test
    void countsWhatItDoesNotAskWhenAFloodComes() throws Exception {
        SockDiag source = source(false);
        Random random = new Random(1);
        SocketEvent seen =
                Told.seen(new InetSocketAddress("198.51.100.1", 1), new InetSocketAddress("203.0.113.1", 443), false);

        for (int i = 0; i < 20_000; i++) {
            seen.sourceLow = 0xffff_0000_0000L | random.nextInt() & 0xffff_ffffL;
            source.opened(seen, told);
        }

        assertThat(source.lost()).isPositive();
        assertThat(told.connections).isEmpty();
    }

    private SockDiag source(boolean withConnector) throws SocketSourceException {
        ProcessConnector connector = null;
        if (withConnector) {
            try {
                connector = ProcessConnector.open();
            } catch (SocketSourceException e) {
                assumeTrue(false, e.getMessage());
            }
        }
        try {
            SockDiag source = SockDiag.open(connector);
            opened.add(source);
            return source;
        } catch (SocketSourceException e) {
            assumeTrue(false, e.getMessage());
            throw e;
        }
    }

    private ServerSocket server() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout(20_000);
        opened.add(server);
        return server;
    }

    private SocketEvent accepted(ServerSocket server) throws IOException {
        Socket accepted = server.accept();
        opened.add(accepted);
        return Told.seen(
                (InetSocketAddress) accepted.getRemoteSocketAddress(),
                (InetSocketAddress) accepted.getLocalSocketAddress(),
                false);
    }

    private static SocketEvent received(DatagramSocket server) throws IOException {
        server.setSoTimeout(20_000);
        DatagramPacket packet = new DatagramPacket(new byte[10], 10);
        server.receive(packet);
        return Told.seen(
                (InetSocketAddress) packet.getSocketAddress(),
                (InetSocketAddress) server.getLocalSocketAddress(),
                true);
    }

    private Process bash(String script) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
        return start("/bin/bash", "-c", script);
    }

    private Process start(String... command) throws IOException {
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        children.add(child);
        return child;
    }

    private static int uid(long pid) throws IOException {
        @Nullable Object uid = Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
        return (int) uid;
    }
}
