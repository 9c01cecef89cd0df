// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do: capabilities(7), the effective set of /proc/self/status. */
final class Capabilities {
    private static final int CAP_DAC_READ_SEARCH = 2;
    private static final int CAP_SYS_PTRACE = 19;
    private static final int CAP_SYS_ADMIN = 21;
    /** Lines of the file that are looked at; it has about 60. */
    private static final int LINES = 200;

    private Capabilities() {}

    /** What one who looks into /proc cannot see with ours, in sentences; "" if there is nothing. */
    static String limits(boolean namespaces) {
        long effective = effective();
        StringBuilder limits = new StringBuilder();
        if (!has(effective, CAP_DAC_READ_SEARCH) || !has(effective, CAP_SYS_PTRACE)) {
            limits.append("Other users' processes stay unnamed: CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE show them.");
        }
        if (namespaces && !has(effective, CAP_SYS_ADMIN)) {
            limits.append(limits.isEmpty() ? "" : " ")
                    .append("Containers with a network of their own stay unseen: CAP_SYS_ADMIN shows them.");
        }
        return limits.toString();
    }

    private static long effective() {
        try (BufferedReader lines =
                Files.newBufferedReader(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            for (int i = 0; i < LINES; i++) {
                String line = lines.readLine();
                if (line == null) {
                    break;
                }
                if (line.startsWith("CapEff:")) {
                    return Long.parseUnsignedLong(line.substring(7).trim(), 16);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0; // as without any
        }
        return 0;
    }

    private static boolean has(long set, int capability) {
        return (set >>> capability & 1) != 0;
    }
}
