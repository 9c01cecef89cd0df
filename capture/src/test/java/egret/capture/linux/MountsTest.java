// SPDX-License-Identifier: Apache-2.0
package egret.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountsTest {
    @Test
    void findsAllMountPointsOfAType() {
        String table = """
                31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
                40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
                41 31 0:38 / /sys/fs/cgroup/unified rw shared:7 master:1 - cgroup2 cgroup2 rw
                42 31 0:38 / /a\\040name\\134n rw - cgroup2 cgroup2 rw
                """;
        assertThat(Mounts.ofType("cgroup2", table))
                .containsExactly(Path.of("/sys/fs/cgroup/unified"), Path.of("/a name\\n"));
        assertThat(Mounts.ofType("cgroup", table)).containsExactly(Path.of("/sys/fs/cgroup/systemd"));
        assertThat(Mounts.ofType("debugfs", table)).isEmpty();
    }

    @Test
    void leavesOutLinesThatMakeNoSense() {
        assertThat(Mounts.ofType("a", " - a b\n1 2 3 4 x y - a b\n1 2 3 4 /\\9 y - a b\n1 2 3 4 / - a b"))
                .containsExactly(Path.of("/\\9"), Path.of("/"));
    }
}
