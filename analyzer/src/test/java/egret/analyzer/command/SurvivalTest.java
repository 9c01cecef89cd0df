// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The real program at a NAT, while what it stands on gives way. */
class SurvivalTest {
    private static final int PULLS = 20;

    @TempDir
    static Path shared;

    private static NatSite site;
    private static TlsClients clients;

    @TempDir
    Path directory;

    @BeforeAll
    static void build() throws Exception {
        site = new NatSite(false);
        clients = new TlsClients(site, shared);
    }

    @AfterAll
    static void remove() throws Exception {
        if (clients != null) {
            clients.close();
        }
        if (site != null) {
            site.close();
        }
    }

    private WatchProcess watch(String... options) throws Exception {
        return new WatchProcess(site, "nat", directory, List.of(), options);
    }

    /** One more interface of the NAT, at which nothing is. */
    private static void add(String link) throws Exception {
        site.ip("nat", "link", "add", link, "type", "veth", "peer", "name", link + "b");
        site.ip("nat", "link", "set", link, "up");
        site.ip("nat", "link", "set", link + "b", "up");
    }

    private static void pull(int connections) throws Exception {
        clients.pull("client", NatSite.TWO, connections);
    }

    private static JsonNode parsed(WatchProcess watch) throws Exception {
        return new ObjectMapper().readTree(watch.out());
    }

