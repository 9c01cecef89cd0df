// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import egret.analyzer.FakeRegistry;
import egret.analyzer.answer.PullLimit;
import egret.rules.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullLimitQuestionTest {
    private static final long AT = 1_600_000_000_000_000_000L;
    private static final int LATE = 30_000; // ms, on a machine that is busy

    private FakeRegistry registry;

    @BeforeEach
    void open() throws IOException {
        registry = new FakeRegistry();
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    private PullLimit ask(@Nullable Login login, int mostMillis) throws Exception {
        Rules rules = Rules.parse("test.yaml", registry.rules());
        PullLimitQuestion question = new PullLimitQuestion(login, mostMillis);
        return requireNonNull(question.ask(requireNonNull(rules.endpoint("docker-hub")), AT));
    }

    private PullLimit ask() throws Exception {
        return ask(null, LATE);
    }

    @Test
    void readsWhatTheRegistrySays() throws Exception {
        registry.says(
                "RateLimit-Limit: 100;w=21600",
                "ratelimit-remaining: 20;w=21600",
                "docker-ratelimit-source: 192.0.2.1");
        assertThat(ask()).isEqualTo(new PullLimit("docker-hub", "127.0.0.1", AT, 100, 21_600, 20, "192.0.2.1", null));
        assertThat(registry.requests()).hasSize(2);
        assertThat(registry.requests().get(0))
                .startsWith("GET /token?scope=x HTTP/1.1")
                .doesNotContain("Authorization");
        assertThat(registry.requests().get(1))
                .startsWith("HEAD /manifest HTTP/1.1")
                .contains("Authorization: Bearer abc.def\r\n");
    }

    @Test
    void whereNoLimitIsNamedNoneApplies() throws Exception {
        registry.says("docker-ratelimit-source: 192.0.2.1");
        PullLimit limit = ask();
        assertThat(limit.isNamed()).isFalse();
        assertThat(limit.problem()).isNull();
    }

    @Test
    void readsTheLimitOfAnAnswer429Too() throws Exception {
        registry.answer(
                "/manifest",
                "HTTP/1.1 429 Too Many Requests\r\nratelimit-limit: 100;w=21600\r\nratelimit-remaining: 0;w=21600\r\n\r\n");
        assertThat(ask().remaining()).isZero();
        assertThat(ask().isNamed()).isTrue();
        registry.answer("/manifest", "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n");
        assertThat(ask().problem()).startsWith("answered 429 without a word of its limit on pulls");
    }

    @Test
    void theLoginGoesToTheTokenServerOnlyAndNowhereElse(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("login"), "me:very-secret\n");
        Login login = Login.read(file);
        registry.says(
                "ratelimit-limit: 200;w=21600", "ratelimit-remaining: 150;w=21600", "docker-ratelimit-source: 9a8b");
        assertThat(ask(login, LATE).countedAs()).isEqualTo("9a8b");
        String basic = Base64.getEncoder().encodeToString("me:very-secret".getBytes(StandardCharsets.UTF_8));
        assertThat(registry.requests().get(0)).contains("Authorization: Basic " + basic);
        assertThat(registry.requests().get(1)).doesNotContain(basic);
        registry.answer("/token", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        PullLimit refused = ask(login, LATE);
        assertThat(refused.problem()).isEqualTo("refuses the login");
        assertThat(refused.toString() + login).doesNotContain("secret").doesNotContain(basic);
    }

    @Test
    void refusesFilesThatHoldNoLogin(@TempDir Path folder) throws Exception {
        for (String text : new String[] {"", "secret", ":secret", "me:", "me:a\nb:c", "me:" + "s".repeat(5000)}) {
            Path file = Files.writeString(folder.resolve("login"), text);
            assertThatThrownBy(() -> Login.read(file)).as(text).hasMessage("holds no line user:token");
        }
    }

    @Test
    void saysInASentenceWhyThereIsNoAnswer() throws Exception {
        registry.says("ratelimit-limit: 100;w=21600", "ratelimit-remaining: 20;w=21600");
        for (String[] each : new String[][] {
            {"", "gave an answer that cannot be read"},
            {"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "answered with status 500 instead of a token"},
            {
                "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n",
                "answered with status 302 instead of a token"
            },
            {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "answered without a token"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", "answered without a token"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"token\":\"a\\nb\"}", "answered without a token"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + "[".repeat(60_000), "answered without a token"},
            {FakeRegistry.ENDLESS + "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(10_000), "answered with more than 64 KiB"},
            {
                "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n" + "x".repeat(70_000),
                "answered with more than 64 KiB"
            },
            {"\u0016\u0003\u0001nonsense\r\n\r\n", "gave an answer that cannot be read"},
        }) {
            registry.answer("/token", each[0].isEmpty() ? "\r\n\r\n\r\n" : each[0]);
            assertThat(ask().problem())
                    .as(each[0].substring(0, Math.min(60, each[0].length())))
                    .isEqualTo(each[1]);
        }
    }

    @Test
    void refusesWordsThatItDoesNotUnderstand() throws Exception {
        for (String[] each : new String[][] {
            {"ratelimit-limit: 100", "ratelimit-remaining: 20;w=21600"},
            {"ratelimit-limit: 100;w=21600", "x: y"},
            {"ratelimit-limit: -100;w=21600", "ratelimit-remaining: 20;w=21600"},
            {"ratelimit-limit: 99999999999999999999;w=21600", "ratelimit-remaining: 20"},
            {"ratelimit-limit: 100;w=99999999999999999999", "ratelimit-remaining: 20"},
            {"ratelimit-limit: 100;w=", "ratelimit-remaining: 20"},
            {"ratelimit-limit: 100;w=21600", "ratelimit-remaining: 101"},
            {"ratelimit-limit: 100;w=21600", "ratelimit-remaining: 20", "ratelimit-remaining: 30"},
        }) {
            registry.says(each);
            assertThat(ask().problem()).as(each[0]).isEqualTo("names its limit in words that are not understood");
        }
        registry.says(
                "ratelimit-limit: 100;w=21600",
                "ratelimit-remaining: 20",
                "docker-ratelimit-source: " + "x".repeat(999));
        assertThat(ask().countedAs()).isEmpty();
    }

    @Test
    void doesNotWaitForOneThatDoesNotAnswerAndHoldsNoMoreThanItMay() throws Exception {
        registry.answer("/token", FakeRegistry.ENDLESS + "HTTP/1.1 200 OK\r\n");
        assertThat(ask(null, 2000).problem()).isNotNull();
        registry.answer("/token", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        assertThat(ask(null, 300).problem()).isEqualTo("did not answer within 1 s");
        registry.close();
        assertThat(ask().problem()).isEqualTo("cannot be reached");
    }
}
