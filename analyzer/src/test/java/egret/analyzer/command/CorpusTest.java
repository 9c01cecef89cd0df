// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import egret.analyzer.inspect.Inspection;
import egret.analyzer.report.InspectionJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Public captures against the truth that other tools agreed on, where they lie beside the repository. */
final class CorpusTest {
    @TempDir
    Path directory;

    @Test
    void inspectsThePublicCapturesAsOtherToolsDo() throws Exception {
        Path corpus = Shared.directory("corpus");
        Path check = Shared.directory("check").resolve("check.py");
        assumeTrue(Files.isReadable(check) && python(), "skipped: no check.py or python3 here");
        Path pcap = corpus.resolve("pcap");
        List<Path> files;
        try (Stream<Path> walk = Files.walk(pcap)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        Path out = directory.resolve("inspected.jsonl");
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(out))) {
            for (Path file : files) {
                Inspection inspection = new OfflineAnalysis().inspect(file.toString(), (done, total) -> {});
                InspectionJson.write(named(inspection, pcap.relativize(file).toString()), stream);
            }
        }

        Process process = new ProcessBuilder(
                        "python3",
                        check.toString(),
                        "--truth",
                        corpus.resolve("truth.jsonl").toString(),
                        "--out",
                        out.toString(),
                        "--min",
                        "0.99",
                        "--require",
                        "hello,sni,hellofiles,ja3,ja4,alpn,conn,connects")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
    }

    private static boolean python() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException ignored) { // It is not there.
            return false;
        }
    }

    private static Inspection named(Inspection i, String file) {
        return new Inspection(
                file,
                i.packets(),
                i.connections(),
                i.connectionsBySource(),
                i.hellos(),
                i.connects(),
                i.socks(),
                i.dns(),
                i.requests(),
                i.copies(),
                i.gaps(),
                i.truncatedAt(),
                i.error());
    }
}
