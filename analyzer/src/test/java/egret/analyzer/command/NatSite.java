// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.capture.linux.Libc;
import egret.capture.linux.NetworkDevice;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
 * Two hosts behind a NAT and a server beyond it, in network namespaces of their own.
 *
 * <pre>
 * two interfaces: client c0 10.78.1.11, .12 ── i0 10.78.1.1 nat o0 203.0.113.5 ── s0 203.0.113.80 server
 * one interface:  client c0, server s0 ── a bridge ── n0 10.78.1.1, 203.0.113.5 nat
 * </pre>
 */
final class NatSite implements AutoCloseable {
    static final String ONE = "10.78.1.11";
    static final String TWO = "10.78.1.12";
    static final String NAT = "203.0.113.5";
    static final String SERVER = "203.0.113.80";

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int WAIT_SECONDS = 60;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String prefix = "egret-e2e-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    private final List<String> spaces = new ArrayList<>();

    NatSite(boolean oneInterface) throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "namespaces need Linux");
        assumeTrue(Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward")), "namespaces of one's own need root");
        try {
            space("client");
            space("nat");
            space("server");
            if (oneInterface) {
                space("bridge");
                ip("bridge", "link", "add", "b0", "type", "bridge");
                ip("bridge", "link", "set", "b0", "up");
                plug("client", "c0");
                plug("nat", "n0");
                plug("server", "s0");
                address("nat", "n0", "10.78.1.1/24", NAT + "/24");
            } else {
                cable("client", "c0", "nat", "i0");
                cable("nat", "o0", "server", "s0");
                address("nat", "i0", "10.78.1.1/24");
                address("nat", "o0", NAT + "/24");
            }
            address("client", "c0", ONE + "/24", TWO + "/24");
            address("server", "s0", SERVER + "/24");
            ip("client", "route", "add", "default", "via", "10.78.1.1");
            ip("nat", "route", "add", "default", "via", SERVER);
            write("client", "ipv4/ip_forward", "0");
            write("nat", "ipv4/ip_forward", "1");
            write("nat", "ipv4/conf/all/send_redirects", "0");
            if (oneInterface) {
                write("nat", "ipv4/conf/n0/send_redirects", "0");
            }
            translate();
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private void space(String name) throws Exception {
        assumeTrue(run("ip", "netns", "add", name(name)) == 0, "ip netns add is not possible here");
        spaces.add(name);
        // No announcements of IPv6: each packet is one of ours.
        write(name, "ipv6/conf/all/disable_ipv6", "1");
        write(name, "ipv6/conf/default/disable_ipv6", "1");
        ip(name, "link", "set", "lo", "up");
    }

    private void cable(String one, String end, String other, String otherEnd) throws Exception {
        ip(one, "link", "add", end, "type", "veth", "peer", "name", otherEnd, "netns", name(other));
        ip(one, "link", "set", end, "up");
        ip(other, "link", "set", otherEnd, "up");
    }

    private void plug(String where, String end) throws Exception {
        cable(where, end, "bridge", "b" + end);
        ip("bridge", "link", "set", "b" + end, "master", "b0");
    }

    private void address(String where, String link, String... addresses) throws Exception {
        for (String address : addresses) {
            ip(where, "address", "add", address, "dev", link);
        }
    }

    /** Ports change too, so that nothing but connection tracking and what NAT leaves alone joins the two sides. */
    private void translate() throws Exception {
        String enter = "--net=/run/netns/" + name("nat");
        boolean iptables = run(
                        "nsenter",
                        enter,
                        "iptables",
                        "-t",
                        "nat",
                        "-A",
                        "POSTROUTING",
                        "-s",
                        "10.78.0.0/16",
                        "-j",
                        "MASQUERADE",
                        "--random-fully")
                == 0;
        boolean translates = iptables
                || run(
                                "nsenter",
                                enter,
                                "nft",
                                "add table ip n; add chain ip n p { type nat hook postrouting priority 100; };"
                                        + " add rule ip n p ip saddr 10.78.0.0/16 masquerade fully-random")
                        == 0;
        assumeTrue(translates, "neither iptables nor nft can translate here");
    }

    String enter(String where) {
        return "--net=/run/netns/" + name(where);
    }

    void ip(String where, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name(where)));
        command.addAll(List.of(arguments));
        if (run(command.toArray(String[]::new)) != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private void write(String where, String file, String text) throws Exception {
        Path path = Path.of("/proc/sys/net/" + file);
        in(where, () -> Files.exists(path) ? Files.writeString(path, text) : path);
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
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** As many exchanges of datagrams as there are ports, none of which anybody hears: each is translated for itself. */
    void translations(String where, int ports) throws Exception {
        in(where, () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                InetAddress nobody = InetAddress.getByName("203.0.113.81");
                for (int port = 1; port <= ports; port++) {
                    socket.send(new DatagramPacket(new byte[1], 1, nobody, port));
                }
            }
            return null;
        });
    }

    /** A raw socket on an interface, for frames that no stack would send; closed by the caller. */
    int frames(String where, String link) throws Exception {
        return in(where, () -> {
            int fd = Libc.socket(AF_PACKET, SOCK_RAW, 0);
            ByteBuffer address = ByteBuffer.allocateDirect(20).order(ByteOrder.nativeOrder());
            address.putInt(0, AF_PACKET).putInt(4, NetworkDevice.index(fd, link));
            if (fd < 0 || Libc.bind(fd, address, 20) != 0) {
                throw new IOException("no raw socket on " + link);
            }
            return fd;
        });
    }

    String hardware(String where, String link) throws Exception {
        Process process = new ProcessBuilder("nsenter", enter(where), "ip", "link", "show", link).start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        int at = text.indexOf("link/ether ") + 11;
        return text.substring(at, at + 17);
    }

    void vanish(String where) throws Exception {
        run("ip", "netns", "del", name(where));
    }

    private String name(String where) {
        return prefix + where.charAt(0);
    }

    static int run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return 127;
        }
        if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return 1;
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        try {
            for (String where : spaces) {
                run("ip", "netns", "del", name(where));
            }
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
