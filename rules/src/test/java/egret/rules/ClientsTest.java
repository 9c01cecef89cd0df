// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

class ClientsTest {
    private static final String DOCKER = "t13d110900_cafd58515627_97f8aa674fd9";
    private static final String GO_WITHOUT_ALPN = "t13d190900_9dc949149365_97f8aa674fd9";
    private final Clients clients = Clients.builtin();

    @Test
    void tellsDockerdFromPodmanByTheVersionsOffered() {
        assertThat(clients.label(DOCKER, "", 2, 227)).isEqualTo(new Client("dockerd ≤ 28", true, true, true));
        assertThat(clients.label(DOCKER, "", 2, 300)).isEqualTo(new Client("dockerd ≤ 28", true, true, false));
        assertThat(clients.label(DOCKER, "", 4, 231))
                .isEqualTo(new Client("podman, skopeo or buildah", false, false, true));
        assertThat(clients.label(DOCKER, "", 0, 0).onePerConnection()).isFalse();
        assertThat(clients.label("t13d111000_cafd58515627_e7c285222651", "", 2, 231)
                        .label())
                .isEqualTo("dockerd ≤ 28 or docker CLI");
    }

    @Test
    void tellsContainerdFromAnyGoProgramByTheServerName() {
        assertThat(clients.label(GO_WITHOUT_ALPN, "", 4, 243, "registry-1.docker.io")
                        .label())
                .isEqualTo("containerd 1.6–1.7");
        assertThat(clients.label(GO_WITHOUT_ALPN, "", 4, 243, "example.org").label())
                .isEqualTo("Go program without HTTP/2");
        assertThat(clients.label("t13d1311h2_f57a46bbacb6_e7c285222651", "h2", 2, 0, "index.docker.io")
                        .label())
                .startsWith("go-containerregistry");
        assertThat(clients.label("t13d1311h2_f57a46bbacb6_e7c285222651", "h2", 2, 0))
                .isEqualTo(new Client("Go program", false, false, true));
    }

    @Test
    void claimsOneRequestPerConnectionOnlyUpToDocker291() {
        assertThat(clients.label("t13d071100_04ca88ad2b9b_e5728521abd4", "", 2, 0)
                        .onePerConnection())
                .isTrue();
        assertThat(clients.label("t13d071100_04ca88ad2b9b_ab7e3b40a677", "", 2, 0)
                        .onePerConnection())
                .isFalse();
        assertThat(clients.label("t13d091100_f91f431d341e_ab7e3b40a677", "", 2, 0)
                        .onePerConnection())
                .isFalse();
    }

    @Test
    void knowsOthersAndLeavesTheUnknownUnnamed() {
        assertThat(clients.label("t13d3112h1_e8f1e7e78f70_b26ce05bbdd6", "http/1.1", 4, 497)
                        .label())
                .startsWith("curl");
        assertThat(clients.label("t13d5911h1_a33745022dd6_1f22a2ca17c4", "http/1.1", 2, 0)
                        .label())
                .isEqualTo("Node.js");
        assertThat(clients.label("t13d3713h2_db35923f8641_7c76daad20ec", "h2", 2, 0)
                        .label())
                .startsWith("Java");
        assertThat(clients.label("", "", 0, 0)).isNull();
        assertThat(clients.label("t13d999900_000000000000_000000000000", "", 2, 227))
                .isNull();
    }

    @Test
    void reportsEveryMistake() {
        RulesException refused = catchThrowableOfType(RulesException.class, () -> ClientsFile.parse("c", """
                clients:
                  - {lable: x, ja4: [short], evidence: guess, supported-versions: x, hello-less-name: [0]}
                  - text
                """));
        assertThat(refused.problems())
                .extracting(Problem::path)
                .contains(
                        "clients[0].lable",
                        "clients[0].label",
                        "clients[0].ja4",
                        "clients[0].evidence",
                        "clients[0].supported-versions",
                        "clients[0].hello-less-name",
                        "clients[1]");
    }
}
