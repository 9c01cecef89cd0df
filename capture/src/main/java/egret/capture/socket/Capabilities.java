// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.Privileges;

/** What sources that look into /proc are not allowed to see. */
final class Capabilities {
    private Capabilities() {}

    /** What one who looks into /proc cannot see with ours, in sentences; "" if there is nothing. */
    static String limits(boolean namespaces) {
        long held = Privileges.held();
        StringBuilder limits = new StringBuilder();
        if (!has(held, Privileges.DAC_READ_SEARCH) || !has(held, Privileges.SYS_PTRACE)) {
            limits.append("Other users' processes stay unnamed: CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE show them.");
        }
        if (namespaces && !has(held, Privileges.SYS_ADMIN)) {
            limits.append(limits.isEmpty() ? "" : " ")
                    .append("Containers with a network of their own stay unseen: CAP_SYS_ADMIN shows them.");
        }
        return limits.toString();
    }

    private static boolean has(long set, int capability) {
        return (set >>> capability & 1) != 0;
    }
}
