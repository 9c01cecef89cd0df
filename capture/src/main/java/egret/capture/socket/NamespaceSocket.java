// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.Libc;
import egret.capture.linux.ProcFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Opens a {@link DiagSocket} in the network namespace of a process. A socket stays where it was made, so a throw-away thread
 * enters the namespace for it, and no other thread ever leaves its own.
 *
 * @param namespace inode of the namespace
 */
record NamespaceSocket(long namespace, DiagSocket socket) {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int O_CLOEXEC = 0x80000;

    /** Null if the process is gone, or without CAP_SYS_ADMIN. */
    static @Nullable NamespaceSocket of(int pid) {
        NamespaceSocket[] made = new NamespaceSocket[1];
        Thread visitor = new Thread(() -> made[0] = enter(pid), "egret-namespace");
        visitor.setDaemon(true);
        visitor.start();
        boolean interrupted = false;
        while (true) {
            try {
                visitor.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return made[0];
    }

    private static @Nullable NamespaceSocket enter(int pid) {
        int fd = Libc.open("/proc/" + pid + "/ns/net", O_CLOEXEC);
        if (fd < 0) {
            return null;
        }
        try {
            long namespace = new ProcFiles()
                    .networkNamespace((int) ProcessHandle.current().pid(), fd);
            if (namespace < 0 || Libc.setns(fd, CLONE_NEWNET) != 0) {
                return null;
            }
            return new NamespaceSocket(namespace, DiagSocket.open());
        } catch (IOException e) {
            return null; // as if the namespace were not there: its connections stay without an owner, which is counted
        } finally {
            Libc.close(fd);
        }
    }
}
