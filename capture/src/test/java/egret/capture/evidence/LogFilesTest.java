// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
    private static final String LINE =
            "time=\"2026-11-23T01:26:19Z\" level=error msg=\"fatal task error\" error=\"x\" service.id=s\n";

    @TempDir
    Path folder;

    @Test
    void readsCompressedLogsAsPlainOnes() throws IOException {
        Path plain = Files.writeString(folder.resolve("messages"), LINE.repeat(1000));
        Path gzip = folder.resolve("messages.1.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(Files.readAllBytes(plain));
        }
        for (Path path : List.of(plain, gzip)) {
            List<Evidence> found = new ArrayList<>();
            LogResult result = LogFiles.read(path.toString(), 0, found::add);
            assertThat(result.lines()).isEqualTo(1000);
            assertThat(result.used()).isEqualTo(1000);
            assertThat(result.error()).isNull();
            assertThat(found).hasSize(1);
            assertThat(found.get(0).count()).isEqualTo(1000);
        }
    }

    @Test
    void tellsWhyALogCannotBeRead() throws IOException {
        assertThat(LogFiles.read(folder.resolve("none").toString(), 0, evidence -> {})
                        .error())
                .isEqualTo("no such file, or no permission to read it");
        assertThat(LogFiles.read(folder.toString(), 0, evidence -> {}).error()).isEqualTo("is a directory");
        Path cut = folder.resolve("cut.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(cut))) {
            out.write(LINE.repeat(10).getBytes());
        }
        byte[] bytes = Files.readAllBytes(cut);
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length - 10));
        LogResult result = LogFiles.read(cut.toString(), 0, evidence -> {});
        assertThat(result.error()).isNotNull();
        assertThat(result.used()).isGreaterThan(0);
    }

    @Test
    void memoryDoesNotGrowWithTheLog() throws IOException {
        Path log = folder.resolve("flood");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("time=\"2026-11-23T01:26:19Z\" level=error msg=\"fatal task error\" error=\"e")
                    .append(i)
                    .append("\" service.id=s")
                    .append(i)
                    .append(" task.id=t")
                    .append(i)
                    .append('\n');
        }
        Files.writeString(log, text);
        List<Evidence> found = new ArrayList<>();
        LogResult result = LogFiles.read(log.toString(), 0, found::add);
        assertThat(found).hasSize(8192);
        assertThat(result.shed()).isEqualTo(20_000 - 8192);
    }
}
