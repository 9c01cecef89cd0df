// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import egret.analyzer.FakeRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program with a registry of its own. */
class PullLimitsTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeRegistry registry;
    private String rules;

    @BeforeEach
    void open() throws IOException {
        registry = new FakeRegistry();
        registry.says(
                "ratelimit-limit: 100;w=21600",
                "ratelimit-remaining: 20;w=21600",
                "docker-ratelimit-source: 192.0.2.1");
        rules = Files.writeString(folder.resolve("rules.yaml"), registry.rules())
                .toString();
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--rules", rules));
        Terminal terminal = new Terminal(
                new StandardOutput(out, false), new PrintStream(err, true, StandardCharsets.UTF_8), false, false);
        return new Egret(terminal, new OfflineAnalysis(), new ReplayLive(ReplayLive.INCIDENT, 1e6, false), "1.2.3")
                .run(all.toArray(new String[0]));
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private String page() {
        return out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " ");
    }

    @Test
    void nobodyIsAskedUnlessItIsWanted() {
        assertThat(run("analyze", ReplayLive.INCIDENT)).isEqualTo(Egret.DONE);
        assertThat(run("watch", "-i", "eth0", "--plain")).isEqualTo(Egret.DONE);
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void theAnswerHasWhatTheRegistrySays() throws IOException {
        assertThat(run("analyze", ReplayLive.INCIDENT, "--check-pull-limit")).isEqualTo(Egret.DONE);
        assertThat(page())
                .contains("80 of 100 image pulls in 6 h are used for 192.0.2.1, says 127.0.0.1 itself (asked at ")
                .contains("Limit on image pulls of docker-hub: 80 of 100");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();

        run("analyze", ReplayLive.INCIDENT, "--check-pull-limit", "--json");
        JsonNode asked = json().at("/input/pull_limits/0");
        assertThat(asked.get("remaining").asInt()).isEqualTo(20);
        assertThat(asked.get("problem").isNull()).isTrue();
        JsonNode budgets = json().at("/watched/0/budgets");
        JsonNode told = budgets.get(budgets.size() - 1);
        assertThat(told.get("limit").asText()).isEqualTo("pull");
        assertThat(told.get("ip").asText()).isEqualTo("192.0.2.1");
        assertThat(told.get("used").asInt()).isEqualTo(80);
        assertThat(told.at("/told/server").asText()).isEqualTo("127.0.0.1");
        assertThat(told.get("runs_out").isNull())
                .as("the capture is of another time")
                .isTrue();
        assertThat(registry.requests()).hasSize(4);
    }

    @Test
    void aWatchHasItToo() throws IOException {
        assertThat(run("watch", "-i", "eth0", "--json", "--check-pull-limit")).isEqualTo(Egret.DONE);
        // The replay may be over before there is an answer; then there is none.
        JsonNode asked = json().at("/input/pull_limits");
        assertThat(asked.isMissingNode() || asked.get(0).get("remaining").asInt() == 20)
                .isTrue();
    }

    @Test
    void whatCannotBeLearnedIsToldAndNoFailure() throws IOException {
        registry.answer("/manifest", "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
        assertThat(run("analyze", ReplayLive.INCIDENT, "--check-pull-limit")).isEqualTo(Egret.DONE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "egret: the limit on pulls of docker-hub is not known, as 127.0.0.1 answered with status 503 (");
        assertThat(page())
                .contains("Limit on image pulls of docker-hub: not known, as 127.0.0.1 answered with status 503");
    }

    @Test
    void aLoginComesFromAFileAndIsNeverShown() throws IOException {
        Path login = Files.writeString(folder.resolve("login"), "me:very-secret");
        registry.answer("/token", "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
        run("analyze", ReplayLive.INCIDENT, "--check-pull-limit", "--registry-login", login.toString(), "--debug");
        assertThat(registry.requests().get(0)).contains("Authorization: Basic ");
        assertThat(out.toString(StandardCharsets.UTF_8) + err)
                .contains("refuses the login")
                .doesNotContain("secret");

        assertThat(run("analyze", ReplayLive.INCIDENT, "--registry-login", login.toString()))
                .isEqualTo(Egret.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--registry-login is for --check-pull-limit");
        Files.writeString(login, "very-secret");
        assertThat(run("watch", "-i", "eth0", "--check-pull-limit", "--registry-login", login.toString()))
                .isEqualTo(Egret.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("holds no line user:token")
                .doesNotContain("secret");
        assertThat(run(
                        "analyze",
                        "x",
                        "--check-pull-limit",
                        "--registry-login",
                        folder.resolve("none").toString()))
                .isEqualTo(Egret.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot be read");
    }
}
