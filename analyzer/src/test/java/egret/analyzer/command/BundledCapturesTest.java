// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import egret.analyzer.answer.Answer;
import egret.analyzer.inspect.Inspection;
import egret.rules.InsideNetworks;
import egret.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The captures in src-test-data against the server's own access log. */
final class BundledCapturesTest {
    private static final Path DATA = Path.of("..", "src-test-data");

    @Test
    void countsPerSourceAgreeWithTheAccessLogAtEveryPlaceAroundTheNat() throws Exception {
        for (String name : new String[] {"nat/inside", "nat/outside", "nat/any", "nat/one-nic", "incident/incident"}) {
            AccessLog.check(bands(name), List.of(capture(name)), name);
        }
    }

    @Test
    void insideAndOutsideTogetherCountOnce() throws Exception {
        AccessLog.check(bands("nat/inside"), List.of(capture("nat/inside"), capture("nat/outside")), "inside first");
        AccessLog.check(bands("nat/inside"), List.of(capture("nat/outside"), capture("nat/inside")), "outside first");
    }

    @Test
    void requestsOfEveryConnectionLieWithinTheirBand() throws Exception {
        int connections = 0;
        int http1 = 0;
        int http1Exact = 0;
        long http2 = 0;
        long http2Counted = 0;
        List<String> outside = new ArrayList<>();
        for (String name : clients()) {
            Map<String, Inspection.Requests> found = requests(name);
            for (JsonNode connection : truth(name).path("connections")) {
                Inspection.Requests requests = found.get(key(connection));
                if (!connection.path("complete").asBoolean() || name.contains("pipelining")) {
                    continue;
                }
                assertThat(requests).as("%s %s", name, key(connection)).isNotNull();
                long truth = connection.path("requests").asLong();
                connections++;
                if (truth < requests.requests().low()
                        || truth > requests.requests().high()) {
                    outside.add(name + " " + key(connection) + " " + truth + " not in " + requests.requests());
                }
                if (connection.path("http").asText().contains("2")) {
                    http2 += truth;
                    http2Counted += requests.requests().count();
                } else {
                    http1++;
                    http1Exact += requests.requests().count() == truth ? 1 : 0;
                }
            }
        }
        assertThat(connections).isGreaterThan(100);
        assertThat(outside.size()).as(outside.toString()).isLessThanOrEqualTo(connections / 20);
        assertThat((double) http1Exact / http1).isGreaterThanOrEqualTo(0.99);
        assertThat((double) http2Counted / http2).isBetween(0.95, 1.05);
    }

    @Test
    void theProtocolChosenIsWhatTheServerSpoke() throws Exception {
        int told = 0;
        for (String name : clients()) {
            Map<String, Inspection.Requests> found = requests(name);
            for (JsonNode connection : truth(name).path("connections")) {
                Inspection.Requests requests = found.get(key(connection));
                String http = connection.path("http").asText();
                if (requests == null || requests.alpnChosen() == null || !http.startsWith("HTTP/")) {
                    continue;
                }
                told++;
                assertThat(requests.alpnChosen().equals("h2"))
                        .as("%s %s %s", name, key(connection), http)
                        .isEqualTo(http.startsWith("HTTP/2"));
            }
        }
        assertThat(told).isGreaterThan(100);
    }

    @Test
    void theIncidentNamesHostRateOnsetAndRhythmInItsHeadline() throws Exception {
        Answer answer = new OfflineAnalysis()
                .analyze(
                        new AnalyzeRequest(
                                List.of(capture("incident/incident")), Rules.builtin(), InsideNetworks.guess(), 1),
                        (done, total) -> {});

        assertThat(answer.findings().get(0).title())
                .startsWith("10.0.1.11 makes 93 % of 1,364 requests in 24 s (a pace of about 3,422/min)")
                .contains("since 22:54:07 UTC (limit ≈ 2,500/min)")
                .containsPattern("about 2\\d retry loops, one try every 1\\.\\d s each, by dockerd ≤ 28");
    }

    private static List<String> clients() throws IOException {
        try (Stream<Path> files = Files.list(DATA.resolve("clients"))) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> "clients/" + name.replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, Inspection.Requests> requests(String name) {
        Inspection inspection = new OfflineAnalysis().inspect(capture(name), (done, total) -> {});
        Map<String, Inspection.Requests> byConnection = new HashMap<>();
        for (Inspection.Requests one : inspection.requests()) {
            byConnection.put(
                    one.source() + ":" + one.sourcePort() + ">" + one.destination() + ":" + one.destinationPort(), one);
        }
        return byConnection;
    }

    private static String key(JsonNode connection) {
        return connection.path("client").asText() + ":"
                + connection.path("port").asText() + ">"
                + connection.path("server").asText() + ":"
                + connection.path("server_port").asText();
    }

    private static Map<String, AccessLog.Band> bands(String name) throws IOException {
        Map<String, AccessLog.Band> bands = new TreeMap<>();
        JsonNode truth = truth(name);
        for (JsonNode row : truth.path("connections")) {
            JsonNode connection = row.isArray() ? named(truth.path("connection_columns"), row) : row;
            AccessLog.add(
                    bands,
                    connection,
                    name.endsWith("outside"),
                    connection.path("complete").asBoolean());
        }
        return bands;
    }

    /** A row of a truth that names its columns once. */
    private static JsonNode named(JsonNode columns, JsonNode row) {
        ObjectNode connection = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < columns.size(); i++) {
            connection.set(columns.get(i).asText(), row.get(i));
        }
        return connection;
    }

    private static JsonNode truth(String name) throws IOException {
        return AccessLog.read(DATA.resolve(name + ".json"));
    }

    private static String capture(String name) {
        return DATA.resolve(name + ".pcap.gz").toString();
    }
}
