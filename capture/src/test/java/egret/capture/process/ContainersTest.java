// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.engine.FakeEngine;
import egret.capture.origin.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
    private static final String WEB = "0a".repeat(32);
    private static final String JOB = "1b".repeat(32);
    private static final String LIST =
            "[{\"Id\":\"" + WEB + "\",\"Names\":[\"/shop_web.1.x\"],\"Image\":\"acme/web:1\","
                    + "\"Ports\":[{\"PrivatePort\":80}],\"Labels\":{\"com.docker.swarm.service.name\":\"shop_web\","
                    + "\"com.docker.stack.namespace\":\"shop\"}}]";

    @TempDir
    Path folder;

    private FakeEngine engine;
    private Containers containers;

    @BeforeEach
    void begin() throws Exception {
        engine = new FakeEngine(folder.resolve("docker.sock"));
        engine.answer("/containers/json", LIST);
    }

    @AfterEach
    void end() throws Exception {
        if (containers != null) {
            assertThat(containers.failure()).isNull();
            containers.close();
        }
        engine.close();
    }

    private Places places() {
        return new Places(
                folder.resolve("proc"),
                folder.resolve("passwd"),
                List.of(folder.resolve("cgroup")),
                List.of(folder.resolve("docker.sock")),
                folder.resolve("containers"),
                folder.resolve("logs"));
    }

    private void start() {
        containers = new Containers(places());
        containers.start();
    }

    /** Waits for what another thread does, ten seconds at most. */
    private static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(5);
        }
    }

    private void untilKnown(String id) throws InterruptedException {
        until(id, () -> containers.names(id) != null);
    }

    @Test
    void knowsWhatRuns() throws Exception {
        start();
        untilKnown(WEB);
        assertThat(containers.names(WEB))
                .isEqualTo(new ContainerNames(
                        new Owner.Container(WEB, "shop_web.1.x", "acme/web:1", "docker"),
                        new Owner.Service("swarm", "shop", "shop_web")));
        assertThat(engine.asked())
                .allSatisfy(line -> assertThat(line).startsWith("GET /").endsWith(" HTTP/1.0"));
    }

    @Test
    void learnsFromEvents() throws Exception {
        start();
        untilKnown(WEB);
        engine.event("{\"Type\":\"container\",\"Action\":\"create\",\"Actor\":{\"ID\":\"" + JOB
                + "\",\"Attributes\":{\"image\":\"acme/job\",\"name\":\"job\","
                + "\"com.docker.compose.project\":\"p\",\"com.docker.compose.service\":\"s\"}},\"time\":1}\n");
        untilKnown(JOB);
        assertThat(containers.names(JOB).service()).isEqualTo(new Owner.Service("compose", "p", "s"));
        assertThat(containers.names(JOB).container().name()).isEqualTo("job");
        engine.event("{\"Type\":\"container\",\"Action\":\"rename\",\"Actor\":{\"ID\":\"" + JOB
                + "\",\"Attributes\":{\"name\":\"job2\"}}}\n");
        until("renamed", () -> containers.names(JOB).container().name().equals("job2"));
    }

    @Test
    void passesOverEventsThatAreNone() throws Exception {
        start();
        untilKnown(WEB);
        engine.event("\n\r\n{}\n[]\nnothing\n{\"Type\":\"container\"\n{\"Type\":7,\"Actor\":[1]}\n\u0000\n");
        engine.event("{\"a\":\"" + "x".repeat(300 << 10) + "\"}\n");
        engine.event("[".repeat(5000) + "\n");
        engine.event(
                "{\"Type\":\"container\",\"Action\":\"start\",\"id\":\"" + JOB + "\",\"Actor\":{\"Attributes\":{}}}\n");
        untilKnown(JOB);
        assertThat(containers.unreadableEvents()).isGreaterThanOrEqualTo(5);
        assertThat(containers.engineFailures()).isZero();
    }

    @Test
    void theAnswerTellsWhatAnEngineDidNot() throws Exception {
        try (Owners owners = new Owners(List.of(), places())) {
            until("connected", () -> owners.containers().names(WEB) != null);
            assertThat(owners.coverage().shed()).isEmpty();
            engine.event("nothing\n");
            until("an event", () -> owners.coverage().shed().equals(Map.of("engine-events", 1L)));
            engine.close();
            until("a failure", () -> owners.coverage().shed().containsKey("engine-failures"));
        }
    }

    @Test
    void comesBackWhenTheEngineWasRestarted() throws Exception {
        start();
        untilKnown(WEB);
        engine.close();
        engine = new FakeEngine(folder.resolve("docker.sock"));
        engine.answer("/containers/json", LIST.replace(WEB, JOB));
        untilKnown(JOB);
        assertThat(containers.engineFailures()).isPositive();
        assertThat(containers.names(WEB)).as("kept after its end").isNotNull();
    }

    @Test
    void asksForOneThatTheListDidNotHold() throws Exception {
        engine.answer(
                "/containers/" + JOB + "/json",
                "{\"Id\":\"" + JOB + "\",\"Name\":\"/job\",\"Image\":\"sha256:1\",\"Config\":{\"Image\":\"acme/job\","
                        + "\"Labels\":{\"io.kubernetes.pod.name\":\"pod-1\",\"io.kubernetes.pod.namespace\":\"n\","
                        + "\"io.kubernetes.container.name\":\"main\"}}}");
        start();
        untilKnown(WEB);
        containers.ask(JOB, "docker");
        untilKnown(JOB);
        assertThat(containers.names(JOB))
                .isEqualTo(new ContainerNames(
                        new Owner.Container(JOB, "main", "acme/job", "docker"),
                        new Owner.Service("kubernetes", "n", "pod-1")));
    }

    @Test
    void readsDockersFilesAndTheKubeletsLogsWithoutAnEngine() throws Exception {
        engine.close();
        ProcTree.write(
                folder.resolve("containers").resolve(WEB).resolve("config.v2.json"),
                "{\"State\":{\"Pid\":7},\"ID\":\"" + WEB
                        + "\",\"Name\":\"/web\",\"Config\":{\"Image\":\"acme/web\",\"Labels\":null}}");
        ProcTree.write(folder.resolve("logs/pod-1_shop_main-" + JOB + ".log"), "");
        ProcTree.write(folder.resolve("logs/other_x_y-" + "2c".repeat(32) + ".log"), "");
        start();
        containers.ask(WEB, "docker");
        containers.ask(JOB, "crio");
        untilKnown(WEB);
        untilKnown(JOB);
        assertThat(containers.names(WEB).container()).isEqualTo(new Owner.Container(WEB, "web", "acme/web", "docker"));
        assertThat(containers.names(JOB))
                .isEqualTo(new ContainerNames(
                        new Owner.Container(JOB, "main", "", "crio"),
                        new Owner.Service("kubernetes", "shop", "pod-1")));
        assertThat(containers.engineFailures()).isZero();
    }

    @Test
    void survivesEveryHostileAnswer() throws Exception {
        for (String answer : List.of(
                "",
                "HTTP/1.0 500 Internal\r\n\r\n[]",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[]   \r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\n" + "X: y\r\n".repeat(10_000),
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\n{}",
                "HTTP/1.0 200 OK\r\n\r\n[{\"Id\":\"" + WEB,
                "HTTP/1.0 200 OK\r\n\r\n" + "[".repeat(100_000),
                "HTTP/1.0 200 OK\r\n\r\n[{\"Id\":\"" + "a".repeat(2 << 20) + "\"}]",
                "HTTP/1.0 200 OK\r\n\r\n[{\"Names\":[",
                "\u0000\u0001\u0002")) {
            engine.raw("/containers/json", answer);
            try (Containers each = new Containers(places())) {
                each.start();
                until(
                        "a failure of " + answer.substring(0, Math.min(30, answer.length())),
                        () -> each.engineFailures() > 0);
                assertThat(each.failure()).isNull();
            }
        }
    }

    @Test
    void aListOfNonsenseIsNoFailure() throws Exception {
        engine.answer(
                "/containers/json",
                "[{\"Id\":5},{\"Id\":\"../../etc\"},{\"Id\":\"" + JOB
                        + "\",\"Names\":null,\"Labels\":[1,{\"a\":2}],\"Config\":3,\"Image\":{}},{\"Id\":\"" + WEB
                        + "\",\"Names\":[1,\"/a\\u001b[31m\"],\"Labels\":{\"x\":{\"y\":1},\"com.docker.compose.service\":\"s\"}}]");
        start();
        untilKnown(WEB);
        assertThat(containers.names(JOB).container().name()).isEmpty();
        assertThat(containers.names(WEB).container().name()).isEqualTo("a?[31m");
        assertThat(containers.engineFailures()).isZero();
    }

    @Test
    void anEngineThatDoesNotAnswerHoldsUpNobodyWhoAsks() throws Exception {
        engine.hang("/containers/json");
        start();
        until("asked", () -> !engine.asked().isEmpty());
        long before = System.nanoTime();
        for (int i = 0; i < Containers.QUESTIONS + 10; i++) {
            containers.ask(JOB, "docker");
        }
        assertThat(System.nanoTime() - before).isLessThan(1_000_000_000L);
        assertThat(containers.refused()).isGreaterThanOrEqualTo(10);
        containers.close();
    }

    @Test
    void aListBeyondTheBoundIsCut() throws Exception {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < Containers.MAX + 500; i++) {
            list.append(i == 0 ? "" : ",")
                    .append("{\"Id\":\"")
                    .append(String.format("%064x", i))
                    .append("\"}");
        }
        engine.answer("/containers/json", list.append(']').toString());
        start();
        untilKnown(String.format("%064x", Containers.MAX - 1));
        engine.event("{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"" + WEB + "\"}}\n");
        until("shed", () -> containers.shed() == 1);
        engine.event("{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"" + String.format("%064x", 5)
                + "\"}}\n");
        engine.event("{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"" + WEB + "\"}}\n");
        untilKnown(WEB);
        assertThat(containers.names(String.format("%064x", 5))).isNull();
    }

    @Test
    void findsCgroupsByNumber() throws Exception {
        Path scope = folder.resolve("cgroup/system.slice/docker-" + WEB + ".scope");
        Files.createDirectories(scope);
        ProcTree.write(folder.resolve("cgroup/cgroup.controllers"), "cpu\n");
        long inode = (Long) Files.getAttribute(scope, "unix:ino");
        start();
        assertThat(containers.cgroup(inode)).isNull();
        containers.askCgroup(inode);
        until("cgroup", () -> containers.cgroup(inode) != null);
        assertThat(containers.cgroup(inode).container()).isEqualTo(WEB);
        assertThat(containers.cgroup(inode).path()).isEqualTo("/system.slice/docker-" + WEB + ".scope");
    }
}