    @Test
    void saysWhenInterfacesGoAndTheDiskIsFullAndEndsWithTheAnswerAtCtrlC() throws Exception {
        add("x0");
        Path disk = Files.createDirectory(shared.resolve("disk"));
        assumeTrue(
                NatSite.run("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk.toString()) == 0,
                "tmpfs cannot be mounted");
        try (WatchProcess watch =
                watch("-i", "i0,x0", "--plain", "-w", disk.resolve("a").toString())) {
            watch.ready();
            pull(PULLS);
            site.ip("nat", "link", "set", "i0", "down");
            assertThat(watch.says(" NOTE i0 is down; capture goes on when it is up again"))
                    .isTrue();
            site.ip("nat", "link", "set", "i0", "up");
            assertThat(watch.says(" NOTE i0 is up")).isTrue();
            site.ip("nat", "link", "del", "x0");
            assertThat(watch.says(" NOTE x0 is gone")).isTrue();
            pull(PULLS);
            assertThat(watch.says("No space left on device; packets are written no more, watching goes on"))
                    .isTrue();
            pull(PULLS);
            watch.interrupt();
            assertThat(watch.code()).as(watch.err()).isZero();
            assertThat(watch.out())
                    .contains(NatSite.TWO + ": " + 3 * PULLS + " connections")
                    .contains("An interface was down or away 2 times")
                    .contains("not written to the file")
                    .containsOnlyOnce("NOTE i0 is down")
                    .containsOnlyOnce("NOTE x0 is gone");
            assertThat(watch.err()).isEmpty();
        } finally {
            NatSite.run("umount", disk.toString());
        }
    }

    @Test
    void endsWithTheAnswerAndThreeWhenNothingIsLeftToCapture() throws Exception {
        add("y0");
        try (WatchProcess watch = watch("-i", "y0", "--json")) {
            watch.ready();
            site.ip("nat", "link", "del", "y0");
            assertThat(watch.code()).isEqualTo(Egret.UNREADABLE);
            assertThat(watch.err()).isEqualTo("egret watch: y0 is gone\negret watch: The interface y0 is gone\n");
            assertThat(parsed(watch).at("/evidence_gaps/shed/interruptions").asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void countsInTheirSecondsWhatCameWhileItWasStopped() throws Exception {
        try (WatchProcess watch = watch("-i", "i0", "--json")) {
            watch.ready();
            pull(PULLS);
            watch.signal("STOP");
            long from = Instant.now().getEpochSecond();
            pull(2 * PULLS);
            long to = Instant.now().getEpochSecond();
            assertThat(WatchProcess.await(() -> Instant.now().getEpochSecond() >= to + 3))
                    .isTrue();
            watch.signal("CONT");
            long again = Instant.now().getEpochSecond();
            pull(PULLS);
            watch.signal("TERM");
            assertThat(watch.code()).as(watch.err()).isZero();
            JsonNode source = parsed(watch).at("/watched/0/sources/0");
            assertThat(source.path("ip").asText()).isEqualTo(NatSite.TWO);
            assertThat(source.path("connections").asInt()).isEqualTo(4 * PULLS);
            assertThat(parsed(watch).at("/evidence_gaps/packets_dropped").asText())
                    .isEqualTo("0");
            JsonNode timeline = parsed(watch).at("/watched/0/timeline");
            long start = Instant.parse(timeline.path("start").asText()).getEpochSecond();
            List<Long> requests = new ArrayList<>();
            timeline.path("requests").forEach(second -> requests.add(second.asLong()));
            assertThat(sum(requests, from - start, to - start)).isGreaterThanOrEqualTo(2L * PULLS);
            assertThat(sum(requests, to - start + 1, again - start - 1)).isZero();
        }
    }

    private static long sum(List<Long> seconds, long from, long to) {
        long sum = 0;
        for (long at = Math.max(0, from); at <= Math.min(to, seconds.size() - 1L); at++) {
            sum += seconds.get((int) at);
        }
        return sum;
    }

    @Test
    void namesTheCulpritInLittleMemoryAfterAFloodThatTheRingCouldNotHold() throws Exception {
        long seed = 20_260_102;
        try (WatchProcess watch = watch("-i", "i0", "-B", "4", "--no-kernel-filter", "--plain")) {
            watch.ready();
            watch.signal("STOP");
            SynFlood.send(site, 100_000, seed);
            watch.signal("CONT");
            SynFlood.send(site, 400_000, seed + 1);
            long lost = 0; // while the ring may still be full
            do {
                pull(1);
                lost++;
            } while (!watch.out().contains(" docker-hub ") && lost < 1000 && watch.runs());
            assertThat(watch.runs()).as(watch.out() + watch.err()).isTrue();
            pull(2 * PULLS);
            assertThat(watch.peakMegabytes()).as("seed %d", seed).isLessThan(400);
            watch.signal("TERM");
            assertThat(watch.code()).as(watch.err()).isZero();
            assertThat(watch.out())
                    .containsPattern("[0-9] packets dropped")
                    .contains("dropped before Egret saw them", NatSite.TWO + " makes all");
            Matcher found = Pattern.compile(Pattern.quote(NatSite.TWO) + ": ([0-9,]+) connections")
                    .matcher(watch.out());
            assertThat(found.find()).as(watch.out()).isTrue();
            assertThat(Long.parseLong(found.group(1).replace(",", ""))).isBetween(2L * PULLS, 2L * PULLS + lost);
        }
    }

    @Test
    void knowsTheSourcesOfWhatTheKernelCouldNotTell() throws Exception {
        Path rules = directory.resolve("rules");
        Files.writeString(rules, """
                {thresholds: [{id: "all-came", endpoint: "docker-hub", measure: "connections", by: "source",
                  window: "300s", value: %d, severity: "info", text: "-"}]}
                """.formatted(2 * PULLS));
        try (WatchProcess watch = watch("-i", "o0", "--json", "--rules", rules.toString())) {
            watch.ready();
            pull(PULLS);
            watch.signal("STOP");
            clients.pull("client", NatSite.ONE, PULLS);
            site.translations("client", 60_000); // the events of some 40,000 find room
            pull(PULLS);
            watch.signal("CONT");
            clients.pull("client", NatSite.ONE, PULLS);
            assertThat(watch.says(NatSite.ONE)).as(watch.err()).isTrue();
            watch.signal("TERM");
            assertThat(watch.code()).as(watch.err()).isZero();
            JsonNode answer = parsed(watch);
            assertThat(answer.at("/evidence_gaps/shed/conntrack-overruns").asInt())
                    .isPositive();
            Map<String, Integer> connections = new HashMap<>();
            for (JsonNode source : answer.at("/watched/0/sources")) {
                connections.put(
                        source.path("ip").asText(), source.path("connections").asInt());
            }
            assertThat(connections).isEqualTo(Map.of(NatSite.ONE, 2 * PULLS, NatSite.TWO, 2 * PULLS));
        }
    }

    @Test
    void namesContainersThroughARestartOfTheirEngineAndAfterTheirEnd() throws Exception {
        Path socket = directory.resolve("docker.sock");
        String[] ids = {"0a".repeat(32), "1b".repeat(32)};
        Path[] groups = {scope(ids[0]), scope(ids[1])};
        EngineSocket engine = new EngineSocket(socket, ids[0], "web");
        try (WatchProcess watch = watch("-i", "i0", "--json", "--no-evidence", "--docker", socket.toString())) {
            watch.ready();
            assertThat(WatchProcess.await(engine::listed)).isTrue();
            pullInside(groups[0]);
            engine.close();
            pullInside(groups[1]);
            engine = new EngineSocket(socket, ids[1], "job");
            assertThat(WatchProcess.await(engine::listed)).isTrue();
            pullInside(groups[0]);
            pullInside(groups[1]);
            Files.delete(groups[0]);
            pull(PULLS);
            watch.signal("TERM");
            assertThat(watch.code()).as(watch.err()).isZero();
            Map<String, Integer> connections = new HashMap<>();
            Map<String, String> names = new HashMap<>();
            for (JsonNode source : parsed(watch).at("/watched/0/sources")) {
                for (JsonNode owner : source.path("owners")) {
                    String id = owner.at("/container/id").asText();
                    connections.merge(id, owner.path("connections").asInt(), Integer::sum);
                    if (owner.at("/container/name").isTextual()) { // not before the engine is back
                        names.put(id, owner.at("/container/name").asText());
                    }
                }
            }
            assertThat(connections).isEqualTo(Map.of(ids[0], 2 * PULLS, ids[1], 2 * PULLS, "", PULLS));
            assertThat(names).isEqualTo(Map.of(ids[0], "web", ids[1], "job"));
        } finally {
            engine.close();
            for (Path group : groups) {
                Files.deleteIfExists(group);
            }
        }
    }

    /** A cgroup as a container has it. */
    private static Path scope(String id) throws Exception {
        for (String root : List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")) {
            Path group = Path.of(root, "docker-" + id + ".scope");
            if (Files.exists(Path.of(root, "cgroup.controllers")) && NatSite.run("mkdir", group.toString()) == 0) {
                return group;
            }
        }
        throw new TestAbortedException("no cgroup v2 can be made here");
    }

    private static void pullInside(Path group) throws Exception {
        clients.processes(
                "client", PULLS, List.of("sh", "-c", "echo $$ >" + group + "/cgroup.procs; exec \"$@\"", "sh"));
    }

    @Test
    void saysWhenItsProgramsAreTakenOffAndNamesNobodyFromThenOn() throws Exception {
        try (WatchProcess watch = watch("-i", "i0", "--json")) {
            watch.ready();
            pull(PULLS);
            watch.detachPrograms();
            assertThat(watch.says("The kernel tells no more who opens connections"))
                    .isTrue();
            pull(PULLS);
            watch.signal("TERM");
            assertThat(watch.code()).as(watch.err()).isZero();
            JsonNode gaps = parsed(watch).path("evidence_gaps");
            assertThat(gaps.at("/shed/owner-events").asInt()).isPositive();
            assertThat(parsed(watch).at("/watched/0/sources/0/connections").asInt())
                    .isEqualTo(2 * PULLS);
            Map<String, Integer> connections = new HashMap<>();
            for (JsonNode owner : parsed(watch).at("/watched/0/sources/0/owners")) {
                connections.merge(
                        owner.path("quality").asText(),
                        owner.path("connections").asInt(),
                        Integer::sum);
            }
            assertThat(connections).isEqualTo(Map.of("exact", PULLS, "unknown", PULLS));
        }
    }

    @Test
    void saysInOneSentenceWhatALonelyUserIsMissing() throws Exception {
        // May read the class path, wherever that is, and nothing else.
        List<String> nobody = List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--inh-caps=-all,+dac_read_search",
                "--ambient-caps=-all,+dac_read_search");
        assumeTrue(NatSite.run("setpriv", "--version") == 0, "there is no setpriv");
        try (WatchProcess watch = new WatchProcess(site, "nat", directory, nobody, "-i", "i0", "--json")) {
            assertThat(watch.code()).isEqualTo(Egret.UNREADABLE);
            assertThat(watch.out()).isEmpty();
            assertThat(watch.err())
                    .startsWith("egret watch: No permission to capture packets (the capability NET_RAW is missing): ")
                    .contains(": sudo setpriv --reuid=65534 --regid=65534 ")
                    .containsOnlyOnce("\n");
        }
    }
}
