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

    private static final String CAPABILITIES = "+net_raw,+net_admin";

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
     * What lets this user capture.
     *
     * @param command to be put before the command line, or options of the container
     */
    record Missing(String command, boolean container) {
        String sentence() {
            return container
                    ? "No permission to capture packets (the capability NET_RAW is missing): start the container with "
                            + command + "."
                    : "No permission to capture packets (the capability NET_RAW is missing): put \"" + command
                            + "\" before the command.";
        }
    }

    /**
     * Capabilities of the file, as setcap gives them, are not the way: the loader then no longer finds the libraries of the
     * JVM, which are beside the program, and every Java program could capture.
     */
    static Missing missing() {
        String user = id("Uid:");
        if (user.equals("0")) {
            return new Missing("--cap-add=NET_RAW --cap-add=NET_ADMIN", true);
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
