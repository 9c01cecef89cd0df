// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a machine keeps what it says of processes and containers.
 *
 * @param proc the root of proc(5)
 * @param passwd file of passwd(5)
 * @param cgroups where cgroup version 2 may be mounted; the first that is, counts
 * @param sockets of container engines that speak Docker's API; Podman's are told by their name
 * @param dockerContainers the folder of Docker's own files, one folder for each container
 * @param containerLogs the folder where a kubelet links the logs of containers
 */
public record Places(
        Path proc, Path passwd, List<Path> cgroups, List<Path> sockets, Path dockerContainers, Path containerLogs) {
    public Places {
        cgroups = List.copyOf(cgroups);
        sockets = List.copyOf(sockets);
    }

    /** The usual ones. */
    public static Places usual() {
        return new Places(
                Path.of("/proc"),
                Path.of("/etc/passwd"),
                List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified")),
                List.of(Path.of("/var/run/docker.sock"), Path.of("/run/podman/podman.sock")),
                Path.of("/var/lib/docker/containers"),
                Path.of("/var/log/containers"));
    }

    /** With these sockets of engines in place of the usual ones. */
    public Places withSockets(List<Path> others) {
        return new Places(proc, passwd, cgroups, others, dockerContainers, containerLogs);
    }
}
