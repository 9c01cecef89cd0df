// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupTextTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String OTHER = "fedcba9876543210".repeat(4);
    private static final String UID = "3fd2c8aa-1b2c-4d5e-8f90-0123456789ab";

    private static Cgroup parse(String line) {
        return CgroupText.parse(line.replace("<id>", ID)
                .replace("<other>", OTHER)
                .replace("<uid>", UID)
                .replace("<u_i_d>", UID.replace('-', '_')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "12:pids:/docker/<id> docker -",
                "0::/docker/<id> docker -",
                "0::/docker/<id>/init.scope docker -",
                "0::/system.slice/docker-<id>.scope docker -",
                "0::/../../system.slice/docker-<id>.scope docker -",
                "0::/../<id> containerd -",
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/docker-<id>.scope docker -",
                "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-<id>.scope/container podman -",
                "0::/machine.slice/libpod-<id>.scope podman -",
                "0::/machine.slice/libpod-<id>.scope/container podman -",
                "0::/libpod_parent/<id> podman -",
                "0::/system.slice/job.service/libpod-payload-<id> podman -",
                "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod<u_i_d>.slice/cri-containerd-<id>.scope containerd <uid>",
                "0::/kubepods.slice/kubepods-pod<u_i_d>.slice/crio-<id>.scope crio <uid>",
                "0::/kubepods.slice/kubepods-pod<u_i_d>.slice/docker-<id>.scope docker <uid>",
                "11:memory:/kubepods/besteffort/pod<uid>/<id> containerd <uid>",
                "11:memory:/kubepods/pod<uid>/crio-<id> crio <uid>",
                "5:cpu:/system.slice/containerd.service/kubepods-burstable-pod<u_i_d>.slice:cri-containerd:<id> containerd <uid>",
                "0::/kubelet/kubepods/burstable/pod<uid>/<id> containerd <uid>",
                "0::/k8s.io/<id> containerd -",
                "0::/system.slice/nerdctl-<id>.scope containerd -",
                "9:cpu:/ecs/0a1b2c/<id> docker -",
            })
    void findsTheContainerAndPodInEveryForm(String line, String runtime, String pod) {
        Cgroup cgroup = parse(line);
        assertThat(cgroup.container()).isEqualTo(ID);
        assertThat(cgroup.runtime()).isEqualTo(runtime);
        assertThat(cgroup.pod()).isEqualTo(pod.equals("-") ? "" : UID);
        assertThat(cgroup.outer()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "0::/system.slice/docker.service docker.service",
                "1:name=systemd:/system.slice/sshd.service sshd.service",
                "0::/user.slice/user-1000.slice/session-3.scope session-3.scope",
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service sync.service",
                "0::/init.scope init.scope",
                "0::/machine.slice/libpod-conmon-<id>.scope -",
                "0::/ -",
                "0::/system.slice/docker-abcdef.scope docker-abcdef.scope",
                "0::/docker/<id>x -",
                "0::/a/b -",
            })
    void findsTheUnitWhereThereIsNoContainer(String line, String unit) {
        Cgroup cgroup = parse(line);
        assertThat(cgroup.container()).isEmpty();
        assertThat(cgroup.runtime()).isEmpty();
        assertThat(cgroup.unit()).isEqualTo(unit.equals("-") ? "" : unit);
    }

    @Test
    void theInnermostContainerCountsAndTheOneAroundItIsRemembered() {
        Cgroup cgroup = parse("0::/docker/<other>/kubelet/kubepods/burstable/pod<uid>/<id>");
        assertThat(cgroup.container()).isEqualTo(ID);
        assertThat(cgroup.outer()).isEqualTo(OTHER);
        assertThat(cgroup.pod()).isEqualTo(UID);
    }

    @Test
    void ofAllHierarchiesTheOneThatTellsMostCounts() {
        assertThat(parse("9:name=systemd:/\n8:pids:/docker/<id>\n0::/\n").container())
                .isEqualTo(ID);
        assertThat(parse("9:name=systemd:/system.slice/a.service\n4:memory:/x/y\n0::/\n")
                        .unit())
                .isEqualTo("a.service");
        assertThat(parse("4:memory:/x/y\n0::/\n").path()).isEqualTo("/x/y");
        assertThat(parse("9:name=systemd:/\n0::/\n").path()).isEqualTo("/");
        assertThat(parse("9:name=systemd:/system.slice/a.service\n0::/system.slice/b.service")
                        .unit())
                .isEqualTo("b.service");
    }

    @Test
    void knowsOtherContainers() {
        assertThat(parse("0::/lxc.payload.web1/system.slice/nginx.service"))
                .extracting(Cgroup::container, Cgroup::runtime, Cgroup::unit)
                .containsExactly("web1", "lxc", "nginx.service");
        assertThat(parse("0::/system.slice/a.service (deleted)").unit()).isEqualTo("a.service");
        assertThat(parse("3:cpu:/lxc/web2").container()).isEqualTo("web2");
        assertThat(parse("0::/ecs/0a1b/0123456789abcdef0123456789abcdef-1234567890")
                        .container())
                .isEqualTo("0123456789abcdef0123456789abcdef-1234567890");
    }

    @Test
    void nothingMakesItFail() {
        for (String text : new String[] {"", "\n", ":", "::", "0::", "0::\n", "1:2", "0:::::", "x:y:\0\u001b[31m"}) {
            assertThat(CgroupText.parse(text).path()).as(text).doesNotContain("\0", "\u001b");
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String good = "9:name=systemd:/docker/" + ID + "\n0::/kubepods.slice/kubepods-pod" + UID + ".slice/crio-" + ID
                + ".scope\n";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder bad = new StringBuilder(good);
            for (int n = random.nextInt(5); n >= 0; n--) {
                int at = random.nextInt(bad.length());
                switch (random.nextInt(3)) {
                    case 0 -> bad.setCharAt(at, "/:-._\n\0éa".charAt(random.nextInt(9)));
                    case 1 -> bad.deleteCharAt(at);
                    default -> bad.insert(at, bad.substring(0, random.nextInt(bad.length())));
                }
            }
            Cgroup cgroup = CgroupText.parse(bad.toString());
            assertThat(cgroup.container().length()).as("seed %d", seed).isIn(0, 64);
            assertThat(cgroup.path().length()).as("seed %d", seed).isLessThanOrEqualTo(1024);
        }
    }
}
