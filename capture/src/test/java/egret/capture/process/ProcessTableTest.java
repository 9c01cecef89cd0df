// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.socket.SocketEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;

    @TempDir
    Path folder;

    private ProcTree proc;
    private ProcessTable table;
    private long now = 100 * SECOND;

    @BeforeEach
    void begin() {
        proc = new ProcTree(folder);
        table = new ProcessTable(new ProcessReader(proc.root));
        proc.process(1, 0, 1)
                .runs("/usr/lib/systemd/systemd", "/sbin/init")
                .cgroup("0::/init.scope")
                .uid(0)
                .lives();
        proc.process(10, 1, 100).runs("/usr/sbin/cron", "cron", "-f").uid(0).lives();
        proc.process(20, 10, 200).runs("/usr/bin/bash", "bash", "loop.sh").lives();
    }

    /** Links out of the folder are not JUnit's to delete. */
    @AfterEach
    void end() {
        ProcTree.delete(proc.root);
    }

    private SocketEvent event(int pid) {
        return Events.of(pid, now, 1, 40_000, 7, 443);
    }

    private ProcessRecord connects(int pid) {
        return table.of(event(pid), now);
    }

    @Test
    void readsAProcessAtFirstSight() {
        proc.process(30, 20, 300)
                .runs("/usr/bin/curl", "curl", "-u", "me:HUSH", "https://example.org")
                .lives();
        ProcessRecord process = connects(30);

        assertThat(process.executable).isEqualTo("/usr/bin/curl");
        assertThat(process.commandLine).isEqualTo("curl -u me:*** https://example.org");
        assertThat(process.command).isEqualTo("curl");
        assertThat(process.uid).isEqualTo(1000);
        assertThat(process.startTicks).isEqualTo(300);
        assertThat(process.cgroup.unit()).isEqualTo("cron.service");
        assertThat(process.parents).containsExactly("/usr/bin/bash", "/usr/sbin/cron", "/usr/lib/systemd/systemd");
    }

    @Test
    void readsTheNameOfAProcessThatMocksTheFormat() {
        proc.process(31, 20, 301).command("a) S 1 (b) R 2").lives();
        ProcessRecord process = connects(31);
        assertThat(process.command).isEqualTo("a) S 1 (b) R 2");
        assertThat(process.startTicks).isEqualTo(301);
    }

    @Test
    void takesWhatEventsTellWhereTheProcessIsGone() {
        table.forked(20, 40, now);
        table.executed(40, "/usr/bin/wget", now);
        table.exited(40, now);
        now += MILLI;
        SocketEvent event = event(40);
        event.monotonicNanos = now - 5 * MILLI;
        ProcessRecord process = table.of(event, now);

        assertThat(process.executable).isEqualTo("/usr/bin/wget");
        assertThat(process.commandLine).isEmpty();
        assertThat(process.parents[0]).isEqualTo("/usr/bin/bash");
        assertThat(process.uid).isEqualTo(1000);
        assertThat(process.cgroup.unit()).isEqualTo("cron.service");
    }

    @Test
    void theOrderOfEventsOfOneMomentDoesNotMatter() {
        SocketEvent event = event(41);
        event.uid = 7;
        ProcessRecord process = table.of(event, now);
        assertThat(process.displayed()).isEqualTo("[unknown]");
        table.forked(20, 41, now);
        table.executed(41, "/usr/bin/wget", now);
        table.exited(41, now);

        assertThat(process.executable).isEqualTo("/usr/bin/wget");
        assertThat(process.parents[0]).isEqualTo("/usr/bin/bash");
        assertThat(process.uid).isEqualTo(7);
        assertThat(table.of(event, now)).isSameAs(process);
    }

    @Test
    void aProcessThatWasReadStaysWhenItsBirthIsToldLate() {
        proc.process(42, 20, 300).runs("/usr/bin/curl", "curl", "x").lives();
        ProcessRecord process = connects(42);
        table.forked(20, 42, now);
        table.executed(42, "/bin/curl", now);
        assertThat(connects(42)).isSameAs(process);
        proc.die(42);
        table.exited(42, now);
        assertThat(connects(42)).isSameAs(process);
        assertThat(process.commandLine).isEqualTo("curl x");
    }

    @Test
    void anotherProgramIsAnotherRecordAndLeavesTheFirstAlone() {
        proc.process(43, 20, 300).runs("/usr/bin/bash", "bash", "-c", "x").lives();
        ProcessRecord shell = connects(43);
        now += 5 * SECOND;
        proc.process(43, 20, 300).runs("/usr/bin/curl", "curl").lives();
        table.executed(43, "/usr/bin/curl", now);
        ProcessRecord curl = connects(43);

        assertThat(curl).isNotSameAs(shell);
        assertThat(curl.executable).isEqualTo("/usr/bin/curl");
        assertThat(curl.parents).isEqualTo(shell.parents);
        assertThat(shell.executable).isEqualTo("/usr/bin/bash");
    }

    @Test
    void aForkedChildIsWhatItsParentIs() {
        ProcessRecord parent = connects(20);
        table.forked(20, 44, now);
        ProcessRecord child = connects(44);
        assertThat(child).isNotSameAs(parent);
        assertThat(child.executable).isEqualTo("/usr/bin/bash");
        assertThat(child.parents).startsWith("/usr/bin/bash", "/usr/sbin/cron");
    }

    @Test
    void aReusedNumberIsAnotherProcessAlsoIfNobodyTells() {
        proc.process(50, 20, 300).runs("/usr/bin/curl", "curl").lives();
        ProcessRecord first = connects(50);
        now += SECOND;
        proc.process(50, 1, 900).runs("/usr/bin/wget", "wget").uid(0).lives();
        ProcessRecord second = connects(50);

        assertThat(second).isNotSameAs(first);
        assertThat(second.executable).isEqualTo("/usr/bin/wget");
        assertThat(second.uid).isZero();
        assertThat(first.executable).isEqualTo("/usr/bin/curl");
    }

    @Test
    void aNumberThatWasNotSeenForLongIsNotTakenForTheDead() {
        proc.process(51, 20, 300).lives();
        ProcessRecord first = connects(51);
        proc.die(51);
        now += SECOND;
        assertThat(connects(51)).isSameAs(first);
        now += 10 * SECOND;
        ProcessRecord later = connects(51);
        assertThat(later).isNotSameAs(first);
        assertThat(later.executable).isEmpty();
    }

    @Test
    void anEventBehindTheEndIsOfAnotherProcess() {
        proc.process(52, 20, 300).lives();
        ProcessRecord first = connects(52);
        proc.die(52);
        table.exited(52, now);
        SocketEvent before = event(52);
        now += SECOND;
        assertThat(table.of(before, now)).isSameAs(first);
        assertThat(connects(52)).isNotSameAs(first);
        table.forked(20, 52, now);
        table.executed(52, "/usr/bin/wget", now);
        assertThat(connects(52).executable).isEqualTo("/usr/bin/wget");
    }

    @Test
    void aParentWhoseNumberWasReusedIsReadAnew() {
        proc.process(60, 1, 300).runs("/usr/bin/make", "make").lives();
        connects(60);
        proc.process(60, 1, 5000).runs("/usr/bin/ninja", "ninja").lives();
        now += 60 * SECOND;
        table.exited(60, now);
        proc.process(61, 60, 5001).lives();
        assertThat(connects(61).parents[0]).isEqualTo("/usr/bin/ninja");
    }

    @Test
    void aThreadBelongsToItsProcess() {
        proc.process(71, 1, 300).threadOf(20).lives();
        SocketEvent event = event(0);
        event.tid = 71;
        ProcessRecord process = table.of(event, now);
        assertThat(process.pid).isEqualTo(20);
        proc.die(71);
        assertThat(table.of(event, now)).isSameAs(process);
    }

    @Test
    void pathsThatAreLinksAreOneProgram() {
        proc.process(80, 20, 300).runs("/usr/bin/python3.11", "python3", "a.py").lives();
        table.forked(20, 80, now);
        table.executed(80, "/usr/bin/python3", now);
        table.forked(20, 81, now);
        table.executed(81, "/usr/bin/python3", now);
        assertThat(connects(81).executable).isEqualTo("/usr/bin/python3.11");
    }

    @Test
    void whatStartsAContainerIsNotWhereItsContentsAre() {
        proc.process(90, 1, 300)
                .runs("/usr/bin/runc", "runc", "init")
                .cgroup("0::/system.slice/docker.service")
                .lives();
        table.forked(90, 91, now);
        assertThat(connects(91).cgroup.unit()).isEqualTo("docker.service");
        table.executed(91, "/bin/curl", now);
        ProcessRecord process = connects(91);
        assertThat(process.executable).isEqualTo("/bin/curl");
        assertThat(process.cgroup).isNull();
    }

    @Test
    void learnsTheNumbersOfCgroups() {
        String id = "ab".repeat(32);
        proc.process(92, 20, 300)
                .cgroup("0::/system.slice/docker-" + id + ".scope")
                .lives();
        SocketEvent event = event(92);
        event.cgroupId = 4711;
        table.of(event, now);
        SocketEvent other = event(93);
        other.cgroupId = 4711;
        assertThat(table.of(other, now).cgroup.container()).isEqualTo(id);
    }

    @Test
    void whatAnEventSaysOfTheCgroupStands() {
        String id = "cd".repeat(32);
        proc.process(90, 1, 300)
                .runs("/usr/bin/runc", "runc", "init")
                .cgroup("0::/system.slice/docker.service")
                .lives();
        proc.process(92, 20, 300)
                .cgroup("0::/system.slice/docker-" + id + ".scope")
                .lives();
        SocketEvent known = event(92);
        known.cgroupId = 4711;
        table.of(known, now);
        SocketEvent event = event(93);
        event.cgroupId = 4711;
        ProcessRecord process = table.of(event, now);
        table.forked(90, 93, now);
        assertThat(process.cgroup.container()).isEqualTo(id);
        table.executed(93, "/bin/curl", now);
        assertThat(process.executable).isEqualTo("/bin/curl");
        assertThat(process.cgroup.container()).isEqualTo(id);
        assertThat(process.cgroupId).isEqualTo(4711);
    }

    @Test
    void parentsAreAtMostEightAndLoopsEnd() {
        for (int pid = 100; pid < 120; pid++) {
            proc.process(pid, pid - 1, pid).runs("/bin/p" + pid, "p").lives();
        }
        assertThat(connects(119).parents).hasSize(8).startsWith("/bin/p118", "/bin/p117");
        proc.process(200, 201, 5).lives();
        proc.process(201, 200, 5).lives();
        assertThat(connects(200).parents.length).isLessThanOrEqualTo(8);
    }

    @Test
    void brokenFilesAreNoProcess() {
        for (String stat :
                new String[] {"", "x", "12 (", "12 (a", ")(", "5 (a) S", "5 (a) S x y z", "(" + "a".repeat(9000)}) {
            proc.process(300, 20, 1).lives();
            ProcTree.write(proc.root.resolve("300/stat"), stat);
            ProcessRecord process = new ProcessTable(new ProcessReader(proc.root)).of(event(300), now);
            assertThat(process.executable).as(stat).isEmpty();
        }
        table.forked(-1, -2, now);
        table.executed(-5, "x", now);
        table.executed(0, "x", now);
        table.exited(-5, now);
        table.exited(0, now);
    }

    @Test
    void readsAreBoundedInASecond() {
        for (int pid = 1000; pid < 1000 + ReadBudget.PROGRAMS + 50; pid++) {
            table.executed(pid, "/bin/true", now);
        }
        assertThat(table.unread()).isEqualTo(50);
        proc.process(5000, 20, 300).lives();
        assertThat(connects(5000).executable)
                .as("a connection's is read all the same")
                .isEqualTo("/usr/bin/curl");
        for (int pid = 6000; pid < 6000 + ReadBudget.READS; pid++) {
            connects(pid);
        }
        long unread = table.unread();
        assertThat(unread).isGreaterThan(50);
        now += SECOND;
        proc.process(5001, 20, 300).lives();
        assertThat(connects(5001).executable).isEqualTo("/usr/bin/curl");
        assertThat(table.unread()).isEqualTo(unread);
    }

    @Test
    void ofAProcessThatEndsWhileItIsReadThePartsStay() {
        proc.process(600, 20, 300).runs("", new String[0]).command("curl").lives();
        table.forked(20, 600, now);
        table.executed(600, "/usr/bin/curl", now);
        ProcessRecord process = connects(600);
        assertThat(process.executable).isEqualTo("/usr/bin/curl");
        assertThat(process.commandLine).isEmpty();
        assertThat(process.startTicks).isEqualTo(300);
        assertThat(process.uid).isEqualTo(1000);
        assertThat(process.parents[0]).isEqualTo("/usr/bin/bash");
    }

    @Test
    void theEndedAreKeptForFiveMinutes() {
        table.executed(700, "/bin/a", now);
        table.exited(700, now);
        long ended = now;
        table.tick(now + ProcessTable.KEPT_NANOS - 1);
        assertThat(table.size()).isEqualTo(1);
        table.tick(ended + ProcessTable.KEPT_NANOS);
        assertThat(table.size()).isZero();
    }

    @Test
    void theTableIsBoundedAndTheEndedGoFirst() {
        table.executed(1, "/bin/daemon", now);
        for (int pid = 2; pid <= ProcessTable.MAX; pid++) {
            table.executed(pid, "/bin/a", now);
        }
        table.exited(500, now);
        table.executed(100_000, "/bin/b", now);
        assertThat(table.size()).isEqualTo(ProcessTable.MAX);
        assertThat(table.shed()).isEqualTo(1);
        table.executed(100_001, "/bin/b", now);
        assertThat(table.size()).isEqualTo(ProcessTable.MAX);
        assertThat(table.shed()).isEqualTo(2);
    }
}
