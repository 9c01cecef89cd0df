// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.evidence.Evidence.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceQueueTest {
    private static Evidence of(long second, Kind kind, String host) {
        return new Evidence(second, kind, host, "s", "", "", Problem.OTHER, "x", 1, new int[] {1}, "log", 7);
    }

    @Test
    void givesWhatNamesNoHostOrItsFirstPartTheNameOfThisOne() {
        EvidenceQueue queue = new EvidenceQueue("web1.example.org", 100);
        queue.evidence(of(100, Kind.TASK_FAILED, ""));
        queue.evidence(of(101, Kind.TASK_FAILED, "web1"));
        queue.evidence(of(102, Kind.TASK_FAILED, "web2"));
        assertThat(queue.take(10))
                .extracting(Evidence::host)
                .containsExactly("web1.example.org", "web1.example.org", "web2");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void doesNotTakeTheLogsOfOthersForItsOwn() {
        EvidenceQueue queue = new EvidenceQueue("", 100);
        queue.evidence(of(100, Kind.TASK_FAILED, ""));
        queue.evidence(of(101, Kind.TASK_FAILED, "web1"));
        assertThat(queue.take(10)).extracting(Evidence::host).containsExactly("", "web1");
    }

    @Test
    void leavesOutFailuresOfBeforeButNotWhatHoldsOn() {
        EvidenceQueue queue = new EvidenceQueue("h", 100);
        queue.evidence(of(99, Kind.TASK_FAILED, ""));
        queue.evidence(of(50, Kind.SERVICE, ""));
        queue.evidence(of(60, Kind.RESOLVE_FAILED, ""));
        assertThat(queue.take(10)).extracting(Evidence::second).containsExactly(50L, 60L);
    }

    @Test
    void keepsToTheTimeOfPacketsWhenTheClockIsSet() {
        EvidenceQueue queue = new EvidenceQueue("h", 10_000);
        queue.clockSet(-12_000_000_100L, 12_000_000_000L);
        queue.evidence(of(9_987, Kind.TASK_FAILED, ""));
        queue.evidence(of(9_989, Kind.TASK_FAILED, ""));
        queue.clockSet(12_000_000_000L, 0);
        queue.evidence(of(9_999, Kind.TASK_FAILED, ""));
        queue.evidence(of(10_002, Kind.TASK_FAILED, ""));
        queue.clockSet(-3_600_000_000_000L, 0);
        queue.evidence(of(6_500, Kind.TASK_FAILED, ""));
        assertThat(queue.take(10)).extracting(Evidence::second).containsExactly(10_001L, 10_002L, 6_500L);
    }

    @Test
    void countsWhatFindsNoRoomAndKeepsTheOrder() {
        EvidenceQueue queue = new EvidenceQueue("h", 0);
        for (int i = 0; i < EvidenceQueue.ROOM + 11; i++) {
            queue.evidence(of(i, Kind.TASK_FAILED, ""));
        }
        assertThat(queue.shed()).isEqualTo(11);
        assertThat(queue.take(3)).extracting(Evidence::second).containsExactly(0L, 1L, 2L);
        assertThat(queue.take(Integer.MAX_VALUE)).hasSize(EvidenceQueue.ROOM - 3);
    }

    @Test
    void readsOnlyWhatWasNamedWhereTheDaemonsAreElsewhere(@TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "");
        try (LocalEvidence none = LocalEvidence.open(
                new LocalEvidence.Wanted(true, List.of(), List.of(folder.resolve("s")), false), false)) {
            assertThat(none.state()).singleElement().asString().contains("not on this machine");
        }
        try (LocalEvidence off = LocalEvidence.open(LocalEvidence.Wanted.NOTHING, true)) {
            assertThat(off.state()).containsExactly("logs and daemons are not asked");
        }
        try (LocalEvidence some = LocalEvidence.open(
                new LocalEvidence.Wanted(true, List.of(log), List.of(folder.resolve("s")), true), false)) {
            assertThat(some.state()).hasSize(2);
            assertThat(some.queue().host()).isEmpty();
            assertThat(some.shed()).isZero();
        }
    }
}
