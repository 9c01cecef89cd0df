// SPDX-License-Identifier: Apache-2.0
package egret.capture.origin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who opened connections: a process, and the container and service it is part of. Short-lived processes that differ in
 * nothing but their number and time are one owner.
 *
 * @param id equal for the same owner in every message of one boot of an agent; 0 is {@link #UNKNOWN}
 * @param process the first one seen
 * @param processes how many there were so far, ≥ 1
 * @param method what told: bpf-sock-ops, bpf-connect, bpf-sock-create, tracefs, sock-diag, proc
 */
public record Owner(
        int id,
        @Nullable OwnerProcess process,
        long processes,
        @Nullable Container container,
        @Nullable Service service,
        Quality quality,
        String method) {

    public static final Owner UNKNOWN = new Owner(0, null, 0, null, null, Quality.UNKNOWN, "");

    /**
     * @param startNanos since the epoch, 0 if unknown
     * @param executable path, or the kernel's short name in brackets where the path is not known
     * @param commandLine words joined by spaces, without what may be a secret; "" if unknown
     * @param uid -1 if unknown
     * @param user its name, or the number as text
     * @param parents nearest first: executables
     */
    public record OwnerProcess(
            int pid,
            long startNanos,
            String executable,
            String commandLine,
            int uid,
            String user,
            List<String> parents) {
        public OwnerProcess {
            parents = List.copyOf(parents);
        }
    }

    /**
     * @param runtime docker, containerd, crio, podman, lxc
     * @param name "" if it is not known
     */
    public record Container(String id, String name, String image, String runtime) {}

    /**
     * @param kind swarm, compose, kubernetes or systemd
     * @param group stack, project or namespace; "" if there is none
     */
    public record Service(String kind, String group, String name) {}
}
