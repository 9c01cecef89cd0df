// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.answer.Answer;
import egret.analyzer.command.AgentRun.Form;
import egret.capture.LiveSetup;
import egret.capture.count.SourceCounts;
import egret.capture.linux.Privileges;
import egret.capture.live.LiveOptions.Engine;
import egret.capture.pcap.Rotation;
import egret.capture.pcap.WriteCounts;
import egret.rules.InsideNetworks;
import egret.rules.IpPrefix;
import egret.rules.Rules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that is written aside says what the live answer says. */
class WrittenAsideTest {
    private static final int PULLS = 40;

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("aside.pcapng");
    }

    private LiveSetup.Write write() {
        return new LiveSetup.Write(file().toString(), Rotation.NONE);
    }

    @Test
    void hasTheOwners() throws Exception {
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = new AgentRun(site, Form.on("nat", "any").writing(write()))) {
            clients.pull("client", NatSite.TWO, PULLS);
            run.stopAfter(PULLS);
            assertThat(run.agent.status().writing().lost()).isZero();
        }
        assertThat(connections(analyzed())).isEqualTo(Map.of(NatSite.TWO, (long) PULLS));
        String bytes = Files.readString(file(), StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains("[" + ProcessHandle.current().pid() + "]").contains("(exact, ");
    }

    static List<Form> forms() {
        return List.of(
                Form.on("nat", "i0", "o0"),
                Form.on("nat", "o0", "i0"),
                Form.on("nat", "o0", "i0").filtered(false),
                Form.on("nat", "o0", "i0").with(Engine.PCAP).filtered(false));
    }

    /** The kernel hands packets over interface after interface: what is behind the NAT perhaps first. */
    @ParameterizedTest
    @MethodSource("forms")
    void saysTheSameOfBothSidesOfANat(Form form) throws Exception {
        Map<String, Long> live;
        long copies;
        long requests = 0;
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory);
                AgentRun run = new AgentRun(site, form.writing(write()))) {
            clients.pull("client", NatSite.TWO, PULLS);
            clients.pull("client", NatSite.ONE, PULLS);
            run.stopAfter(2 * PULLS);
            assertThat(run.agent.status().writing().lost()).isZero();
            live = run.connections();
            copies = run.copies();
            for (SourceCounts.Row row : run.rows()) {
                requests += row.requests().count();
            }
        }
        assertThat(live).isEqualTo(Map.of(NatSite.TWO, (long) PULLS, NatSite.ONE, (long) PULLS));
        Answer answer = analyzed();
        assertThat(connections(answer)).isEqualTo(live);
        assertThat(answer.gaps().copies()).isEqualTo(copies).isEqualTo(2L * PULLS);
        assertThat(answer.watched().stream()
                        .flatMap(watched -> watched.sources().stream())
                        .mapToLong(source -> source.requests().count())
                        .sum())
                .isEqualTo(requests);
    }

    /** The capturing thread gave up the right to write into others' directories long before the second file is begun. */
    @Test
    void goesOnInTheNextFileInADirectoryOfSomebodyElse() throws Exception {
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwx------"));
        try (NatSite site = new NatSite(false);
                TlsClients clients = new TlsClients(site, directory)) {
            Files.setAttribute(theirs, "unix:uid", 65_534);
            LiveSetup.Write write = new LiveSetup.Write(theirs.resolve("a").toString(), new Rotation(20_000, 0));
            try (AgentRun run = new AgentRun(site, Form.on("nat", "i0").writing(write))) {
                clients.pull("client", NatSite.TWO, PULLS);
                run.stopAfter(PULLS);
                assertThat(run.held() & Privileges.set(1))
                        .as("CAP_DAC_OVERRIDE")
                        .isZero();
                WriteCounts writing = run.agent.status().writing();
                assertThat(writing.problem()).isNull();
                assertThat(writing.lost()).isZero();
                assertThat(writing.files()).isGreaterThan(2);
            }
        }
    }

    private static Map<String, Long> connections(Answer answer) {
        Map<String, Long> connections = new HashMap<>();
        for (Answer.Watched watched : answer.watched()) {
            for (Answer.Source source : watched.sources()) {
                connections.merge(source.ip().toString(), source.connections(), Long::sum);
            }
        }
        return connections;
    }

    private Answer analyzed() throws Exception {
        return new OfflineAnalysis()
                .analyze(
                        new AnalyzeRequest(
                                List.of(file().toString()),
                                Rules.builtin(),
                                InsideNetworks.of(List.of(IpPrefix.parse("10.78.0.0/16"))),
                                1),
                        (read, size) -> {});
    }
}
