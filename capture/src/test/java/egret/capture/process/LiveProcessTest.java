// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.capture.socket.SocketEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With the machine's own /proc. */
class LiveProcessTest {
    private static final Path PROC = Path.of("/proc");
    private final ProcessTable table = new ProcessTable(new ProcessReader(PROC));

    private ProcessRecord of(long pid) {
        long now = System.nanoTime();
        SocketEvent event = Events.of((int) pid, now, 1, 40_000, 7, 443);
        return table.of(event, now);
    }

    private static void assumeProc() {
        assumeTrue(Files.exists(PROC.resolve("self/stat")), "no /proc on this system");
    }

    @Test
    void knowsItself() {
        assumeProc();
        ProcessHandle self = ProcessHandle.current();
        ProcessRecord process = of(self.pid());
        assertThat(process.executable).isEqualTo(self.info().command().orElseThrow());
        assertThat(process.commandLine).isNotEmpty().hasSizeLessThanOrEqualTo(CommandLine.MAX);
        assertThat(process.uid).isNotNegative();
        assertThat(process.startTicks).isPositive();
        assertThat(process.cgroup).isNotNull();
        assertThat(process.parents).isNotEmpty();
        long started =
                BootClock.of(PROC, System.currentTimeMillis() * 1_000_000L).epochNanos(process.startTicks);
        assertThat(started / 1_000_000L)
                .isBetween(
                        self.info().startInstant().orElseThrow().toEpochMilli() - 2000,
                        self.info().startInstant().orElseThrow().toEpochMilli() + 2000);
    }

    @Test
    void knowsAChildAndKeepsItAfterItsEnd() throws Exception {
        assumeProc();
        Path sleep = Path.of("/bin/sleep");
        assumeTrue(Files.isExecutable(sleep), "no /bin/sleep on this system");
        Process child = new ProcessBuilder(List.of(sleep.toString(), "60")).start();
        try {
            String expected = sleep.toRealPath().toString();
            long end = System.nanoTime() + 10_000_000_000L;
            ProcessRecord process = of(child.pid());
            while (!process.executable.equals(expected) && System.nanoTime() < end) {
                table.executed(
                        (int) child.pid(), sleep.toString(), System.nanoTime()); // It was a copy of ours until then.
                process = of(child.pid());
            }
            assertThat(process.executable).isEqualTo(expected);
            assertThat(process.commandLine).isEqualTo("/bin/sleep 60");
            child.destroyForcibly().waitFor();
            table.exited((int) child.pid(), System.nanoTime());
            SocketEvent late = Events.of((int) child.pid(), 1, 1, 40_000, 7, 443);
            assertThat(table.of(late, System.nanoTime())).isSameAs(process);
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void knowsTheProcessOfAThread() {
        assumeProc();
        String[] threads = PROC.resolve("self/task").toFile().list();
        assumeTrue(threads != null && threads.length > 1, "the threads of this process are not to be seen");
        int self = (int) ProcessHandle.current().pid();
        for (String tid : threads) {
            SocketEvent event = Events.of(0, System.nanoTime(), 1, 40_000, 7, 443);
            event.tid = Integer.parseInt(tid);
            assertThat(table.of(event, System.nanoTime()).pid).isEqualTo(self);
        }
    }
}
