// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.evidence.Evidence.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFollowerTest {
    @TempDir
    Path folder;

    private final Awaited awaited = new Awaited();

    private static String failure(Instant at, String service, String task) {
        return "time=\"" + at.truncatedTo(ChronoUnit.MILLIS) + "\" level=error msg=\"fatal task error\""
                + " error=\"invalid mount config for type \\\"bind\\\": bind source path does not exist: /srv/missing\""
                + " module=node/agent/taskmanager node.id=n service.id=" + service + " task.id=" + task + "\n";
    }

    private static void append(Path path, String text) throws IOException {
        Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void tellsOfASecondThatIsOverThoughNothingFollows() throws Exception {
        Path log = folder.resolve("log");
        try (LogFollower follower = LogFollower.file(log, awaited)) {
            Instant now = Instant.now();
            append(log, failure(now, "s1", "t1"));
            Evidence first = awaited.first(evidence -> evidence.service().equals("s1"));
            long lateMillis = Instant.now().toEpochMilli() - now.toEpochMilli();
            assertThat(first.kind()).isEqualTo(Kind.TASK_FAILED);
            assertThat(first.problem()).isEqualTo(Problem.BIND_SOURCE_MISSING);
            assertThat(first.second()).isEqualTo(now.getEpochSecond());
            assertThat(first.line()).isEqualTo(1);
            assertThat(lateMillis)
                    .as("a loaded machine has time, a second line has not")
                    .isLessThan(10_000);
            Awaited.until("told", () -> follower.state().endsWith(": 1 of 1 lines used"));
            assertThat(follower.follows()).isTrue();
        }
    }

    @Test
    void readsALineThatComesInPieces() throws Exception {
        Path log = folder.resolve("log");
        try (LogFollower follower = LogFollower.file(log, awaited)) {
            String line = failure(Instant.now(), "torn", "t");
            append(log, line.substring(0, 40));
            Awaited.until("opened", follower::follows);
            append(log, line.substring(40, 90));
            append(log, line.substring(90));
            assertThat(awaited.first(evidence -> true).service()).isEqualTo("torn");
        }
    }

    @Test
    void keepsTheNamesOfServicesWhenTheLogIsTurned() throws Exception {
        Path log = folder.resolve("log");
        Instant now = Instant.now();
        append(
                log,
                failure(now, "s1", "t1")
                        + "time=\"" + now + "\" level=warning msg=\"failed to deactivate service binding for container"
                        + " burst_svc07.1.t1\" error=\"No such container: burst_svc07.1.t1\" module=node/agent\n");
        try (LogFollower follower = LogFollower.file(log, awaited)) {
            assertThat(awaited.first(evidence -> evidence.kind() == Kind.SERVICE)
                            .name())
                    .isEqualTo("burst_svc07");
            Files.move(log, folder.resolve("log.1"));
            append(log, "\n" + failure(Instant.now(), "s1", "t2"));
            Evidence after = awaited.first(evidence -> evidence.line() == 2 && evidence.kind() == Kind.TASK_FAILED);
            assertThat(after.name()).isEqualTo("burst_svc07");
            assertThat(follower.tally().used()).isEqualTo(3);
        }
    }

    @Test
    void endsAtOnceWhateverTheLogIs() throws Exception {
        Path flood = folder.resolve("flood");
        Random random = new Random(4);
        byte[] noise = new byte[3 << 20];
        random.nextBytes(noise);
        Files.write(flood, noise);
        for (Path log : List.of(flood, folder.resolve("none"), folder)) {
            LogFollower follower = LogFollower.file(log, awaited);
            long begin = System.nanoTime();
            follower.close();
            assertThat((System.nanoTime() - begin) / 1_000_000)
                    .as("ms for " + log)
                    .isLessThan(2000);
        }
        assertThat(awaited.all()).isEmpty();
    }

    @Test
    void readsTheJournalThroughAChild() throws Exception {
        String message =
                failure(Instant.now(), "s9", "t9").strip().replace("\\", "\\\\").replace("\"", "\\\"");
        Path entries = Files.writeString(
                folder.resolve("entries"),
                "{\"__REALTIME_TIMESTAMP\":\"1\",\"_HOSTNAME\":\"web1\",\"SYSLOG_IDENTIFIER\":\"dockerd\",\"MESSAGE\":\""
                        + message + "\"}\n{\"torn\n");
        JournalTail journal =
                new JournalTail(List.of("sh", "-c", "cat \"$0\"; exec tail -f /dev/null", entries.toString()));
        try (LogFollower follower = LogFollower.start("journal", journal, awaited)) {
            Evidence first = awaited.first(evidence -> true);
            assertThat(first.host()).isEqualTo("web1");
            assertThat(first.service()).isEqualTo("s9");
            assertThat(first.line()).isZero();
            Awaited.until("read to its end", () -> follower.state().equals("journal: 1 of 2 lines used"));
        }
    }

    @Test
    void tellsWhyTheJournalCannotBeRead() {
        JournalTail ends = new JournalTail(List.of("sh", "-c", "echo no journal here >&2; exit 3"));
        try (LogFollower follower = LogFollower.start("journal", ends, awaited)) {
            Awaited.until(
                    "told", () -> follower.state().startsWith("journal journalctl ended with 3: no journal here"));
            assertThat(follower.follows()).isFalse();
        }
        JournalTail none = new JournalTail(List.of("/nowhere/journalctl"));
        try (LogFollower follower = LogFollower.start("journal", none, awaited)) {
            Awaited.until("told", () -> follower.state().startsWith("journal cannot be started"));
        }
    }
}
