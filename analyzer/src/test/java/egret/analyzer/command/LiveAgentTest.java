// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.command.AgentRun.Form;
import egret.capture.LiveAgent;
import egret.capture.count.SourceCounts;
import egret.capture.linux.Privileges;
import egret.capture.live.LiveOptions.Engine;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import egret.capture.socket.SocketSourceException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/** The live agent on a NAT and on a host behind it, with TLS connections whose number and processes are known. */
class LiveAgentTest {
    private static final int THREADS = 40;
    private static final int PROCESSES = 16;
    private static final int OWN = 3;

    @TempDir
    Path directory;

    private static Arguments form(boolean oneInterface, boolean seesOwn, Form form) {
        return Arguments.of(oneInterface, seesOwn, form);
    }

    static List<Arguments> forms() {
        return List.of(
                form(false, false, Form.on("nat", "i0")),
                form(false, true, Form.on("nat", "o0")),
                form(false, true, Form.on("nat", "i0", "o0")),
                form(false, true, Form.on("nat", "any")),
                form(true, true, Form.on("nat", "n0")),
                form(true, true, Form.on("nat", "any")),
                form(false, false, Form.on("client", "c0")),
                form(false, false, Form.on("nat", "i0").filtered(false)),
                form(false, true, Form.on("nat", "any").filtered(false)),
                form(true, true, Form.on("nat", "n0").filtered(false)),
                form(false, true, Form.on("nat", "o0").with(Engine.PCAP)),
                form(false, true, Form.on("nat", "i0", "o0").with(Engine.PCAP).filtered(false)),
                form(true, true, Form.on("nat", "n0").with(Engine.PCAP)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void countsEachConnectionOnceForItsSourceAndItsProcess(boolean oneInterface, boolean seesOwn, Form form)
            throws Exception {
        try (NatSite site = new NatSite(oneInterface);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = new AgentRun(site, form)) {
            clients.pull("client", NatSite.TWO, THREADS);
            clients.processes("client", PROCESSES);
            clients.pull("nat", NatSite.NAT, OWN);
            Map<String, Long> truth = new HashMap<>();
            truth.put(NatSite.TWO, (long) THREADS);
            truth.put(NatSite.ONE, (long) PROCESSES);
            if (seesOwn) {
                truth.put(NatSite.NAT, (long) OWN);
            }
            assertThat(run.stopAfter(truth.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum())
                            .stopped())
                    .isTrue();
            assertThat(run.connections()).isEqualTo(truth);
            assertThat(run.agent.status().statistics().dropped()).isZero();
            requestsArePlausible(run);
            if (!run.agent.status().ownerMethod().equals("proc")) {
                ownersAreExact(run);
            }
        }
    }

    private static void requestsArePlausible(AgentRun run) {
        long low = 0;
        long high = 0;
        for (SourceCounts.Row row : run.rows()) {
            if (row.source().toString().equals(NatSite.TWO)) {
                low += row.requests().low();
                high += row.requests().high();
                assertThat(row.endpoint()).isEqualTo("docker-hub");
                assertThat(row.serverName()).isEqualTo(TlsClients.NAME);
                assertThat(String.valueOf(row.egress())).isIn("null", NatSite.NAT);
            }
        }
        assertThat(low).isLessThanOrEqualTo(THREADS);
        assertThat(high).isBetween((long) THREADS, 3L * THREADS);
    }

    /** In the initial pid namespace, which is where a kernel tells of processes. */
    private static void ownersAreExact(AgentRun run) {
        long threads = 0;
        long shells = 0;
        Map<Integer, Long> processes = new HashMap<>();
        for (SourceCounts.Row row : run.rows()) {
            Owner owner = row.owner();
            if (row.connections() == 0) {
                continue;
            }
            assertThat(owner.quality()).as("%s", row).isEqualTo(Quality.EXACT);
            Owner.OwnerProcess process = owner.process();
            assertThat(process).isNotNull();
            if (row.source().toString().equals(NatSite.ONE)) {
                assertThat(process.executable()).endsWith("bash");
                shells += row.connections();
                processes.merge(owner.id(), owner.processes(), Math::max);
            } else {
                assertThat(process.pid())
                        .isEqualTo((int) ProcessHandle.current().pid());
                threads += row.connections();
            }
        }
        assertThat(threads).isGreaterThanOrEqualTo(THREADS);
        assertThat(shells).isEqualTo(PROCESSES);
        assertThat(processes.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(PROCESSES);
    }

    @Test
    void raisesAnAlertWithHostAndProcessWithinTwoSecondsOfTheThreshold() throws Exception {
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = new AgentRun(site, Form.on("nat", "i0"))) {
            clients.pull("client", NatSite.TWO, THREADS);
            assertThat(AgentRun.await(() -> run.firstAlert() != null)).isTrue();
            run.stop();
            Alert alert = run.firstAlert();
            assertThat(alert).isNotNull();
            assertThat(alert.value()).isGreaterThanOrEqualTo(30);
            assertThat(alert.top().get(0).source()).hasToString(NatSite.TWO);
            Owner owner = alert.top().get(0).owner();
            assertThat(owner).isNotNull();
            assertThat(owner.process()).isNotNull();
            assertThat(owner.process().pid())
                    .isEqualTo((int) ProcessHandle.current().pid());
            assertThat(run.firstAlertNanos() - arrival(run.rows(), 30)).isBetween(0L, 2_000_000_000L);
        }
    }

    /** When the connection of this number came, from 1. */
    private static long arrival(List<SourceCounts.Row> rows, int number) {
        return rows.stream()
                .flatMapToLong(row -> java.util.Arrays.stream(row.arrivalMillis())
                        .mapToLong(millis -> row.firstNanos() / 1_000_000_000L * 1_000_000_000L + millis * 1_000_000L))
                .sorted()
                .skip(number - 1L)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesTheCulpritThroughAFloodOfInventedSources() throws Exception {
        long seed = 20_260_101;
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = new AgentRun(site, Form.on("nat", "i0"))) {
            clients.pull("client", NatSite.TWO, THREADS / 2);
            SynFlood.send(site, 100_000, seed);
            clients.pull("client", NatSite.TWO, THREADS / 2);
            AgentRun.await(() -> run.connections().getOrDefault(NatSite.TWO, 0L) >= THREADS);
            run.stop();
            assertThat(run.connections()).as("seed %d", seed).containsEntry(NatSite.TWO, (long) THREADS);
            Alert alert = run.firstAlert();
            assertThat(alert).isNotNull();
            assertThat(alert.top().get(0).source()).hasToString(NatSite.TWO);
        }
    }

    @Test
    void endsAfterAsManyPacketsAsWereAskedFor() throws Exception {
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = new AgentRun(site, Form.on("nat", "i0").ending(5))) {
            clients.pull("client", NatSite.TWO, 2);
            assertThat(run.outcome
                            .get(10, java.util.concurrent.TimeUnit.SECONDS)
                            .stopped())
                    .isTrue();
            assertThat(run.packets()).isEqualTo(5);
        }
    }

    @Test
    void goesOnAfterAnInterfaceWasDown() throws Exception {
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = new AgentRun(site, Form.on("nat", "i0"))) {
            clients.pull("client", NatSite.TWO, 5);
            AgentRun.await(() -> run.total() >= 5);
            site.ip("nat", "link", "set", "i0", "down");
            assertThat(AgentRun.await(() -> run.agent.status().statistics().interruptions() > 0))
                    .isTrue();
            site.ip("nat", "link", "set", "i0", "up");
            clients.pull("client", NatSite.TWO, 5);
            run.stopAfter(10);
            assertThat(run.connections()).containsEntry(NatSite.TWO, 10L);
        }
    }

    @Test
    void endsWithWhatItCountedWhenInterfaceAndNamespaceAreGone() throws Exception {
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = new AgentRun(site, Form.on("nat", "i0"))) {
            clients.pull("client", NatSite.TWO, 5);
            AgentRun.await(() -> run.total() >= 5);
            site.ip("nat", "link", "del", "i0");
            site.vanish("nat");
            assertThat(run.outcome
                            .get(20, java.util.concurrent.TimeUnit.SECONDS)
                            .stopped())
                    .isFalse();
            assertThat(run.connections()).containsEntry(NatSite.TWO, 5L);
            LiveAgent.Status status = run.agent.status();
            assertThat(status.outcome()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "tracefs", "sock-diag"})
    void findsOwnersAndSourcesWithNoMoreRightsThanThatTakes(String method) throws Exception {
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = open(site, Form.on("nat", "o0").owners(method))) {
            // A namespace is found by the processes in it, not by threads that visit it.
            Process resident = new ProcessBuilder("nsenter", site.enter("client"), "sleep", "60").start();
            try {
                clients.pull("client", NatSite.TWO, THREADS);
            } finally {
                resident.destroy();
            }
            clients.processes("client", PROCESSES);
            run.stopAfter(THREADS + PROCESSES);
            long most = Privileges.set(
                    Privileges.NET_RAW, Privileges.NET_ADMIN, Privileges.DAC_READ_SEARCH, Privileges.SYS_PTRACE);
            boolean exact = !method.equals("sock-diag");
            most |= method.equals("auto") ? 0 : Privileges.set(Privileges.SYS_ADMIN);
            assertThat(run.held() & ~most).isZero();
            assertThat(run.connections()).isEqualTo(Map.of(NatSite.TWO, (long) THREADS, NatSite.ONE, (long) PROCESSES));
            if (exact) {
                ownersAreExact(run);
            } else {
                neverAWrongOwner(run);
            }
        }
    }

    private static AgentRun open(NatSite site, Form form) throws Exception {
        try {
            return new AgentRun(site, form);
        } catch (SocketSourceException absent) {
            throw new TestAbortedException(absent.getMessage(), absent);
        }
    }

    /** Of connections that are over before they are asked about, no process is known: then none is named. */
    private static void neverAWrongOwner(AgentRun run) {
        for (SourceCounts.Row row : run.rows()) {
            Owner.OwnerProcess process = row.owner().process();
            if (row.source().toString().equals(NatSite.TWO) && process != null) {
                assertThat(process.pid()).isIn(0, (int) ProcessHandle.current().pid());
            }
        }
    }
}
