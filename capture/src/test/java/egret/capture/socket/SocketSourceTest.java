// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.capture.linux.Libc;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each source by itself, on this machine's kernel: every connection has its process, and never another one's. */
class SocketSourceTest {
    private static final int OWN_PID = (int) ProcessHandle.current().pid();
    private static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";
    private static final int PAGE = 65_536;

    enum Source {
        BPF_CONNECT,
        BPF_SOCK_OPS,
        BPF_SOCK_CREATE,
        TRACEFS;

        SocketSource open(int ring) throws SocketSourceException {
            return switch (this) {
                case BPF_CONNECT -> ring == 0 ? BpfSource.openConnect() : BpfSource.openConnect(ring);
                case BPF_SOCK_OPS ->
                    ring == 0 ? BpfSource.openSocketOperations() : BpfSource.openSocketOperations(ring);
                case BPF_SOCK_CREATE -> ring == 0 ? BpfSource.openSocketCreation() : BpfSource.openSocketCreation(ring);
                case TRACEFS -> ring == 0 ? TraceSource.open() : new TraceSource(TraceReader.open(true, 8), true);
            };
        }
    }

    @BeforeAll
    static void needsLinux() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/ns/pid")), "needs Linux");
        String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        assumeTrue(
                namespace.equals(INITIAL_PID_NAMESPACE),
                "needs the initial pid namespace, as the kernel's numbers are its");
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash with /dev/tcp");
    }

    private static SocketSource open(Source source) {
        return open(source, 0);
    }

    private static SocketSource open(Source source, int ring) {
        try {
            return source.open(ring);
        } catch (SocketSourceException refused) {
            String sentence = refused.getMessage();
            // Only the process in sock_ops is refused by kernels that are still in use (before 6.10).
            assertThat(sentence.contains("does not take the BPF program") && source != Source.BPF_SOCK_OPS)
                    .as(sentence)
                    .isFalse();
            return abort(source + " needs root: " + sentence);
        }
    }

    private static void check(OwnConnections own, SocketSource source, int count) {
        own.pollUntil(
                source, () -> own.truth.size() >= count && own.told.keySet().containsAll(own.truth.keySet()));
        assertThat(own.truth).hasSize(count);
        assertThat(own.told).containsExactlyInAnyOrderEntriesOf(own.truth);
        assertThat(own.contradictions).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void namesProcessesThatLiveAMillisecond(Source kind) throws IOException {
        try (SocketSource source = open(kind);
                OwnConnections own = new OwnConnections()) {
            own.burst("tcp", "127.0.0.1", 200);
            own.burst("tcp", "::1", 50);
            check(own, source, 250);
            if (kind == Source.BPF_CONNECT) {
                assertThat(own.commands.values()).containsOnly("bash");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesADaemonOfManyThreads(Source kind) throws IOException, InterruptedException {
        try (SocketSource source = open(kind);
                OwnConnections own = new OwnConnections()) {
            List<Thread> threads = new ArrayList<>();
            for (int number = 0; number < 8; number++) {
                String host = number % 2 == 0 ? "127.0.0.1" : "::1";
                Thread thread = new Thread(() -> {
                    for (int count = 0; count < 40; count++) {
                        try {
                            own.connect(host);
                        } catch (IOException missing) {
                            throw new AssertionError(missing);
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            check(own, source, 320);
            assertThat(own.told.values()).containsOnly(OWN_PID);
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesConnectionsThatAreRefused(Source kind) throws IOException {
        try (SocketSource source = open(kind);
                OwnConnections own = new OwnConnections()) {
            int closed;
            try (ServerSocket gone = new ServerSocket(0)) {
                closed = gone.getLocalPort();
            }
            for (String host : List.of("127.0.0.1", "::1")) {
                own.byDestination.clear();
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(host, closed), 5_000);
                } catch (ConnectException expected) {
                    own.pollUntil(source, () -> own.byDestination.containsKey(closed));
                }
                assertThat(own.byDestination).containsEntry(closed, OWN_PID);
            }
        }
    }

    /** As in a container: nobody listens there, so that the connection is refused. */
    @ParameterizedTest
    @EnumSource
    void namesProcessesInOtherNetworks(Source kind, @TempDir Path directory) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare");
        Path number = directory.resolve("pid");
        try (SocketSource source = open(kind);
                OwnConnections own = new OwnConnections()) {
            OwnConnections.run("unshare -n bash -c 'ip link set lo up; echo $$ > " + number
                    + "; exec 3<>/dev/tcp/127.0.0.1/" + own.tcpPort() + "' 2> " + directory.resolve("refused"));
            assumeTrue(Files.exists(number), "needs CAP_SYS_ADMIN for a network namespace");
            own.pollUntil(source, () -> own.byDestination.containsKey(own.tcpPort()));
            int pid = Integer.parseInt(Files.readString(number).trim());
            assertThat(own.byDestination).containsEntry(own.tcpPort(), pid);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TRACEFS", mode = EnumSource.Mode.EXCLUDE)
    void namesUdpOnceForEachDestination(Source kind) throws IOException {
        try (SocketSource source = open(kind);
                OwnConnections own = new OwnConnections()) {
            assumeTrue(((BpfSource) source).datagrams(), kind + " has no programs for UDP in this kernel");
            own.burst("udp", "127.0.0.1", 30);
            own.burst("udp", "::1", 10);
            byte[] pid = Integer.toString(OWN_PID).getBytes(StandardCharsets.US_ASCII);
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int count = 0; count < 5; count++) {
                    for (String host : List.of("127.0.0.1", "::1")) {
                        InetAddress address = InetAddress.getByName(host);
                        socket.send(new DatagramPacket(pid, pid.length, address, own.udpPort()));
                    }
                }
            }
            own.pollUntil(source, () -> own.datagramsReceived >= 50 && own.datagrams >= 42);
            assertThat(own.told).containsExactlyInAnyOrderEntriesOf(own.truth);
            assertThat(own.datagrams).isEqualTo(42);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TRACEFS", mode = EnumSource.Mode.EXCLUDE)
    void tellsTheSequenceNumberThatIsOnTheWire(Source kind) throws IOException {
        try (SocketSource source = open(kind);
                OwnConnections own = new OwnConnections();
                RawSyns syns = RawSyns.open(own.tcpPort())) {
            own.burst("tcp", "127.0.0.1", 50);
            check(own, source, 50);
            own.pollUntil(source, () -> own.sequences.size() >= 50);
            Map<String, Integer> captured = syns.read(); // all, unless others send so much that its buffer is full
            assertThat(captured).isNotEmpty();
            assertThat(own.sequences).hasSize(50).containsAllEntriesOf(captured);
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsWhatWasLostAndNamesNobodyWronglyAfterIt(Source kind) throws IOException {
        try (SocketSource source = open(kind, PAGE);
                OwnConnections own = new OwnConnections()) {
            for (int count = 0; count < 600; count++) {
                own.connect("127.0.0.1");
            }
            own.burst("tcp", "127.0.0.1", 100);
            own.pollUntil(source, () -> own.truth.size() >= 700);
            source.poll(own);
            assertThat(source.lost()).isPositive();
            assertThat(own.truth).hasSize(700).containsAllEntriesOf(own.told);

            Map<String, Integer> before = new HashMap<>(own.truth);
            own.burst("tcp", "127.0.0.1", 20);
            own.pollUntil(source, () -> {
                Map<String, Integer> since = new HashMap<>(own.truth);
                since.keySet().removeAll(before.keySet());
                return own.truth.size() >= 720 && own.told.keySet().containsAll(since.keySet());
            });
            assertThat(own.truth).hasSize(720).containsAllEntriesOf(own.told);
        }
    }

    /** SYNs to one port on the loopback, from a packet socket. */
    private record RawSyns(int descriptor, int port) implements AutoCloseable {
        private static final int AF_PACKET = 17;
        private static final int DATAGRAM_NON_BLOCKING = 2 | 0x800;
        private static final int IPV4_IN_NETWORK_ORDER = 0x0008;
        private static final int SOL_SOCKET = 1;
        private static final int SO_RCVBUFFORCE = 33;
        private static final int SYN = 2;
        private static final int SYN_ACK = 18;

        static RawSyns open(int port) {
            int descriptor = Libc.socket(AF_PACKET, DATAGRAM_NON_BLOCKING, IPV4_IN_NETWORK_ORDER);
            assumeTrue(descriptor >= 0, "needs CAP_NET_RAW");
            ByteBuffer bytes =
                    ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder()).putInt(0, 8 << 20);
            Libc.setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, bytes, 4);
            return new RawSyns(descriptor, port);
        }

        Map<String, Integer> read() {
            Map<String, Integer> sequences = new HashMap<>();
            ByteBuffer packet = ByteBuffer.allocateDirect(2048);
            while (Libc.recv(descriptor, packet, packet.capacity(), 0) > 0) {
                int tcp = (packet.get(0) & 15) * 4;
                if (packet.get(9) == 6
                        && (packet.get(tcp + 13) & SYN_ACK) == SYN
                        && (packet.getShort(tcp + 2) & 0xffff) == port) {
                    sequences.put("tcp 127.0.0.1 " + (packet.getShort(tcp) & 0xffff), packet.getInt(tcp + 4));
                }
            }
            return sequences;
        }

        @Override
        public void close() {
            Libc.close(descriptor);
        }
    }
}
