// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

/**
 * Reads {@code /proc/PID/cgroup} (cgroups(7)): lines of {@code hierarchy:controllers:path}, the one of version 2 with number
 * 0 and no controllers. A container's id is a component of 64 hexadecimal digits, or has them behind the name of a runtime:
 *
 * <pre>
 * /docker/ID  /system.slice/docker-ID.scope  /user.slice/.../app.slice/docker-ID.scope  /../../system.slice/docker-ID.scope
 * /kubepods/burstable/podUID/ID  /kubepods.slice/.../kubepods-burstable-podU_I_D.slice/cri-containerd-ID.scope
 * /system.slice/containerd.service/kubepods-burstable-podU_I_D.slice:cri-containerd:ID
 * /machine.slice/libpod-ID.scope/container  /kubepods.slice/.../crio-ID.scope  /ecs/TASK/ID  /k8s.io/ID  /lxc.payload.NAME
 * </pre>
 */
final class CgroupText {
    private static final int ID = 64;
    private static final int UID = 36;

    /** Behind the path of a cgroup that was removed while the process still ended. */
    private static final String DELETED = " (deleted)";

    /** Words before an id, and whose container it is; "" of a process that only watches one. */
    private static final String[][] RUNTIMES = {
        {"docker-", "docker"},
        {"cri-containerd-", "containerd"},
        {"cri-containerd:", "containerd"},
        {"nerdctl-", "containerd"},
        {"crio-conmon-", ""},
        {"crio-", "crio"},
        {"crio:", "crio"},
        {"libpod-conmon-", ""},
        {"libpod-payload-", "podman"},
        {"libpod-", "podman"},
    };

    private String container = "";
    private String outer = "";
    private String runtime = "";
    private String pod = "";
    private String unit = "";

    private CgroupText() {}

    /** Of all lines of the file; the root if they tell nothing. */
    static Cgroup parse(String text) {
        Cgroup best = Cgroup.ROOT;
        int bestRank = -1;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            int first = text.indexOf(':', from);
            int second = first < 0 ? -1 : text.indexOf(':', first + 1);
            if (second > 0 && second < end) {
                String controllers = text.substring(first + 1, second);
                Cgroup cgroup = path(text.substring(second + 1, end), first == second - 1);
                int rank = rank(cgroup, controllers);
                if (rank > bestRank) {
                    bestRank = rank;
                    best = cgroup;
                }
            }
            from = end + 1;
        }
        return best;
    }

    /** A container tells most, then a unit or pod; of equals version 2, then systemd's own hierarchy. */
    private static int rank(Cgroup cgroup, String controllers) {
        int rank = controllers.isEmpty() ? 2 : controllers.equals("name=systemd") ? 1 : 0;
        if (!cgroup.container().isEmpty()) {
            return rank + 12;
        }
        if (!cgroup.unit().isEmpty() || !cgroup.pod().isEmpty()) {
            return rank + 8;
        }
        return cgroup.path().equals("/") ? rank : rank + 4;
    }

    /** Of one path. */
    static Cgroup path(String text, boolean unified) {
        String path = text.endsWith(DELETED) ? text.substring(0, text.length() - DELETED.length()) : text;
        CgroupText parts = new CgroupText();
        int from = 0;
        while (from < path.length()) {
            int end = path.indexOf('/', from);
            end = end < 0 ? path.length() : end;
            if (end > from) {
                parts.component(path, from, end);
            }
            from = end + 1;
        }
        if (path.isEmpty()) {
            return Cgroup.ROOT;
        }
        return new Cgroup(
                Texts.printable(path, 1024),
                parts.container,
                parts.outer,
                parts.runtime,
                parts.pod,
                parts.unit,
                unified);
    }

    private void component(String path, int from, int end) {
        int podAt = podUid(path, from, end);
        if (podAt >= 0) {
            pod = path.substring(podAt, uidEnd(path, podAt, end)).replace('_', '-');
        }
        int id = id(path, from, end);
        if (id >= 0) {
            String whose = runtime(path, from, id);
            if (!whose.isEmpty()) {
                container(path.substring(id, id + ID), whose);
            }
            return;
        }
        String component = path.substring(from, end);
        if (component.startsWith("lxc.payload.")) {
            container(Texts.printable(component.substring("lxc.payload.".length()), 255), "lxc");
        } else if (from == 5 && path.startsWith("/lxc/")) {
            container(Texts.printable(component, 255), "lxc");
        } else if (path.startsWith("/ecs/") && fargate(component)) {
            container(component, "containerd");
        } else if (component.endsWith(".service") || component.endsWith(".scope")) {
            unit = Texts.printable(component, 255);
        }
    }

    private void container(String id, String whose) {
        if (!id.equals(container)) {
            outer = container;
        }
        container = id;
        runtime = whose;
        unit = ""; // What it runs in is no longer the nearest.
    }

    private String runtime(String path, int from, int id) {
        for (String[] known : RUNTIMES) {
            if (id - from >= known[0].length() && path.startsWith(known[0], id - known[0].length())) {
                return known[1];
            }
        }
        if (path.startsWith("/ecs/") || path.startsWith("docker/", Math.max(0, from - "docker/".length()))) {
            return "docker";
        }
        return path.contains("/libpod_parent/") ? "podman" : "containerd";
    }

    /** Where 64 hexadecimal digits stand alone, or -1. */
    private static int id(String path, int from, int end) {
        int run = 0;
        for (int at = from; at <= end; at++) {
            if (at < end && hex(path.charAt(at))) {
                run++;
                continue;
            }
            if (run == ID && (at == end || path.startsWith(".scope", at) || path.charAt(at) == ':')) {
                int start = at - ID;
                if (start == from || path.charAt(start - 1) == '-' || path.charAt(start - 1) == ':') {
                    return start;
                }
            }
            run = 0;
        }
        return -1;
    }

    /** Where a pod's uid begins, or -1: behind "pod", 36 characters, or 32 of a static pod. */
    private static int podUid(String path, int from, int end) {
        for (int at = path.indexOf("pod", from); at >= 0 && at + 3 < end; at = path.indexOf("pod", at + 1)) {
            if (uidEnd(path, at + 3, end) > 0 && (at == from || path.charAt(at - 1) == '-')) {
                return at + 3;
            }
        }
        return -1;
    }

    private static int uidEnd(String path, int from, int end) {
        int digits = 0;
        int at = from;
        for (; at < end && at - from < UID; at++) {
            char c = path.charAt(at);
            if (hex(c)) {
                digits++;
            } else if (c != '-' && c != '_') {
                break;
            }
        }
        boolean ends = at == end || path.charAt(at) == '.' || path.charAt(at) == ':';
        return digits == 32 && ends && (at - from == UID || at - from == 32) ? at : -1;
    }

    /** 32 hexadecimal digits, a hyphen, and a number: a container of ECS on Fargate. */
    private static boolean fargate(String component) {
        if (component.length() < 34 || component.charAt(32) != '-') {
            return false;
        }
        for (int at = 0; at < component.length(); at++) {
            char c = component.charAt(at);
            if (at < 32 ? !hex(c) : at > 32 && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    static boolean hex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** Whether it is a container's id as Docker, containerd, CRI-O and Podman give them. */
    static boolean isId(String text) {
        if (text.length() != ID) {
            return false;
        }
        for (int at = 0; at < ID; at++) {
            if (!hex(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }
}
