// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.engine.FakeEngine;
import egret.capture.evidence.Evidence.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineEvidenceTest {
    private static final String PULL =
            "{\"Type\":\"image\",\"Action\":\"pull\",\"Actor\":{\"ID\":\"%s\"},\"timeNano\":1795397179533421694}\n";

    @TempDir
    Path folder;

    private final Awaited awaited = new Awaited();
    private FakeEngine fake;
    private Path socket;

    @BeforeEach
    void begin() throws IOException {
        socket = folder.resolve("docker.sock");
        fake = new FakeEngine(socket);
        fake.answer("/info", SwarmJsonTest.INFO);
        fake.answer("/services", SwarmJsonTest.SERVICES);
        fake.answer("/tasks", SwarmJsonTest.TASKS);
    }

    @AfterEach
    void end() throws IOException {
        fake.close();
    }

    @Test
    void tellsOfServicesAndOfTasksThatFailed() throws Exception {
        try (EngineEvidence engine = EngineEvidence.open(socket, awaited, () -> false)) {
            Evidence service = awaited.first(evidence -> evidence.service().equals("s1"));
            assertThat(service.kind()).isEqualTo(Kind.SERVICE);
            assertThat(service.name()).isEqualTo("burst_svc01");
            assertThat(service.image()).isEqualTo("acme/app:1");
            assertThat(service.detail()).isEqualTo("burst");
            assertThat(awaited.first(evidence -> evidence.service().equals("s2"))
                            .image())
                    .endsWith("@sha256:00ff");
            Evidence failed = awaited.first(evidence -> evidence.kind() == Kind.TASK_FAILED);
            assertThat(failed.name()).isEqualTo("burst_svc01");
            assertThat(failed.problem()).isEqualTo(Problem.BIND_SOURCE_MISSING);
            assertThat(failed.millis()).containsExactly(533);
            assertThat(failed.count()).isEqualTo(1);
            Awaited.until(
                    "told",
                    () -> engine.state()
                            .endsWith("knows 2 services, 1 of them pinned to a digest, and 1 tasks that failed"));
        }
        assertThat(fake.asked()).allMatch(line -> line.startsWith("GET "));
    }

    @Test
    void leavesFailuresHereToTheLogAndTellsOfThoseElsewhere() throws Exception {
        fake.answer("/tasks", SwarmJsonTest.TASKS.replace("\"running\"", "\"failed\""));
        fake.answer("/nodes", "[{\"ID\":\"n2\",\"Description\":{\"Hostname\":\"web2\"}}]");
        try (EngineEvidence engine = EngineEvidence.open(socket, awaited, () -> true)) {
            Evidence failed = awaited.first(evidence -> evidence.kind() == Kind.TASK_FAILED);
            assertThat(failed.service()).isEqualTo("s2");
            assertThat(failed.host()).isEqualTo("web2");
            assertThat(engine.state()).contains(socket.toString());
        }
        assertThat(awaited.all())
                .noneMatch(e -> e.kind() == Kind.TASK_FAILED && e.service().equals("s1"));
    }

    @Test
    void asksAgainWhenAServiceChanges() throws Exception {
        try (EngineEvidence engine = EngineEvidence.open(socket, awaited, () -> false)) {
            awaited.first(evidence -> evidence.kind() == Kind.TASK_FAILED);
            fake.answer("/services", SwarmJsonTest.SERVICES.replace("acme/app:1\",\"Mounts", "acme/app:2\",\"Mounts"));
            fake.event("{\"Type\":\"service\",\"Action\":\"update\",\"Actor\":{\"ID\":\"s1\"}}\n");
            assertThat(awaited.first(evidence -> evidence.image().equals("acme/app:2"))
                            .service())
                    .isEqualTo("s1");
            assertThat(engine.state()).contains("knows 2 services");
        }
        long tasks =
                awaited.all().stream().filter(e -> e.kind() == Kind.TASK_FAILED).count();
        assertThat(tasks).as("each failure is told once").isEqualTo(1);
    }

    @Test
    void tellsOfPullsThatNoTaskMade() throws Exception {
        try (EngineEvidence engine = EngineEvidence.open(socket, awaited, () -> false)) {
            Awaited.until("known", () -> engine.state().contains("knows 2 services"));
            fake.event(PULL.formatted("docker.io/acme/app:1") + PULL.formatted("acme/poller:3") + "{torn\n");
            Evidence pulled = awaited.first(evidence -> evidence.kind() == Kind.PULLED);
            assertThat(pulled.image()).isEqualTo("acme/poller:3");
        }
        assertThat(awaited.all())
                .noneMatch(e -> e.kind() == Kind.PULLED && e.image().contains("app"));
    }

    @Test
    void tellsWhatAWorkerCannotKnow() throws Exception {
        fake.answer("/info", SwarmJsonTest.INFO.replace("true", "false"));
        try (EngineEvidence engine = EngineEvidence.open(socket, awaited, () -> false)) {
            Awaited.until("told", () -> engine.state().contains("is a worker of a swarm"));
        }
        assertThat(fake.asked()).noneMatch(line -> line.contains("/services"));
    }

    @Test
    void triesAgainAndEndsAtOnceWhateverTheEngineDoes() throws Exception {
        fake.hang("/services");
        EngineEvidence slow = EngineEvidence.open(socket, awaited, () -> false);
        Awaited.until("asked", () -> fake.asked().stream().anyMatch(line -> line.contains("/services")));
        long begin = System.nanoTime();
        slow.close();
        assertThat((System.nanoTime() - begin) / 1_000_000).as("ms").isLessThan(1000);

        fake.raw("/services", "HTTP/1.0 200 OK\r\n\r\n" + SwarmJsonTest.SERVICES.substring(0, 300));
        try (EngineEvidence torn = EngineEvidence.open(socket, awaited, () -> false)) {
            Awaited.until("told", () -> torn.state().contains("does not answer"));
            fake.answer("/services", SwarmJsonTest.SERVICES);
            Awaited.until("known", () -> torn.state().contains("knows 2 services"));
        }
        try (EngineEvidence none = EngineEvidence.open(folder.resolve("none.sock"), awaited, () -> false)) {
            Awaited.until("told", () -> none.state().endsWith("is not there"));
        }
    }

    @Test
    void outlivesEventsOfAllKinds() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> texts = List.of(PULL.formatted("acme/x:1"), "\n\n", "{}\n", "[]\n", "{\"timeNano\":\"x\"}\n");
        try (EngineEvidence engine = EngineEvidence.open(socket, awaited, () -> false)) {
            Awaited.until("known", () -> engine.state().contains("knows 2 services"));
            for (int round = 0; round < 200; round++) {
                StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
                fake.event(text.toString());
            }
            fake.event("\n" + "x".repeat(300_000) + "\n" + PULL.formatted("acme/last:1"));
            assertThat(awaited.first(evidence -> evidence.image().equals("acme/last:1"))
                            .kind())
                    .as("seed %d", seed)
                    .isEqualTo(Kind.PULLED);
        }
    }

    @Test
    void comparesImagesByWhatTheyMean() {
        List<String> same = new ArrayList<>();
        for (String image :
                List.of("docker.io/library/redis", "redis:latest", "redis@sha256:00", "library/redis:latest")) {
            same.add(EngineEvidence.bare(image));
        }
        assertThat(same).containsOnly("redis:latest");
        assertThat(EngineEvidence.bare("host:5000/a/b")).isEqualTo("host:5000/a/b:latest");
    }
}
