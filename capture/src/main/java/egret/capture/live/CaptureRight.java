// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.linux.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process may capture, and what would let it. On Linux. */
final class CaptureRight {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;

    private static final String CAPABILITIES = "+net_raw,+net_admin,+bpf,+perfmon,+sys_ptrace,+dac_read_search";

    private CaptureRight() {}

    static boolean granted() {
        int fd = Libc.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
            return false;
        }
        Libc.close(fd);
        return true;
    }

    /**
     * What lets this user capture and know owners: the capabilities of docs/placement.md.
     *
     * @param command to be put before the command line, or options of the container
     */
    record Missing(String command, boolean container) {
        /** With the way to get it, except for the command itself. */
        String introduction() {
            return "No permission to capture packets (the capability NET_RAW is missing): "
                    + (container ? "start the container with" : "put this before the command line");
        }

        String sentence() {
            return introduction() + ": " + command;
        }
    }

    /**
     * Capabilities of the file, as setcap gives them, are not the way: the loader then no longer finds the libraries of the
     * JVM, which are beside the program, and every Java program could capture.
     */
    static Missing missing() {
        String user = id("Uid:");
        if (user.equals("0")) {
            return new Missing("--cap-add=NET_RAW --cap-add=NET_ADMIN --cap-add=BPF --cap-add=PERFMON", true);
        }
        return new Missing(
                "sudo setpriv --reuid=" + user + " --regid=" + id("Gid:") + " --init-groups --inh-caps=" + CAPABILITIES
                        + " --ambient-caps=" + CAPABILITIES,
                false);
    }

    /** The effective id, the second of the line. */
    private static String id(String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(key)) {
                    return line.split("\\s+", -1)[2];
                }
            }
        } catch (IOException unreadable) {
            return "0";
        }
        return "0";
    }
}
