// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import egret.analyzer.answer.BudgetUse;
import egret.analyzer.answer.BudgetUse.By;
import egret.analyzer.answer.BudgetUse.Likely;
import egret.analyzer.answer.PullLimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetTextTest {
    private static final long AT = 1_600_000_000_000_000_000L; // 2020-09-13 12:26:40
    private static final long SECOND = 1_000_000_000L;
    private static final List<By> BY = List.of(
            new By(AnswerParts.address("10.0.1.11"), 2_000),
            new By(AnswerParts.address("10.0.1.12"), 80),
            new By(AnswerParts.address("10.0.1.13"), 7),
            new By(AnswerParts.address("10.0.1.14"), 1));

    private static BudgetUse requests(int seen, long used, @Nullable Long runsOut, @Nullable Long frees) {
        return new BudgetUse(
                "abuse",
                AnswerParts.address("203.0.113.5"),
                60,
                seen,
                2_500,
                used,
                BY,
                runsOut,
                frees,
                "HAP429",
                null,
                null);
    }

    private static BudgetUse pulls(long used, @Nullable Long runsOut, @Nullable Long frees, @Nullable Likely likely) {
        return new BudgetUse(
                "pull", null, 21_600, 120, 100, used, BY.subList(0, 1), runsOut, frees, "anonymous", likely, null);
    }

    private static String text(BudgetUse... uses) {
        Page page = new Page(Style.PLAIN);
        BudgetText.print(List.of(uses), page);
        return page.toString().replaceAll("\\s+", " ").strip();
    }

    @Test
    void saysByWhomAndUntilWhen() {
        assertThat(text(requests(60, 2_088, AT + 15 * SECOND, null)))
                .isEqualTo("Budget 2,088 of 2,500 requests in 60 s, by 203.0.113.5 (10.0.1.11 2,000, 10.0.1.12 80,"
                        + " 10.0.1.13 7, …); at this pace used up at 12:26:55");
    }

    @Test
    void saysHowLittleWasSeen() {
        assertThat(text(requests(12, 1_100, null, null)))
                .startsWith("Budget 1,100 of 2,500 requests in 60 s, of which 12 s were seen, by 203.0.113.5 (");
        assertThat(text(requests(12, 900, null, null))).isEmpty();
    }

    @Test
    void saysWhenItIsBelowTheLimitAgain() {
        assertThat(text(requests(60, 2_600, null, AT + 3 * SECOND)))
                .endsWith(
                        "; used up: if all stop at once, the last minute is below the limit at 12:26:43, but the block"
                                + " may last for hours");
    }

    @Test
    void saysWhichPullsLikelyCount() {
        assertThat(text(pulls(35, null, null, new Likely(0, 3.06))))
                .isEqualTo("Budget likely none of 100 image pulls in 6 h, of which 2 min were seen: 35 were begun"
                        + " (10.0.1.11 2,000), but with 3.1 requests each they load nothing, which does not count");
        assertThat(text(pulls(90, AT + 86_400 * SECOND, null, new Likely(40, 3.4))))
                .contains("likely no more than 40 of 100 image pulls", ": 90 were begun", "most load nothing")
                .endsWith("; at this pace used up at 2020-09-14 12:26:40. The limit: anonymous");
        assertThat(text(pulls(120, null, AT, null)))
                .startsWith(
                        "Budget at most 120 of 100 image pulls in 6 h, of which 2 min were seen (10.0.1.11 2,000), of"
                                + " which those of images that are up to date may not count; used up: the first of them leaves"
                                + " the window at 2020-09-13 12:26:40. The limit: anonymous");
    }

    @Test
    void marksWhatTheRegistrySaysItself() {
        PullLimit some = new PullLimit("docker-hub", "registry.example", AT, 100, 21_600, 20, "192.0.2.1", null);
        assertThat(text(told(some, AT + 600 * SECOND, null)))
                .isEqualTo(
                        "Budget 80 of 100 image pulls in 6 h are used for 192.0.2.1, says registry.example itself (asked"
                                + " at 12:26:40); at this pace used up at 2020-09-13 12:36:40");
        PullLimit all = new PullLimit("docker-hub", "registry.example", AT, 100, 21_600, 0, "", null);
        assertThat(text(told(all, null, AT + 21_600 * SECOND)))
                .isEqualTo(
                        "Budget 100 of 100 image pulls in 6 h are used, says registry.example itself (asked at 12:26:40);"
                                + " used up: all of it is free again at 2020-09-13 18:26:40 at the latest, if nothing is pulled"
                                + " until then");
        assertThat(PullLimitText.of(new PullLimit("docker-hub", "registry.example", AT, 0, 0, 0, "me", null)))
                .isEqualTo(
                        "registry.example itself names none for me: it grants as many as are wanted (asked at 12:26:40)");
        assertThat(PullLimitText.of(PullLimit.unknown("docker-hub", "registry.example", AT, "cannot be reached")))
                .isEqualTo("not known, as registry.example cannot be reached (asked at 12:26:40)");
    }

    private static BudgetUse told(PullLimit limit, @Nullable Long runsOut, @Nullable Long frees) {
        long used = limit.granted() - limit.remaining();
        return new BudgetUse(
                "pull", null, 21_600, 21_600, limit.granted(), used, List.of(), runsOut, frees, "", null, limit);
    }

    @Test
    void writesAllOfItForMachines() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.to(out)) {
            json.writeStartObject();
            BudgetText.write(List.of(pulls(90, AT, null, new Likely(40, 3.4))), json);
            json.writeEndObject();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"budgets\":[{\"limit\":\"pull\",\"ip\":null,\"seconds\":21600,\"seen_seconds\":120,"
                        + "\"granted\":100,\"used\":90,\"share\":0.9,\"likely\":40,\"requests_per_pull\":3.4,"
                        + "\"by\":[{\"source\":\"10.0.1.11\",\"used\":2000}],"
                        + "\"runs_out\":\"2020-09-13T12:26:40Z\",\"frees\":null,\"note\":\"anonymous\"}]}");
    }
}
