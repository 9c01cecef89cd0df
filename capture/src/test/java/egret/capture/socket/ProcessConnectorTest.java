// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.capture.linux.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ProcessConnectorTest {
    private static final int ROUNDS = 20_000;
    private static final int LENGTH = 16 + 20 + 16 + 24;

    private final Told told = new Told();

    @Test
    void tellsOfAChildFromForkToExit() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/true")), "needs /bin/true");
        try (ProcessConnector connector = open()) {
            Process child = new ProcessBuilder("/bin/true").start();
            int pid = (int) child.pid();
            child.waitFor();

            assertThat(told.until(connector, () -> told.exited.contains(pid))).isTrue();
            assertThat(told.forked).contains(pid);
            assertThat(told.executed).contains(pid);
            assertThat(connector.lost()).isZero();
        }
    }

    @Test
    void saysNothingOfThreads() throws Exception {
        try (ProcessConnector connector = open()) {
            Thread thread = new Thread(() -> {});
            thread.start();
            thread.join();
            Process child = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
            child.waitFor();

            int pid = (int) child.pid();
            assertThat(told.until(connector, () -> told.exited.contains(pid))).isTrue();
            int own = (int) ProcessHandle.current().pid();
            assertThat(told.exited).doesNotContain(own);
            assertThat(told.forked).doesNotContain(own).doesNotHaveDuplicates();
        }
    }

    @Test
    void readsNothingPastTheEndWhateverTheBytes() throws Exception {
        try (ProcessConnector connector = open()) {
            ByteBuffer whole = fork();
            connector.read(whole, LENGTH, told);
            assertThat(told.forked).containsExactly(77);
            for (int length = 0; length < LENGTH - 8; length++) {
                connector.read(fork(), length, told);
            }
            assertThat(told.forked).hasSize(1);
            for (int seed = 0; seed < ROUNDS; seed++) {
                Random random = new Random(seed);
                ByteBuffer bytes = fork();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    bytes.put(random.nextInt(LENGTH), (byte) random.nextInt());
                }
                connector.read(bytes, random.nextInt(LENGTH + 20), told);
            }
        }
    }

    private static ByteBuffer fork() {
        ByteBuffer bytes = NetlinkSocket.buffer(LENGTH);
        bytes.putInt(0, LENGTH)
                .putShort(4, (short) 3)
                .putInt(16, 1)
                .putInt(20, 1)
                .putShort(32, (short) 40);
        bytes.putInt(36, 1).putLong(44, 5);
        bytes.putInt(52, 66).putInt(56, 66).putInt(60, 77).putInt(64, 77);
        return bytes;
    }

    private static ProcessConnector open() {
        try {
            return ProcessConnector.open();
        } catch (SocketSourceException e) {
            assumeTrue(false, e.getMessage());
            throw new AssertionError(e);
        }
    }
}
