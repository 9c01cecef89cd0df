// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import egret.analyzer.answer.Answer;
import egret.rules.InsideNetworks;
import egret.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Captures of a lab against the server's own access log, where they lie beside the repository. */
final class LabCapturesTest {
    private static final String WATCH_ALL =
            "builtin: false\nendpoints:\n  - name: lab\n    names: {other: [.docker.io, .docker.com, .example.lab]}\n";

    /** Connections and requests of a source: at least, and with those that the capture cuts at an edge. */
    private static final class Band {
        long connections;
        long connectionsMost;
        long requests;
        long requestsMost;
    }

    @Test
    void countsPerSourceAgreeWithTheAccessLog() throws Exception {
        Path captures = Shared.directory("captures");
        List<Path> files;
        try (Stream<Path> list = Files.list(captures)) {
            files = list.filter(path -> path.toString().endsWith(".pcap"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            check(bands(file), List.of(file.toString()), file.getFileName().toString());
        }
    }

    @Test
    void insideAndOutsideTogetherCountOnce() throws Exception {
        Path captures = Shared.directory("captures");
        Path inside = captures.resolve("incident-nat-inside.pcap");
        Path outside = captures.resolve("incident-nat-outside.pcap");
        check(bands(inside), List.of(inside.toString(), outside.toString()), "inside, outside");
        check(bands(inside), List.of(outside.toString(), inside.toString()), "outside, inside");
    }

    private static Map<String, Band> bands(Path capture) throws IOException {
        JsonNode truth = new ObjectMapper()
                .readTree(
                        Path.of(capture.toString().replaceAll("pcap$", "json")).toFile());
        Map<String, Band> bands = new TreeMap<>();
        boolean outside = capture.getFileName().toString().contains("outside");
        for (String part : new String[] {"connections", "incomplete"}) {
            for (JsonNode connection : truth.path(part)) {
                String source = connection.path(outside ? "client" : "inside").asText();
                Band band = bands.computeIfAbsent(source, key -> new Band());
                int requests = connection.path("requests").asInt();
                band.connectionsMost++;
                band.requestsMost += requests;
                if (part.equals("connections")) {
                    band.connections++;
                    band.requests += requests;
                }
            }
        }
        return bands;
    }

    private static void check(Map<String, Band> bands, List<String> files, String what) throws Exception {
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
