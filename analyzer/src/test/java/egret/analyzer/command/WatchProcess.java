// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.capture.linux.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real {@code egret watch} in a process of its own below a shell, with its output in files. */
final class WatchProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final Pattern LINK = Pattern.compile("link_type:\tcgroup\nlink_id:\t([0-9]+)");
    private static final int LINK_GET_FD_BY_ID = 30;
    private static final int LINK_DETACH = 34;

    private final Path directory;
    private final Process shell;

    /** @param before a command that runs the shell, or nothing */
    WatchProcess(NatSite site, String where, Path directory, List<String> before, String... options)
            throws IOException {
        this.directory = directory;
        // A process group of its own, as a terminal makes it; who builds in the background may have SIGINT ignored.
        List<String> command = new ArrayList<>(
                List.of("setsid", "nsenter", site.enter(where), "env", "--default-signal=INT", "LC_ALL=C.UTF-8"));
        command.addAll(before);
        command.addAll(List.of("sh", "-c", "trap : INT; \"$@\"; exit $?", "sh"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Egret.class.getName(),
                "watch",
                "--inside",
                "10.78.0.0/16",
                "--ready-file",
                directory.resolve("ready").toString()));
        command.addAll(List.of(options));
        shell = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    /** Waits until it captures, or has ended. */
    WatchProcess ready() {
        await(() -> Files.exists(directory.resolve("ready")) || !shell.isAlive());
        return this;
    }

    boolean runs() {
        return shell.isAlive();
    }

    String out() {
        return text("out");
    }

    String err() {
        return text("err");
    }

    private String text(String name) {
        try {
            return Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it has said so, on whichever stream. */
    boolean says(String words) {
        return await(() -> out().contains(words) || err().contains(words));
    }

    /** As Ctrl-C: to shell and program. */
    void interrupt() throws Exception {
        NatSite.run("kill", "-INT", "--", "-" + shell.pid());
    }

    /** To the program alone. */
    void signal(String name) throws Exception {
        NatSite.run("kill", "-" + name, Long.toString(program()));
    }

    /** The most memory that it had, in MB. */
    long peakMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + program() + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        throw new IOException("no VmHWM");
    }

    /** As who may load BPF programs can do it to those of others. */
    void detachPrograms() throws Exception {
        List<Integer> links = new ArrayList<>();
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(Path.of("/proc/" + program() + "/fdinfo"))) {
            for (Path each : opened) {
                Matcher link = LINK.matcher(Files.readString(each));
                if (link.find()) {
                    links.add(Integer.valueOf(link.group(1)));
                }
            }
        }
        assumeTrue(!links.isEmpty(), "BPF is refused here");
        long bpf = System.getProperty("os.arch").equals("aarch64") ? 280 : 321;
        ByteBuffer attributes = ByteBuffer.allocateDirect(144).order(ByteOrder.nativeOrder());
        for (int link : links) {
            long fd = Libc.syscall(bpf, LINK_GET_FD_BY_ID, Libc.address(attributes.putInt(0, link)), 144, 0, 0);
            assumeTrue(fd >= 0, "links of BPF cannot be opened here");
            Libc.syscall(bpf, LINK_DETACH, Libc.address(attributes.putInt(0, (int) fd)), 144, 0, 0);
            Libc.close((int) fd);
        }
    }

    private long program() {
        return shell.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** The exit code, once it has ended. */
    int code() throws Exception {
        if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("it does not end: " + out() + err());
        }
        return shell.exitValue();
    }

    /** Polls until it is so, or for a minute. */
    static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean so = condition.getAsBoolean();
        while (!so && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
            so = condition.getAsBoolean();
        }
        return so;
    }

    @Override
    public void close() {
        shell.descendants().toList().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }
}
