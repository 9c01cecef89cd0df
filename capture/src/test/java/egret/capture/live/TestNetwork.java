// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.linux.Libc;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** Two network namespaces of our own with a cable between them: left0 (192.0.2.1) and right0 (192.0.2.2). */
final class TestNetwork implements AutoCloseable {
    static final String LEFT_ADDRESS = "192.0.2.1";
    static final String RIGHT_ADDRESS = "192.0.2.2";
    static final int PORT = 9999;

    private static final int CLONE_NEWNET = 0x40000000;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final String left;
    final String right;

    TestNetwork() {
        String prefix = "egretlive" + ProcessHandle.current().pid() + "x" + NUMBER.incrementAndGet();
        left = prefix + "l";
        right = prefix + "r";
        Assumptions.assumeTrue(
                LiveCapture.isLinux() && CaptureRight.granted() && run("ip", "netns", "add", left),
                "needs Linux, root and iproute2 for network namespaces");
        must("ip", "netns", "add", right);
        for (String name : new String[] {left, right}) {
            must("nsenter", "--net=/run/netns/" + name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
            must("nsenter", "--net=/run/netns/" + name, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
            in(name, "link", "set", "lo", "up");
        }
        cable();
    }

    void cable() {
        must("ip", "link", "add", "left0", "netns", left, "type", "veth", "peer", "name", "right0", "netns", right);
        in(left, "addr", "add", LEFT_ADDRESS + "/24", "dev", "left0");
        in(right, "addr", "add", RIGHT_ADDRESS + "/24", "dev", "right0");
        in(left, "link", "set", "left0", "up");
        in(right, "link", "set", "right0", "up");
    }

    /** The program ip, in one of the namespaces. */
    void in(String namespace, String... arguments) {
        String[] command = new String[arguments.length + 3];
        command[0] = "ip";
        command[1] = "-n";
        command[2] = namespace;
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        must(command);
    }

    private static void must(String... command) {
        if (!run(command)) {
            throw new IllegalStateException("failed: " + String.join(" ", command));
        }
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs something on a throw-away thread that is in the namespace; sockets that are opened there stay in it. */
    static <T> T on(String namespace, Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            int fd = Libc.open("/run/netns/" + namespace, 0);
            if (fd < 0 || Libc.setns(fd, CLONE_NEWNET) != 0) {
                throw new IllegalStateException("no way into " + namespace);
            }
            Libc.close(fd);
            return action.call();
        });
        Thread thread = new Thread(task, "in " + namespace);
        thread.start();
        try {
            return task.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException wrapped) {
            if (wrapped.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw wrapped;
        }
    }

    LiveCapture open(LiveOptions options) throws Exception {
        return on(right, () -> LiveCapture.open(options));
    }

    /** Sends numbered datagrams from left to right; somebody listens there, so that nothing comes back. */
    void send(int count, int length) throws Exception {
        DatagramSocket sink = on(right, () -> new DatagramSocket(new InetSocketAddress(RIGHT_ADDRESS, PORT)));
        try (sink;
                DatagramSocket socket = on(left, () -> new DatagramSocket())) {
            byte[] payload = new byte[length];
            InetAddress to = InetAddress.getByName(RIGHT_ADDRESS);
            for (int i = 0; i < count; i++) {
                byte[] number = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(number, 0, payload, 0, number.length);
                socket.send(new DatagramPacket(payload, length, to, PORT));
            }
        }
    }

    /** Sends bytes through one TCP connection, from left to right. */
    void stream(int length) throws Exception {
        ServerSocket listening = on(right, () -> new ServerSocket(PORT, 1, InetAddress.getByName(RIGHT_ADDRESS)));
        try (listening) {
            FutureTask<Long> reader = new FutureTask<>(() -> {
                try (Socket accepted = listening.accept()) {
                    return accepted.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            });
            new Thread(reader, "reader").start();
            try (Socket socket = on(left, () -> new Socket(RIGHT_ADDRESS, PORT))) {
                socket.getOutputStream().write(new byte[length]);
            }
            if (reader.get(30, TimeUnit.SECONDS) != length) {
                throw new IllegalStateException("bytes were lost");
            }
        }
    }

    void vanish(String namespace) {
        must("ip", "netns", "del", namespace);
    }

    @Override
    public void close() {
        for (String name : new String[] {left, right}) {
            if (Files.exists(Path.of("/run/netns/" + name))) {
                run("ip", "netns", "del", name);
            }
        }
    }
}
