// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

/**
 * A control group as a place in the machine: what its path tells of container, pod and unit.
 *
 * @param path the one line of all hierarchies that tells most
 * @param container id of the innermost container, "" if it is none
 * @param outer id of the container that this one runs in, "" if there is none
 * @param runtime docker, containerd, crio, podman or lxc; "" without container
 * @param pod uid of the Kubernetes pod, "" if there is none
 * @param unit the innermost systemd unit that is no container, "" if there is none
 * @param unified the path is that of version 2
 */
record Cgroup(String path, String container, String outer, String runtime, String pod, String unit, boolean unified) {
    static final Cgroup ROOT = new Cgroup("/", "", "", "", "", "", false);
}
