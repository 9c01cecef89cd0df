// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProcFilesTest {
    private static final int OWN = (int) ProcessHandle.current().pid();
    private static final int ROUNDS = 20_000;

    @Test
    void findsOwnSocketAmongOwnDescriptors() throws Exception {
        needsProc();
        ProcFiles files = new ProcFiles();
        Set<Long> before = sockets(files);
        try (ServerSocket server = new ServerSocket(0)) {
            Set<Long> after = sockets(files);
            after.removeAll(before);
            assertThat(server.getLocalPort()).isPositive();
            assertThat(after).isNotEmpty();
        }
        assertThat(files.socket(OWN, 0)).isLessThan(Long.MAX_VALUE);
        assertThat(files.socket(OWN, Integer.MAX_VALUE)).isEqualTo(-1);
    }

    @Test
    void tellsParentAndNamespace() throws Exception {
        needsProc();
        ProcFiles files = new ProcFiles();
        Process child = new ProcessBuilder("/bin/sh", "-c", "read x").start();
        try {
            assertThat(files.parent((int) child.pid())).isEqualTo(OWN);
            assertThat(files.networkNamespace((int) child.pid())).isPositive().isEqualTo(files.networkNamespace(OWN));
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(files.parent(Integer.MAX_VALUE)).isZero();
        assertThat(files.networkNamespace(Integer.MAX_VALUE)).isEqualTo(-1);
    }

    @Test
    void listsProcesses() {
        needsProc();
        try (NumberedEntries entries = new NumberedEntries()) {
            assertThat(entries.open("/proc")).isTrue();
            Set<Integer> found = new HashSet<>();
            for (int pid = entries.next(); pid >= 0; pid = entries.next()) {
                found.add(pid);
            }
            assertThat(found).contains(OWN).doesNotContain(0);
            assertThat(entries.open("/proc/none")).isFalse();
            assertThat(entries.next()).isEqualTo(-1);
        }
    }

    @Test
    void findsTheParentBehindAnyName() {
        assertThat(parent("12 (sh) S 7 12 12 0")).isEqualTo(7);
        assertThat(parent("12 (a) S 1 (b) R 4194304 1")).isEqualTo(4_194_304);
        assertThat(parent("12 (\u0000\n)) Z 3 ")).isEqualTo(3);
        assertThat(parent("12 (sh) S 7")).as("cut").isZero();
        assertThat(parent("12 (sh) S 99999999999 1")).isZero();
        assertThat(parent("12 (sh) S -1 1")).isZero();
        assertThat(parent("")).isZero();
        assertThat(ProcFiles.parentIn(ByteBuffer.allocate(4), -1)).isZero();
    }

    @Test
    void takesNoNumberFromAnotherLink() {
        assertThat(link("socket:[4294967295]")).isEqualTo(4_294_967_295L);
        assertThat(link("socket:[]")).isEqualTo(-1);
        assertThat(link("socket:[12")).isEqualTo(-1);
        assertThat(link("socket:[1a]")).isEqualTo(-1);
        assertThat(link("socket:[99999999999999999999]")).isEqualTo(-1);
        assertThat(link("pipe:[12]")).isEqualTo(-1);
        assertThat(link("/tmp/socket:[12]")).isEqualTo(-1);
        byte[] prefix = ProcFiles.ascii("socket:[");
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] text = "socket:[4294967295]".getBytes(StandardCharsets.US_ASCII);
            text[random.nextInt(text.length)] = (byte) random.nextInt();
            long number = ProcFiles.numberIn(ByteBuffer.wrap(text), random.nextInt(text.length + 1) - 1, prefix);
            assertThat(number).as("seed " + seed).isGreaterThanOrEqualTo(-1);
        }
    }

    private static int parent(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ProcFiles.parentIn(ByteBuffer.wrap(bytes), bytes.length);
    }

    private static long link(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ProcFiles.numberIn(ByteBuffer.wrap(bytes), bytes.length, ProcFiles.ascii("socket:["));
    }

    private static Set<Long> sockets(ProcFiles files) {
        Set<Long> sockets = new HashSet<>();
        try (NumberedEntries entries = new NumberedEntries()) {
            assertThat(entries.open("/proc/" + OWN + "/fd")).isTrue();
            for (int fd = entries.next(); fd >= 0; fd = entries.next()) {
                sockets.add(entries.socket(files, fd));
            }
        }
        return sockets;
    }

    private static void needsProc() {
        assumeTrue(Files.isReadable(Path.of("/proc/self/stat")), "needs /proc of Linux");
    }
}
