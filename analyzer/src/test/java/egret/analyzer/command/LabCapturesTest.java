// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Captures of a lab against the server's own access log, where they lie beside the repository. */
final class LabCapturesTest {
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
            AccessLog.check(
                    bands(file), List.of(file.toString()), file.getFileName().toString());
        }
    }

    @Test
    void insideAndOutsideTogetherCountOnce() throws Exception {
        Path captures = Shared.directory("captures");
        Path inside = captures.resolve("incident-nat-inside.pcap");
        Path outside = captures.resolve("incident-nat-outside.pcap");
        AccessLog.check(bands(inside), List.of(inside.toString(), outside.toString()), "inside, outside");
        AccessLog.check(bands(inside), List.of(outside.toString(), inside.toString()), "outside, inside");
    }

    private static Map<String, AccessLog.Band> bands(Path capture) throws IOException {
        JsonNode truth = AccessLog.read(Path.of(capture.toString().replaceAll("pcap$", "json")));
        boolean outside = capture.getFileName().toString().contains("outside");
        Map<String, AccessLog.Band> bands = new TreeMap<>();
        for (JsonNode connection : truth.path("connections")) {
            AccessLog.add(bands, connection, outside, true);
        }
        for (JsonNode connection : truth.path("incomplete")) {
            AccessLog.add(bands, connection, outside, false);
        }
        return bands;
    }
}
