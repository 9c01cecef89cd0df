// SPDX-License-Identifier: Apache-2.0
package egret.analyzer;

import egret.capture.origin.Owner;
import egret.capture.origin.Owner.Container;
import egret.capture.origin.Owner.OwnerProcess;
import egret.capture.origin.Owner.Service;
import egret.capture.origin.Quality;
import java.util.List;

/** Owners for tests. */
public final class OwnerSamples {
    private OwnerSamples() {}

    public static Owner dockerd() {
        OwnerProcess process = new OwnerProcess(
                812,
                (Intervals.START - 3600) * Intervals.SECOND,
                "/usr/bin/dockerd",
                "/usr/bin/dockerd -H fd://",
                0,
                "root",
                List.of("/usr/lib/systemd/systemd"));
        return new Owner(
                1, process, 1, null, new Service("systemd", "", "docker.service"), Quality.EXACT, "bpf-sock-ops");
    }

    public static Owner process(int id, String executable) {
        OwnerProcess process = new OwnerProcess(800 + id, 0, executable, "", 1000, "ci", List.of("bash"));
        return new Owner(id, process, 1, null, null, Quality.EXACT, "tracefs");
    }

    /** Only one candidate was left. */
    public static Owner inferred(int id, String executable) {
        return new Owner(id, process(id, executable).process(), 1, null, null, Quality.INFERRED, "sock-diag");
    }

    /** A short-lived program, many times over. */
    public static Owner many(int id, String executable, long processes) {
        return new Owner(id, process(id, executable).process(), processes, null, null, Quality.EXACT, "tracefs");
    }

    public static Owner compose() {
        OwnerProcess process = new OwnerProcess(
                4711, 0, "/usr/sbin/nginx", "nginx: worker process", 101, "nginx", List.of("nginx", "containerd-shim"));
        Container container = new Container(
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "web-nginx-1",
                "nginx:1.27",
                "docker");
        Service service = new Service("compose", "web", "nginx");
        return new Owner(3, process, 1, container, service, Quality.EXACT, "bpf-connect");
    }
}
