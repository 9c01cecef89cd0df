// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Culprit;
import egret.rules.InsideNetworks;
import egret.rules.IpAddress;
import egret.rules.Rules;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The incident in src-test-data with the log that its daemon wrote. */
class LogEvidenceTest {
    private static final Path DATA = Path.of("..", "src-test-data", "incident");

    private static Answer answer(String log, @Nullable String owner) {
        IpAddress source = owner == null ? null : IpAddress.parse(owner);
        return new OfflineAnalysis()
                .analyze(
                        new AnalyzeRequest(
                                List.of(DATA.resolve("incident.pcap.gz").toString()),
                                Rules.builtin(),
                                InsideNetworks.guess(),
                                1,
                                List.of(new LogFile(log, source)),
                                List.of()),
                        (done, total) -> {});
    }

    @Test
    void namesAllServicesAndNoneElse() throws Exception {
        Answer answer = answer(DATA.resolve("dockerd.log.gz").toString(), null);
        Finding finding = answer.findings().get(0);

        assertThat(finding.title())
                .startsWith("10.0.1.11 makes 93 % of 1,364 requests in 24 s (a pace of about 3,422/min)");
        assertThat(finding.pattern()).isEqualTo("unpinned-failing-tasks");
        assertThat(finding.cause())
                .startsWith("dockerd there retries 30 services of stack `burst` every 1.0 s each: bind source paths in"
                        + " /srv/missing do not exist")
                .endsWith("their images are not pinned to a digest, so each retry asks Docker Hub three times.");
        Map<String, JsonNode> services = new HashMap<>();
        for (JsonNode service : AccessLog.read(DATA.resolve("incident.json")).path("services")) {
            services.put(service.path("name").asText(), service);
        }
        assertThat(finding.culprits()).hasSize(30);
        long requests = 0;
        for (Culprit culprit : finding.culprits()) {
            assertThat(services).containsKey(culprit.name());
            requests += culprit.requests();
            assertThat(culprit.requests()).isBetween(38L, 48L);
        }
        assertThat(requests).isBetween(1150L, 1275L);
        assertThat(finding.stopCommand()).contains(" burst_svc01=0").contains(" burst_svc30=0");
        assertThat(answer.input().logs()).singleElement().satisfies(log -> {
            assertThat(log.error()).isNull();
            assertThat(log.lines()).isEqualTo(796);
            assertThat(log.used()).isGreaterThan(700);
        });
    }

    @Test
    void aLogOfAnotherHostChangesNothing() {
        Answer answer = answer(DATA.resolve("dockerd.log.gz").toString(), "10.0.1.12");
        assertThat(answer.findings().get(0).culprits()).isEmpty();
        assertThat(answer.findings().get(0).cause()).startsWith("Looks like services that fail to start");
    }

    @Test
    void aLogThatIsNotThereIsTold() {
        Answer answer = answer("/nowhere/dockerd.log", null);
        assertThat(answer.input().logs())
                .singleElement()
                .satisfies(log -> assertThat(log.error()).isNotNull());
        assertThat(answer.findings().get(0).culprits()).isEmpty();
    }
}
