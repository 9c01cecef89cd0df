// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import egret.capture.flow.Connection;
import egret.capture.flow.SeenConnection;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import egret.capture.socket.SocketEvent;
import egret.capture.socket.SocketEvents;
import egret.capture.socket.SocketSource;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long EPOCH = 1_700_000_000L * SECOND;
    private static final String METHOD = "bpf-sock-ops";

    /** Tells what the test has it tell. */
    private static final class Source implements SocketSource {
        private final List<SocketEvent> told = new ArrayList<>();
        private SocketEvent answer;
        private int asked;
        private long lost;

        @Override
        public String method() {
            return METHOD;
        }

        @Override
        public void poll(SocketEvents events) {
            for (SocketEvent event : told) {
                events.connection(event, METHOD);
            }
            told.clear();
        }

        @Override
        public void opened(SocketEvent seen, SocketEvents events) {
            asked++;
            if (answer != null) {
                answer.sourceLow = seen.sourceLow;
                answer.sourcePort = seen.sourcePort;
                events.connection(answer, "sock-diag");
            }
        }

        @Override
        public long lost() {
            return lost;
        }

        @Override
        public void close() {}
    }

    @TempDir
    Path folder;

    private final Source source = new Source();
    private ProcTree proc;
    private Owners owners;
    private long now = 500 * SECOND;

    @BeforeEach
    void begin() {
        proc = new ProcTree(folder);
        proc.process(1, 0, 1)
                .runs("/usr/lib/systemd/systemd", "init")
                .cgroup("0::/init.scope")
                .uid(0)
                .lives();
        proc.process(20, 1, 200).runs("/usr/bin/bash", "bash", "loop.sh").lives();
        owners = new Owners(List.of(source), proc.places(), new Owners.Clock() {
            @Override
            public long monotonic() {
                return now;
            }

            @Override
            public long epoch() {
                return EPOCH + now;
            }
        });
    }

    @AfterEach
    void end() {
        owners.close();
        ProcTree.delete(proc.root);
    }

    private Connection seen(int port) {
        return new SeenConnection(Events.local(1), port, Events.remote(7), 443)
                .opened(EPOCH + now)
                .get();
    }

    private void tell(int pid, int port) {
        source.told.add(Events.of(pid, now, 1, port, 7, 443));
        owners.poll();
    }

    @Test
    void namesTheProcessOfAConnection() {
        proc.process(30, 20, 4200)
                .runs("/usr/bin/curl", "curl", "https://example.org")
                .lives();
        tell(30, 40_000);
        int id = owners.find(seen(40_000));

        Owner owner = owners.owner(id);
        assertThat(id).isPositive();
        assertThat(owner.id()).isEqualTo(id);
        assertThat(owner.quality()).isEqualTo(Quality.EXACT);
        assertThat(owner.method()).isEqualTo(METHOD);
        assertThat(owner.processes()).isEqualTo(1);
        assertThat(owner.process())
                .isEqualTo(new Owner.OwnerProcess(
                        30,
                        EPOCH + 500 * SECOND - ProcTree.UPTIME * SECOND + 42 * SECOND,
                        "/usr/bin/curl",
                        "curl https://example.org",
                        1000,
                        "build",
                        List.of("/usr/bin/bash", "/usr/lib/systemd/systemd")));
        assertThat(owner.service()).isEqualTo(new Owner.Service("systemd", "", "cron.service"));
        assertThat(owner.container()).isNull();
        assertThat(owners.owner(id)).isSameAs(owner);
    }

    @Test
    void doesNotKnowWhatNobodyTold() {
        assertThat(owners.find(seen(40_000))).isZero();
        assertThat(owners.owner(0)).isSameAs(Owner.UNKNOWN);
        assertThat(owners.owner(77)).isSameAs(Owner.UNKNOWN);
        assertThat(owners.owner(-1)).isSameAs(Owner.UNKNOWN);
    }

    @Test
    void asksSourcesThatMustAskUnlessItIsKnown() {
        source.answer = Events.of(20, 0, 1, 1, 7, 443);
        Connection connection = seen(40_000);
        owners.opened(connection);
        owners.opened(connection);
        assertThat(source.asked).isEqualTo(1);
        Owner owner = owners.owner(owners.find(connection));
        assertThat(owner.process().executable()).isEqualTo("/usr/bin/bash");
        assertThat(owner.method()).isEqualTo("sock-diag");
    }

    @Test
    void qualityAndMethodHaveNumbersOfTheirOwn() {
        tell(20, 40_000);
        SocketEvent guess = Events.of(20, now, 1, 40_001, 7, 443);
        guess.inferred = true;
        source.told.add(guess);
        owners.poll();
        owners.connection(Events.of(20, now, 1, 40_002, 7, 443), "tracefs");
        int exact = owners.find(seen(40_000));
        int inferred = owners.find(seen(40_001));
        int other = owners.find(seen(40_002));

        assertThat(Set.of(exact, inferred, other)).hasSize(3);
        assertThat(owners.owner(inferred).quality()).isEqualTo(Quality.INFERRED);
        assertThat(owners.owner(other).method()).isEqualTo("tracefs");
        assertThat(owners.owner(exact).process())
                .isEqualTo(owners.owner(inferred).process());
        assertThat(owners.owner(exact).processes()).isEqualTo(1);
    }

    @Test
    void aThousandShortLivedProcessesAreOneOwner() {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            int pid = 10_000 + i;
            now += 1_000_000;
            if (i % 2 == 0) {
                proc.process(pid, 20, pid)
                        .runs("/usr/bin/curl", "curl", "https://example.org")
                        .lives();
            }
            owners.forked(20, pid);
            owners.executed(pid, "/usr/bin/curl");
            tell(pid, 20_000 + i);
            if (i % 2 == 0) {
                proc.die(pid);
            }
            owners.exited(pid);
            ids.add(owners.find(seen(20_000 + i)));
        }
        assertThat(ids).hasSize(1);
        Owner owner = owners.owner(ids.iterator().next());
        assertThat(owner.processes()).isEqualTo(1000);
        assertThat(owner.process().commandLine()).isEqualTo("curl https://example.org");
    }

    @Test
    void manyCommandLinesFoldIntoOneThatSaysSo() {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            int pid = 10_000 + i;
            proc.process(pid, 20, pid)
                    .runs("/usr/bin/curl", "curl", "https://example.org/" + i)
                    .lives();
            tell(pid, 20_000 + i);
            ids.add(owners.find(seen(20_000 + i)));
        }
        assertThat(ids).hasSize(OwnerTable.MAX_LINES + 1);
        Owner last = owners.owner(owners.find(seen(20_099)));
        assertThat(last.process().commandLine()).isEqualTo("curl …");
        assertThat(last.processes()).isEqualTo(100 - OwnerTable.MAX_LINES);
    }

    @Test
    void findsATranslatedConnectionByItsOriginalAddresses() {
        tell(20, 40_000);
        Connection outside = new SeenConnection(Events.local(99), 61_000, Events.remote(7), 443)
                .opened(EPOCH + now)
                .get();
        assertThat(owners.find(outside)).isZero();
        assertThat(owners.find(outside, 0, Events.local(1), 40_000, 0, Events.remote(7), 443))
                .isPositive();
    }

    @Test
    void findsTheConnectionBehindMasqueradeBySequenceNumber() {
        source.told.add(Events.withSequence(Events.of(20, now, 1, 40_000, 7, 443), 12345));
        owners.poll();
        Connection outside = new SeenConnection(Events.local(99), 61_000, Events.remote(7), 443)
                .sequence(12345)
                .opened(EPOCH + now)
                .get();
        assertThat(owners.owner(owners.find(outside)).quality()).isEqualTo(Quality.EXACT);
    }

    @Test
    void aClockThatIsSetDoesNotMatter() {
        tell(20, 40_000);
        now += 3600 * SECOND;
        tell(20, 40_001);
        assertThat(owners.owner(owners.find(seen(40_001))).quality()).isEqualTo(Quality.EXACT);
    }

    @Test
    void connectionsWhoseTimesAreAheadOfTheClockKeepTheirOwners() {
        owners.clockSet(60 * SECOND);
        tell(20, 40_000);
        Connection ahead = new SeenConnection(Events.local(1), 40_000, Events.remote(7), 443)
                .opened(EPOCH + now + 60 * SECOND)
                .get();
        assertThat(owners.owner(owners.find(ahead)).quality()).isEqualTo(Quality.EXACT);
    }

    @Test
    void countsWhatBecameOfTheQuestions() {
        tell(20, 40_000);
        owners.find(seen(40_000));
        owners.find(seen(40_009));
        owners.find(new SeenConnection(Events.local(1), 40_000, Events.remote(7), 443)
                .opened(EPOCH + now)
                .unnamedBefore()
                .get());
        SocketEvent guess = Events.of(20, now, 1, 40_001, 7, 443);
        guess.inferred = true;
        source.told.add(guess);
        source.lost = 5;
        owners.poll();
        owners.find(seen(40_001));

        Coverage coverage = owners.coverage();
        assertThat(coverage.asked()).isEqualTo(3);
        assertThat(coverage.exact()).isEqualTo(1);
        assertThat(coverage.inferred()).isEqualTo(1);
        assertThat(coverage.unknown()).isEqualTo(1);
        assertThat(coverage.byMethod()).isEqualTo(Map.of(METHOD, 2L));
        assertThat(coverage.lost()).isEqualTo(5);
        assertThat(coverage.shed()).isEmpty();
    }

    @Test
    void numbersAreNeverGivenTwice() {
        int first = 0;
        int last = 0;
        for (int i = 0; i < OwnerTable.MAX + 100; i++) {
            SocketEvent event = Events.of(100_000 + i, now, 1, 1, 7, 443);
            event.command = "c" + i;
            owners.connection(event, METHOD);
            now += SECOND;
            owners.poll();
            int id = owners.find(new SeenConnection(Events.local(1), 1, Events.remote(7), 443)
                    .opened(EPOCH + now - SECOND)
                    .get());
            assertThat(id).isGreaterThan(last);
            last = id;
            first = first == 0 ? id : first;
        }
        assertThat(owners.owner(first)).isSameAs(Owner.UNKNOWN);
        assertThat(owners.owner(last).process().executable()).isEqualTo("[c" + (OwnerTable.MAX + 99) + "]");
        assertThat(owners.coverage().shed()).containsEntry("owners", 100L);
    }

    @Test
    void askingForAnOwnerThatIsKnownAllocatesNothing() {
        for (int i = 0; i < 1000; i++) {
            tell(20, 20_000 + i);
        }
        Connection[] connections = new Connection[2000];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = seen(20_000 + i); // The second half is of nobody.
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (int round = 0; round < 50; round++) {
            sum += findAll(connections);
        }
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        sum += findAll(connections);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(sum).isPositive();
        assertThat(allocated).isLessThan(1000); // The measurement itself.
    }

    private long findAll(Connection[] connections) {
        long sum = 0;
        for (Connection connection : connections) {
            int id = owners.find(connection);
            sum += id == 0 ? 0 : owners.owner(id).id();
        }
        return sum;
    }
}
