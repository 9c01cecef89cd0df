// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SwarmJsonTest {
    static final String SERVICES = """
            [{"ID":"s1","Version":{"Index":11},"Spec":{"Name":"burst_svc01","Labels":{"com.docker.stack.image":"acme/app:1",
            "com.docker.stack.namespace":"burst"},"TaskTemplate":{"ContainerSpec":{"Image":"acme/app:1","Mounts":[{"Type":
            "bind"}]},"Resources":{}},"Mode":{"Replicated":{"Replicas":1}}},"Endpoint":{"Spec":{}}},
            {"ID":"s2","Spec":{"Name":"db","Labels":null,"TaskTemplate":{"ContainerSpec":{"Image":"acme/db:2@sha256:00ff"}}}},
            {"Spec":{"Name":"without id"}}]
            """;
    static final String TASKS = """
            [{"ID":"t1","ServiceID":"s1","NodeID":"n1","Slot":1,"Spec":{"ContainerSpec":{"Image":"acme/app:1"}},"Status":
            {"Timestamp":"2026-11-23T01:26:19.533421694Z","State":"rejected","Err":"invalid mount config for type \\"bind\\":\
             bind source path does not exist: /srv/missing","ContainerStatus":{},"PortStatus":{}},"DesiredState":"shutdown"},
            {"ID":"t2","ServiceID":"s2","NodeID":"n2","Status":{"Timestamp":"2026-11-23T01:26:20Z","State":"running"}}]
            """;
    static final String INFO =
            "{\"ID\":\"x\",\"Swarm\":{\"NodeID\":\"n1\",\"LocalNodeState\":\"active\",\"ControlAvailable\":true},\"Name\":\"h\"}";
    private static final String NODES = "[{\"ID\":\"n2\",\"Description\":{\"Hostname\":\"web2\",\"Engine\":{}}}]";
    private static final String EVENT =
            "{\"status\":\"pull\",\"id\":\"acme/app:1\",\"Type\":\"image\",\"Action\":\"pull\",\"Actor\":{\"ID\":\"acme/app:1\","
                    + "\"Attributes\":{\"name\":\"acme/app\"}},\"scope\":\"local\",\"time\":1795397179,"
                    + "\"timeNano\":1795397179533421694}";

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsServicesWithStackAndImage() throws IOException {
        List<SwarmJson.Service> services = new ArrayList<>();
        SwarmJson.services(in(SERVICES), services::add);
        assertThat(services)
                .containsExactly(
                        new SwarmJson.Service("s1", "burst_svc01", "burst", "acme/app:1"),
                        new SwarmJson.Service("s2", "db", "", "acme/db:2@sha256:00ff"));
    }

    @Test
    void readsTasksNodesInfoAndEvents() throws IOException {
        List<SwarmJson.Task> tasks = new ArrayList<>();
        SwarmJson.tasks(in(TASKS), tasks::add);
        assertThat(tasks).hasSize(2);
        assertThat(tasks.get(0).failed()).isTrue();
        assertThat(tasks.get(0).error()).endsWith("bind source path does not exist: /srv/missing");
        assertThat(tasks.get(0).nanos() % 1_000_000_000L).isEqualTo(533_421_694);
        assertThat(tasks.get(1).failed()).isFalse();
        List<SwarmJson.Node> nodes = new ArrayList<>();
        SwarmJson.nodes(in(NODES), nodes::add);
        assertThat(nodes).containsExactly(new SwarmJson.Node("n2", "web2"));
        assertThat(SwarmJson.info(in(INFO))).isEqualTo(new SwarmJson.Info("n1", true, true));
        assertThat(SwarmJson.info(in("{\"Swarm\":{\"LocalNodeState\":\"inactive\",\"ControlAvailable\":true}}")))
                .isEqualTo(new SwarmJson.Info("", false, false));
        byte[] event = EVENT.getBytes(StandardCharsets.UTF_8);
        assertThat(SwarmJson.event(event, event.length))
                .isEqualTo(new SwarmJson.Event("image", "pull", "acme/app:1", 1_795_397_179_533_421_694L));
    }

    @Test
    void refusesWhatIsCutOffOrNotAskedFor() {
        for (String text : List.of("", "{}", "null", "[{\"ID\":\"a\"", "[{\"ID\":\"a\"}", "[{\"ID\":\"a\"},3]")) {
            assertThatThrownBy(() -> SwarmJson.services(in(text), service -> {}))
                    .as(text)
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> SwarmJson.tasks(in("[".repeat(2000)), task -> {}))
                .isInstanceOf(IOException.class);
    }

    @Test
    void readsAnythingOrRefusesIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (String whole : List.of(SERVICES, TASKS, INFO, NODES, EVENT)) {
            for (int round = 0; round < 2000; round++) {
                byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
                for (int changes = random.nextInt(4); changes >= 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                            ? (byte) random.nextInt()
                            : (byte) "{}[]\",:\\0".charAt(random.nextInt(9));
                }
                int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
                try {
                    SwarmJson.event(bytes, length);
                } catch (IOException refused) {
                    // as it may
                }
                for (int reader = 0; reader < 4; reader++) {
                    try (InputStream in = new ByteArrayInputStream(bytes, 0, length)) {
                        switch (reader) {
                            case 0 -> SwarmJson.services(in, service -> check(service.name(), seed));
                            case 1 -> SwarmJson.tasks(in, task -> check(task.service(), seed));
                            case 2 -> SwarmJson.nodes(in, node -> check(node.host(), seed));
                            default -> check(SwarmJson.info(in).node(), seed);
                        }
                    } catch (IOException refused) {
                        // as it may
                    }
                }
            }
        }
    }

    private static void check(String text, long seed) {
        assertThat(text.length()).as("seed %d", seed).isLessThan(256);
        assertThat(text.chars()).as("seed %d", seed).noneMatch(c -> c < ' ');
    }
}
