// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Packet counts of public captures against those of tshark, where a corpus lies beside the repository. */
final class CaptureCorpusTest {
    private static final Pattern ENTRY =
            Pattern.compile("\"file\": \"([^\"]+)\".*\"packets\": (\\d+).*\"tshark\": \\{\"rc\": (\\d+)");

    private static Path corpus() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path corpus = at.resolve("shared/corpus");
            if (Files.isReadable(corpus.resolve("truth.jsonl"))) {
                return corpus;
            }
        }
        return Path.of("shared/corpus");
    }

    @Test
    void countsThePacketsThatTsharkCounts() throws IOException {
        Path corpus = corpus();
        assumeTrue(Files.isReadable(corpus.resolve("truth.jsonl")), "skipped: no ../shared/corpus here");
        int compared = 0;
        for (String line : Files.readAllLines(corpus.resolve("truth.jsonl"))) {
            Matcher entry = ENTRY.matcher(line);
            if (!entry.find() || !entry.group(3).equals("0")) {
                continue;
            }
            String file = corpus.resolve("pcap").resolve(entry.group(1)).toString();
            long[] last = {0};
            ReadResult result = CaptureFiles.read(
                            List.of(file), 1, packet -> last[0] = packet.number, ReadPackets.NO_PROGRESS)
                    .get(0);
            long frames = Long.parseLong(entry.group(2));
            assertThat(result.error()).isNull();
            if (result.packets() == last[0]) {
                assertThat(result.packets()).as(file).isEqualTo(frames);
            } else {
                // Custom blocks are frames to tshark; they may also follow the last packet.
                assertThat(last[0]).as(file).isBetween(result.packets(), frames);
            }
            compared++;
        }
        assertThat(compared).isGreaterThan(1000);
    }
}
