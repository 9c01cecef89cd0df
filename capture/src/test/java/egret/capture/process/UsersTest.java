// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    @Test
    void namesUsersAndReadsTheFileAgainWhenItHasChanged() throws Exception {
        Path file = folder.resolve("passwd");
        ProcTree.write(file, "root:x:0:0::/:/bin/sh\nhub:x:1000:1000::/:/bin/sh\nother:x:1000:1::/:/x\n");
        Users users = new Users(file);
        assertThat(users.name(0, 0)).isEqualTo("root");
        assertThat(users.name(1000, 0)).isEqualTo("hub");
        assertThat(users.name(1001, 0)).isEqualTo("1001");
        assertThat(users.name(-1, 0)).isEmpty();
        assertThat(users.name(-2, 0)).isEqualTo("4294967294");

        ProcTree.write(file, "hub2:x:1001:1000::/:/bin/sh\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        assertThat(users.name(1001, SECOND)).isEqualTo("1001");
        assertThat(users.name(1001, 20 * SECOND)).isEqualTo("hub2");
        assertThat(users.name(1000, 20 * SECOND)).isEqualTo("1000");
        Files.delete(file);
        assertThat(users.name(1001, 40 * SECOND)).isEqualTo("hub2");
    }

    @Test
    void passesOverLinesThatAreNone() {
        assertThat(Users.parse("\n:\n::\n:::\na:b:c:d\na:x::1\na:x:99999999999:\nb:x:5:\nevil\u001b:x:6:"))
                .hasSize(2)
                .containsEntry(5, "b")
                .containsEntry(6, "evil?");
        assertThat(new Users(folder.resolve("none")).name(3, 0)).isEqualTo("3");
    }
}
