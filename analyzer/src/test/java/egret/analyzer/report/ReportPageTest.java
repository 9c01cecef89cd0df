// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import egret.analyzer.answer.Answer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPageTest {
    @ParameterizedTest
    @CsvSource({
        "incident,80",
        "incident,100",
        "incident,120",
        "hostile,80",
        "hostile,100",
        "hostile,120",
        "live,80",
        "live,100",
        "live,120",
        "quiet,80",
        "short,80"
    })
    void noLineIsWiderThanThePage(String scenario, int columns) {
        String page = ReportPage.of(Answers.named(scenario), new Style(columns, false));

        assertThat(page.lines())
                .allSatisfy(
                        line -> assertThat(TerminalText.width(line)).as(line).isLessThanOrEqualTo(columns));
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120})
    void tableOfSourcesKeepsWhatMatters(int columns) {
        String page = ReportPage.of(Answers.incident(), new Style(columns, false));

        assertThat(page).contains("SOURCE", "SHARE", "REQUESTS", "OVER TIME", "2001:db8:0:12:a00:27ff:fe4e:66a1");
        assertThat(page.contains("CONNECTIONS")).isEqualTo(columns == 120);
    }

    @Test
    void onlyAsksForColourWhenTold() {
        String plain = ReportPage.of(Answers.incident(), Style.PLAIN);
        String coloured = ReportPage.of(Answers.incident(), new Style(100, true));

        assertThat(plain).doesNotContain("\u001b");
        assertThat(coloured).contains("\u001b[1;31m10.0.1.11 (build-7) is behind the burst");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    }

    @Test
    void nothingFromACaptureReachesTheTerminalRaw() {
        String page = ReportPage.of(HostileAnswers.hostile(), new Style(80, false))
                + ReportPage.of(HostileAnswers.hostileOwners(), new Style(80, false));

        assertThat(page.codePoints().filter(c -> c != '\n'))
                .allSatisfy(c -> assertThat(Character.getType(c))
                        .isNotIn((int) Character.CONTROL, (int) Character.FORMAT, (int) Character.SURROGATE, (int)
                                Character.LINE_SEPARATOR));
    }

    @Test
    void writesHostileOwnersAsJson() throws java.io.IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AnswerJson.write(HostileAnswers.hostileOwners(), "0.0.0", out);

        assertThat(out.toByteArray()).doesNotContain((byte) 0x1b, (byte) 0x0d);
        assertThat(new com.fasterxml.jackson.databind.ObjectMapper()
                        .readTree(out.toByteArray())
                        .at("/watched/0/sources/0/owners/0/quality")
                        .asText())
                .isEqualTo("inferred");
    }

    @Test
    void listsTheFirstSourcesOfManyAndSaysHowManyMore() {
        Answer answer = Answers.manySources(100_000);

        String page = Assertions.assertTimeout(Duration.ofSeconds(20), () -> ReportPage.of(answer, Style.PLAIN));

        assertThat(page.lines().count()).isLessThan(60);
        assertThat(page).contains("from 100,000 sources", "and 99,980 more sources, in --json");
    }

    @Test
    void writesAllOfManySourcesAsJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatCode(() -> AnswerJson.write(Answers.manySources(100_000), "0.0.0", out))
                .doesNotThrowAnyException();

        assertThat(out.toString(java.nio.charset.StandardCharsets.US_ASCII))
                .contains("\"ip\":\"10.0.0.0\"", "\"ip\":\"10.1.134.159\"");
    }

    @Test
    void saysInWordsThatNothingWasFound() {
        assertThat(ReportPage.of(Answers.empty(), Style.PLAIN)).startsWith("There are no packets to look at.\n");
        assertThat(ReportPage.of(Answers.quiet(), Style.PLAIN)).startsWith("Nothing went to a watched endpoint.\n");
        assertThat(ReportPage.of(Answers.manySources(3), Style.PLAIN)).startsWith("Nobody stands out.\n");
    }
}
