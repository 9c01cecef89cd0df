// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Culprit;
import egret.analyzer.report.FindingJson;
import egret.rules.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CauseNewsTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void tellsACauseOnceItNamesServicesAndOnlyOnce() {
        CauseNews news = new CauseNews();

        assertThat(news.since(List.of(finding("10.0.1.11")), SECOND)).isEmpty();
        Finding named = finding("10.0.1.11", "svc01", "svc02");
        assertThat(news.since(List.of(named), 2 * SECOND)).containsExactly(named);
        assertThat(news.since(List.of(finding("10.0.1.11", "svc02", "svc01")), 60 * SECOND))
                .isEmpty();
    }

    @Test
    void tellsAgainWhenOthersAreNamedButWaitsForThatToSettle() {
        CauseNews news = new CauseNews();
        Finding more = finding("10.0.1.11", "svc01", "svc02");
        news.since(List.of(finding("10.0.1.11", "svc01")), SECOND);

        assertThat(news.since(List.of(more), 2 * SECOND)).isEmpty();
        assertThat(news.since(List.of(more), (1 + CauseNews.REST_SECONDS) * SECOND))
                .containsExactly(more);
    }

    @Test
    void keepsSourcesAndEndpointsApart() {
        CauseNews news = new CauseNews();
        List<Finding> findings =
                List.of(finding("10.0.1.11", "a"), finding("10.0.1.12", "b"), finding("10.0.1.11", "c"));

        assertThat(news.since(findings, SECOND)).isEqualTo(findings);
        assertThat(news.since(findings, 100 * SECOND)).isEmpty();
    }

    @Test
    void aLineOfJsonHoldsTheFindingAndItsTime() throws IOException {
        assertThat(FindingJson.line(finding("10.0.1.11", "svc01"), SECOND))
                .startsWith("{\"at\":\"1970-01-01T00:00:01")
                .contains("\"finding\":{\"severity\":\"critical\"", "\"service\":\"svc01\"")
                .doesNotContain("\n");
    }

    @Test
    void aCauseWithoutAPatternIsToldOnceToo() {
        CauseNews news = new CauseNews();
        List<Finding> findings = List.of(finding("10.0.1.11", null, List.of("svc01")));

        assertThat(news.since(findings, SECOND)).isEqualTo(findings);
        assertThat(news.since(findings, 100 * SECOND)).isEmpty();
    }

    private static Finding finding(String source, String... services) {
        return finding(source, "unpinned-failing-tasks", List.of(services));
    }

    private static Finding finding(String source, @Nullable String pattern, List<String> services) {
        List<Culprit> culprits = new ArrayList<>();
        for (String service : services) {
            culprits.add(new Culprit(
                    service, service, "", 10, 30, 0.5, false, "exited", "", "", 1, 0.9, "dockerd.log", 1, 2, SECOND));
        }
        return new Finding(
                "critical",
                "title",
                IpAddress.parse(source),
                null,
                SECOND,
                1,
                "cause",
                "stop",
                true,
                List.of(),
                pattern,
                null,
                culprits,
                List.of(),
                null);
    }
}
