// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.capture.linux.Libc;
import java.io.DataInputStream;
import java.io.DataOutputStream;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two clients behind a NAT and a server beyond it, in three network namespaces of their own. The server tells which
 * address and port it saw: the truth of a translation.
 *
 * <pre>
 * client 10.77.1.11, .12, fd77:1::11 -- 10.77.1.1 nat 203.0.113.5, 2001:db8::5 -- server 203.0.113.80, 2001:db8::80
 * </pre>
 */
final class NatNetwork implements AutoCloseable {
    static final String CLIENT_ONE = "10.77.1.11";
    static final String CLIENT_TWO = "10.77.1.12";
    static final String CLIENT_SIX = "fd77:1::11";
    static final String NAT = "203.0.113.5";
    static final String NAT_SIX = "2001:db8::5";
    static final String SERVER = "203.0.113.80";
    static final String SERVER_SIX = "2001:db8::80";
    static final int PORT = 443;

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int WAIT_MILLIS = 10_000;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** A connection as its two ends know it. */
    record Truth(InetSocketAddress client, InetSocketAddress seen, InetSocketAddress server) {}

    private final String prefix = "egret-nat-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    private final List<AutoCloseable> open = new ArrayList<>();

    NatNetwork() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "namespaces need Linux");
        assumeTrue(Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward")), "namespaces of one's own need root");
        assumeTrue(run("ip", "netns", "add", name("client")) == 0, "ip netns add is not possible here");
        try {
            build();
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private void build() throws Exception {
        must("ip", "netns", "add", name("nat"));
        must("ip", "netns", "add", name("server"));
        cable("client", "nat", "c0", "i0");
        cable("nat", "server", "o0", "s0");
        address("client", "c0", CLIENT_ONE + "/24", CLIENT_TWO + "/24", CLIENT_SIX + "/64");
        address("nat", "i0", "10.77.1.1/24", "fd77:1::1/64");
        address("nat", "o0", NAT + "/24", NAT_SIX + "/64");
        address("server", "s0", SERVER + "/24", SERVER_SIX + "/64");
        ip("client", "route", "add", "default", "via", "10.77.1.1");
        ip("client", "-6", "route", "add", "default", "via", "fd77:1::1");
        // A new namespace takes over what the machine does.
        write("client", "/proc/sys/net/ipv4/ip_forward", "0");
        write("client", "/proc/sys/net/ipv6/conf/all/forwarding", "0");
        write("nat", "/proc/sys/net/ipv4/ip_forward", "1");
        write("nat", "/proc/sys/net/ipv6/conf/all/forwarding", "1");
    }

    private void cable(String one, String other, String end, String otherEnd) throws Exception {
        ip(one, "link", "add", end, "type", "veth", "peer", "name", otherEnd, "netns", name(other));
        ip(one, "link", "set", "lo", "up");
        ip(one, "link", "set", end, "up");
        ip(other, "link", "set", "lo", "up");
        ip(other, "link", "set", otherEnd, "up");
    }

    private void address(String where, String link, String... addresses) throws Exception {
        for (String address : addresses) {
            if (address.indexOf(':') < 0) {
                ip(where, "address", "add", address, "dev", link);
            } else {
                ip(where, "address", "add", address, "dev", link, "nodad");
            }
        }
    }

    void ip(String where, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name(where)));
        command.addAll(List.of(arguments));
        must(command.toArray(String[]::new));
    }

    /** Adds a rule to the NAT's table; skips the test where there is no iptables. */
    void translate(String tables, String... rule) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("nsenter", "--net=/run/netns/" + name("nat"), tables, "-t", "nat", "-A", "POSTROUTING"));
        command.addAll(List.of(rule));
        assumeTrue(run(command.toArray(String[]::new)) == 0, tables + " cannot translate here");
    }

    void write(String where, String file, String text) throws Exception {
        in(where, () -> Files.writeString(Path.of(file), text));
    }

    /** Runs something on a thread of its own inside a namespace; sockets opened there stay in it. */
    <T> T in(String where, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            int fd = Libc.open("/run/netns/" + name(where), 0);
            if (fd < 0 || Libc.setns(fd, CLONE_NEWNET) != 0) {
                throw new IOException("setns: " + Libc.strerror(Libc.errno()));
            }
            Libc.close(fd);
            return work.call();
        });
        Thread thread = new Thread(task, "in-" + where);
        thread.start();
        try {
            return task.get(WAIT_MILLIS * 6, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** A TCP server at both of the server's addresses. */
    ServerSocket server() throws Exception {
        ServerSocket server = in("server", () -> new ServerSocket(PORT, 1024));
        open.add(server);
        return server;
    }

    /** Opens a connection and leaves it open until the network is closed. */
    Truth connect(String where, ServerSocket server, String from, int port, String to) throws Exception {
        Socket client = in(where, () -> {
            Socket socket = new Socket();
            open.add(socket);
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), port));
            socket.connect(new InetSocketAddress(InetAddress.getByName(to), PORT), WAIT_MILLIS);
            return socket;
        });
        new DataOutputStream(client.getOutputStream()).writeInt(client.getLocalPort());
        server.setSoTimeout(WAIT_MILLIS);
        Socket accepted = server.accept();
        open.add(accepted);
        accepted.setSoTimeout(WAIT_MILLIS);
        if (new DataInputStream(accepted.getInputStream()).readInt() != client.getLocalPort()) {
            throw new IllegalStateException("another connection was accepted");
        }
        return new Truth(
                (InetSocketAddress) client.getLocalSocketAddress(),
                (InetSocketAddress) accepted.getRemoteSocketAddress(),
                (InetSocketAddress) client.getRemoteSocketAddress());
    }

    /** Sends a datagram to the server. */
    Truth datagram(String from, int port, String to) throws Exception {
        DatagramSocket server = in("server", () -> new DatagramSocket(PORT));
        open.add(server);
        DatagramSocket client =
                in("client", () -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName(from), port)));
        open.add(client);
        InetSocketAddress destination = new InetSocketAddress(InetAddress.getByName(to), PORT);
        client.send(new DatagramPacket(new byte[10], 10, destination));
        DatagramPacket received = new DatagramPacket(new byte[10], 10);
        server.setSoTimeout(WAIT_MILLIS);
        server.receive(received);
        return new Truth(
                (InetSocketAddress) client.getLocalSocketAddress(),
                (InetSocketAddress) received.getSocketAddress(),
                destination);
    }

    private String name(String where) {
        return prefix + where.charAt(0);
    }

    private static void must(String... command) throws Exception {
        if (run(command) != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private static int run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return 127;
        }
        if (!process.waitFor(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            return 1;
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        try {
            for (AutoCloseable each : open) {
                each.close();
            }
            for (String where : List.of("client", "nat", "server")) {
                run("ip", "netns", "del", name(where));
            }
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
