// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import egret.analyzer.answer.Answer;
import egret.rules.InsideNetworks;
import egret.rules.Rules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The truth beside a capture: the server's own access log, per connection. */
final class AccessLog {
    private static final String WATCH_ALL =
            "builtin: false\nendpoints:\n  - name: lab\n    names: {other: [.docker.io, .docker.com, .example.lab]}\n";

    private AccessLog() {}

    /** Connections and requests of a source: at least, and with those that the capture cuts at an edge. */
    static final class Band {
        long connections;
        long connectionsMost;
        long requests;
        long requestsMost;
    }

    static JsonNode read(Path truth) throws IOException {
        return new ObjectMapper().readTree(truth.toFile());
    }

    /** @param outside the capture shows the addresses behind the NAT only */
    static void add(Map<String, Band> bands, JsonNode connection, boolean outside, boolean complete) {
        String source = connection.path(outside ? "client" : "inside").asText();
        Band band = bands.computeIfAbsent(source, key -> new Band());
        int requests = connection.path("requests").asInt();
        band.connectionsMost++;
        band.requestsMost += requests;
        if (complete) {
            band.connections++;
            band.requests += requests;
        }
    }

    /** All that the files are found to hold, per source, lies within the truth. */
    static void check(Map<String, Band> bands, List<String> files, String what) throws Exception {
        Answer answer = new OfflineAnalysis()
                .analyze(
                        new AnalyzeRequest(files, Rules.parse("lab", WATCH_ALL), InsideNetworks.guess(), 1),
                        (done, total) -> {});
        Map<String, Answer.Source> found = new TreeMap<>();
        for (Answer.Watched watched : answer.watched()) {
            watched.sources().forEach(source -> found.put(source.ip().toString(), source));
        }
        assertThat(found.keySet()).as(what).isSubsetOf(bands.keySet());
        List<String> wrong = new ArrayList<>();
        bands.forEach((ip, band) -> {
            Answer.Source source = found.get(ip);
            long connections = source == null ? 0 : source.connections();
            long requests = source == null ? 0 : source.requests().count();
            if (connections < band.connections || connections > band.connectionsMost) {
                wrong.add(what + " " + ip + " connections " + connections + " not in " + band.connections + ".."
                        + band.connectionsMost);
            }
            if (requests < band.requests || requests > band.requestsMost) {
                wrong.add(what + " " + ip + " requests " + requests + " not in " + band.requests + ".."
                        + band.requestsMost);
            }
        });
        assertThat(wrong).isEmpty();
    }
}
