// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceSourceProcessesTest {
    @BeforeAll
    static void needsLinux() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/ns/pid")), "needs Linux");
        String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        assumeTrue(
                namespace.equals("pid:[4026531836]"),
                "needs the initial pid namespace, as the kernel's numbers are its");
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
    }

    private static TraceSource open() {
        try {
            return TraceSource.ofProcesses();
        } catch (SocketSourceException refused) {
            return abort("tracefs needs root: " + refused.getMessage());
        }
    }

    @Test
    void tellsThePathsOfProcessesThatAreGoneAtOnce(@TempDir Path directory) throws IOException {
        Path numbers = directory.resolve("pids");
        RecordedEvents told = new RecordedEvents();
        try (TraceSource source = open()) {
            OwnConnections.run("for ((i = 0; i < 40; i++)); do bash -c 'echo $$; exec /bin/true'; done > " + numbers);
            List<String> pids = Files.readAllLines(numbers);
            assertThat(pids).hasSize(40);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            source.poll(told);
            while (!told.lines.contains("exit " + pids.get(39)) && System.nanoTime() < end) {
                LockSupport.parkNanos(1_000_000);
                source.poll(told);
            }
            for (String pid : pids) {
                assertThat(told.lines.stream()
                                .filter(line -> line.equals("exit " + pid)
                                        || line.startsWith("exec " + pid + " ")
                                        || line.startsWith("fork ") && line.endsWith(" " + pid))
                                .map(line -> line.replace(" " + pid, "").replaceAll("fork \\d+", "fork")))
                        .satisfies(lines -> {
                            assertThat(lines.get(0)).isEqualTo("fork");
                            assertThat(lines.get(1)).startsWith("exec ").endsWith("/bash");
                            assertThat(lines.get(2)).isEqualTo("exec /bin/true");
                            assertThat(lines.get(3)).isEqualTo("exit");
                        });
            }
            assertThat(source.lost()).isZero();
        }
    }

    @Test
    void leavesNothingBehindAndRemovesWhatDeadAgentsLeft() throws IOException, SocketSourceException {
        try (TraceSource first = open();
                TraceDirectory directory = TraceDirectory.open()) {
            Path instances = directory.path().resolve("instances");
            String own = "egret-" + ProcessHandle.current().pid() + "-";
            Path dead = instances.resolve("egret-" + ProcessHandle.current().pid() + "-1-0");
            Path strange =
                    instances.resolve("egret-test-" + ProcessHandle.current().pid());
            Files.createDirectory(dead);
            Files.createDirectory(strange);
            try (TraceSource second = open()) {
                assertThat(Files.exists(dead)).isFalse();
                assertThat(Files.exists(strange)).isTrue();
                assertThat(count(instances, own)).isEqualTo(2);
                second.poll(new RecordedEvents());
            } finally {
                Files.delete(strange);
            }
            assertThat(count(instances, own)).isEqualTo(1);
            end(first);
            assertThat(count(instances, own)).isZero();
            first.poll(new RecordedEvents());
        }
    }

    private static void end(SocketSource source) {
        source.close();
    }

    private static int count(Path instances, String prefix) throws IOException {
        int count = 0;
        try (var entries = Files.newDirectoryStream(instances, prefix + "*")) {
            for (Path ignored : entries) {
                count++;
            }
        }
        return count;
    }
}
