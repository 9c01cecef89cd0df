// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rewrite the golden files with {@code -Degret.golden=write}, and read the difference. */
class GoldenReportTest {
    private static final Path GOLDEN = Path.of("..", "src-test-data", "report");
    private static final boolean WRITE = "write".equals(System.getProperty("egret.golden"));

    @ParameterizedTest
    @ValueSource(strings = {"empty", "hostile", "incident", "live", "quiet", "short"})
    void pageIsAsTheGoldenFileHasIt(String scenario) throws IOException {
        String page = ReportPage.of(Answers.named(scenario), Style.PLAIN);

        assertThat(page).isEqualTo(golden(scenario + "/page.txt", page));
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "hostile", "incident", "live", "quiet", "short"})
    void jsonIsAsTheGoldenFileHasIt(String scenario) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AnswerJson.write(Answers.named(scenario), "0.0.0", out);
        ObjectMapper mapper = new ObjectMapper();
        byte[] json = out.toByteArray();
        String pretty = mapper.writerWithDefaultPrettyPrinter()
                        .with(com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII)
                        .writeValueAsString(mapper.readTree(json))
                + "\n";

        String golden = golden(scenario + "/answer.json", pretty);

        assertThat(mapper.readTree(json)).isEqualTo(mapper.readTree(golden));
        assertThat(json).endsWith((byte) '\n').doesNotContain((byte) 0x1b);
    }

    private static String golden(String name, String actual) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (WRITE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, actual);
        }
        return Files.readString(file);
    }
}
