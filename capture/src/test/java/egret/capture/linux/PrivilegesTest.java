// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrivilegesTest {
    @BeforeEach
    void onLinux() {
        Assumptions.assumeTrue(System.getProperty("os.name").startsWith("Linux"), "needs Linux");
    }

    private static <T> T onThread(Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(action);
        new Thread(task, "dropping").start();
        return task.get();
    }

    private static boolean opensRawSocket() {
        int fd = Libc.socket(17, 3 | 0x80000, 0);
        if (fd >= 0) {
            Libc.close(fd);
        }
        return fd >= 0;
    }

    @Test
    void takesAllCapabilitiesFromTheThreadAndItsChildren() throws Exception {
        long before = Privileges.held();
        long inChild = onThread(() -> {
            Privileges.Dropped dropped = Privileges.drop(0);
            assertThat(dropped.held()).isZero();
            assertThat(opensRawSocket()).isFalse();
            assertThat(dropped.others() > 0).isEqualTo(before != 0);
            return onThread(Privileges::held);
        });
        assertThat(inChild).isZero();
        assertThat(Privileges.held()).as("this thread's").isEqualTo(before);
    }

    /** Runs in a process of its own: prints what is left where. */
    static final class Leaving {
        private Leaving() {}

        public static void main(String[] none) throws Exception {
            Thread other = new Thread(() -> {
                synchronized (Leaving.class) {
                    System.out.print(Privileges.held());
                }
            });
            Privileges.Dropped left;
            synchronized (Leaving.class) {
                other.start();
                left = Privileges.leaveRoot(65534, 65534, Privileges.set(Privileges.NET_RAW));
            }
            other.join();
            Path file = Files.createTempFile("egret", "");
            System.out.print(" " + left + " " + opensRawSocket() + " " + Files.getOwner(file));
            Files.delete(file);
        }
    }

    @Test
    void leavesRootWithAllThreads() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/etc/shadow")) && Privileges.held() != 0, "needs root");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Leaving.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).startsWith("0 Dropped[held=8192, others=0] true ");
        assertThat(output).doesNotEndWith("root");
    }

    @Test
    void keepsWhatIsNamed() throws Exception {
        long keep = Privileges.set(Privileges.NET_RAW, Privileges.BPF);
        Assumptions.assumeTrue((Privileges.held() & keep) == keep, "needs the capabilities NET_RAW and BPF");
        onThread(() -> {
            assertThat(Privileges.drop(keep).held()).isEqualTo(keep);
            assertThat(opensRawSocket()).isTrue();
            assertThat(Privileges.drop(Privileges.set(Privileges.BPF, Privileges.SYS_ADMIN))
                            .held())
                    .as("nothing is gained")
                    .isEqualTo(Privileges.set(Privileges.BPF));
            assertThat(opensRawSocket()).isFalse();
            return null;
        });
    }
}
