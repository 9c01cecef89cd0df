// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesTest {
    @Test
    void watchesEveryNameOfDockerHub() {
        Rules rules = Rules.builtin();
        for (String name : List.of(
                "registry-1.docker.io",
                "index.docker.io",
                "auth.docker.io",
                "registry.docker.io",
                "docker.io",
                "hub.docker.com",
                "production.cloudflare.docker.com",
                "production.cloudfront.docker.com",
                "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
                "docker-images-prod.other.r2.cloudflarestorage.com",
                "login.docker.com",
                "api.docker.com",
                "auth.docker.com",
                "dhi.io",
                "registry.scout.docker.com",
                "desktop.docker.com",
                "new.docker.io",
                "new.docker.com",
                "registry-1.docker.io.")) {
            Endpoint endpoint = rules.endpointForName(name);
            assertThat(endpoint).as(name).isNotNull();
            assertThat(endpoint.name()).as(name).isEqualTo("docker-hub");
        }
        for (String name : List.of(
                "evil-docker.io",
                "docker.io.evil.example",
                "registry-1.docker.io.evil.example",
                "docker.ioo",
                "ocker.io",
                "docker-images-prod.a.b.r2.cloudflarestorage.com",
                "docker-images-prod..r2.cloudflarestorage.com",
                "x.r2.cloudflarestorage.com",
                ".docker.io",
                "",
                ".",
                "example.org",
                "a.".repeat(100_000) + "docker.io")) {
            assertThat(rules.endpointForName(name)).as(name).isNull();
        }
    }

    @Test
    void tellsThePartsOfAPullByRole() {
        Rules rules = Rules.builtin();
        assertThat(rules.matchName("registry-1.docker.io").role()).isEqualTo(Role.REGISTRY);
        assertThat(rules.matchName("index.docker.io").role()).isEqualTo(Role.REGISTRY);
        assertThat(rules.matchName("auth.docker.io").role()).isEqualTo(Role.AUTH);
        assertThat(rules.matchName("production.cloudfront.docker.com").role()).isEqualTo(Role.CDN);
        assertThat(rules.matchName("docker.io").role()).isEqualTo(Role.LOOKUP_ONLY);
        assertThat(rules.matchName("1.dkr.ecr.eu-west-1.amazonaws.com")
                        .endpoint()
                        .name())
                .isEqualTo("amazon-ecr");
    }

    @Test
    void builtinLimitsAndThresholdsAreThoseOfDockerHub() {
        Rules rules = Rules.builtin();
        Endpoint hub = rules.endpoint("docker-hub");
        assertThat(hub.title()).isEqualTo("Docker Hub");
        assertThat(hub.abuse().perMinute()).isEqualTo(2_500);
        assertThat(hub.abuse().ipv6PrefixLength()).isEqualTo(64);
        assertThat(hub.pull().count()).isEqualTo(100);
        assertThat(hub.pull().windowSeconds()).isEqualTo(6 * 3600);
        assertThat(hub.pull().check().token()).startsWith("https://auth.docker.io/token?");
        assertThat(hub.pull().check().manifest()).startsWith("https://registry-1.docker.io/v2/ratelimitpreview/test/");
        assertThat(threshold(rules, "docker-hub-requests").value()).isEqualTo(1_000);
        assertThat(threshold(rules, "docker-hub-requests").resolveValue()).isEqualTo(800);
        assertThat(threshold(rules, "docker-hub-limit").value()).isEqualTo(2_500);
        assertThat(threshold(rules, "docker-hub-limit").severity()).isEqualTo(Severity.CRITICAL);
        assertThat(threshold(rules, "docker-hub-burst").value()).isEqualTo(416);
        assertThat(threshold(rules, "docker-hub-source").value()).isEqualTo(500);
        assertThat(threshold(rules, "docker-hub-pulls").value()).isEqualTo(100);
    }

    private static Threshold threshold(Rules rules, String id) {
        for (Threshold threshold : rules.thresholds()) {
            if (threshold.id().equals(id)) {
                return threshold;
            }
        }
        throw new AssertionError(id);
    }

    @Test
    void exactNamesComeBeforeWildcardsBeforeSuffixesAndLongerBeforeShorter() throws Exception {
        Rules rules = Rules.parse("r", """
                builtin: false
                endpoints:
                  - {name: short-suffix, names: {other: [.example]}}
                  - {name: long-suffix, names: {other: [.b.example]}}
                  - {name: very-long-suffix, names: {other: [.very.long.a.b.example]}}
                  - {name: short-wildcard, names: {other: ["*.b.example"]}}
                  - {name: long-wildcard, names: {other: ["a*.b.example"]}}
                  - {name: exact, names: {other: [aa.b.example]}}
                  - {name: inner-wildcard, names: {other: ["*.*.example"]}}
                """);
        assertThat(rules.endpointForName("aa.b.example").name()).isEqualTo("exact");
        assertThat(rules.endpointForName("ab.b.example").name()).isEqualTo("long-wildcard");
        assertThat(rules.endpointForName("c.b.example").name()).isEqualTo("short-wildcard");
        assertThat(rules.endpointForName("c.c.example").name()).isEqualTo("inner-wildcard");
        assertThat(rules.endpointForName("x.c.b.example").name()).isEqualTo("long-suffix");
        assertThat(rules.endpointForName("x.very.long.a.b.example").name()).isEqualTo("very-long-suffix");
        assertThat(rules.endpointForName("b.example").name()).isEqualTo("short-suffix");
        assertThat(rules.endpointForName("example")).isNull();
    }

    @Test
    void findsTheLongestBlockThatWatchesThePort() throws Exception {
        Rules rules = Rules.parse("r", """
                builtin: false
                endpoints:
                  - {name: wide, addresses: [198.51.100.0/24, "2001:db8::/32"]}
                  - {name: narrow, addresses: [198.51.100.10], ports: [443, 5000]}
                """);
        assertThat(rules.endpointForAddress(IpAddress.parse("198.51.100.10"), 443)
                        .name())
                .isEqualTo("narrow");
        assertThat(rules.endpointForAddress(IpAddress.parse("198.51.100.10"), 80)
                        .name())
                .isEqualTo("wide");
        assertThat(rules.endpointForAddress(IpAddress.parse("198.51.100.11"), 443)
                        .name())
                .isEqualTo("wide");
        assertThat(rules.endpointForAddress(IpAddress.parse("2001:db8::9"), 443).name())
                .isEqualTo("wide");
        assertThat(rules.endpointForAddress(IpAddress.parse("203.0.113.9"), 443))
                .isNull();
        assertThat(Rules.builtin().endpointForAddress(IpAddress.parse("198.51.100.10"), 443))
                .isNull();
    }

    @Test
    void laysAFileOverTheBuiltinByKey(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("rules.yaml"), """
                endpoints:
                  - name: docker-hub
                    limits: {abuse: {requests: 4_000}}
                  - name: mirror
                    names: {registry: [Mirror.Example.org]}
                thresholds:
                  - {id: docker-hub-source, value: 50%, severity: info}
                  - {id: mirror-bytes, endpoint: mirror, measure: bytes, by: owner, window: 5m, value: 1_000_000, resolve: 50%, severity: info}
                """);
        Rules rules = Rules.read(file);
        assertThat(rules.endpoint("docker-hub").abuse().count()).isEqualTo(4_000);
        assertThat(rules.endpoint("docker-hub").abuse().windowSeconds()).isEqualTo(60);
        assertThat(rules.endpoint("docker-hub").pull().count()).isEqualTo(100);
        assertThat(rules.endpointForName("registry-1.docker.io").name()).isEqualTo("docker-hub");
        assertThat(rules.endpointForName("mirror.example.org").title()).isEqualTo("mirror");
        assertThat(threshold(rules, "docker-hub-limit").value()).isEqualTo(4_000);
        assertThat(threshold(rules, "docker-hub-source").value()).isEqualTo(2_000);
        assertThat(threshold(rules, "docker-hub-source").severity()).isEqualTo(Severity.INFO);
        assertThat(threshold(rules, "docker-hub-source").windowSeconds()).isEqualTo(60);
        assertThat(threshold(rules, "mirror-bytes").resolveValue()).isEqualTo(500_000);
        assertThat(threshold(rules, "mirror-bytes").grouping()).isEqualTo(Grouping.OWNER);
        assertThat(rules.endpoints()).hasSize(Rules.builtin().endpoints().size() + 1);
    }

    @Test
    void anEmptyFileAddsNothingAndBuiltinFalseLeavesOnlyTheFile() throws Exception {
        assertThat(Rules.parse("r", "").endpoints()).isEqualTo(Rules.builtin().endpoints());
        assertThat(Rules.parse("r", "# nothing\n").thresholds())
                .isEqualTo(Rules.builtin().thresholds());
        assertThat(Rules.parse("r", "builtin: false").endpoints()).isEmpty();
    }

    @Test
    void writesRulesThatReadBackEqual() throws Exception {
        assertReadsBack(Rules.builtin());
        assertReadsBack(Rules.parse("r", "builtin: false"));
        assertReadsBack(Rules.parse("r", """
                endpoints:
                  - name: a
                    title: "quotes \\" and \\\\ and: # ünïcödé"
                    names: {web: ["*.a.example", .b.example, "null", "1.2", "true"], cdn: [x_y.example]}
                    addresses: ["::/0", 192.0.2.0/24]
                    ports: [443, 5000]
                    limits: {pull: {pulls: 7, per: 90m, ipv6-prefix: 56, note: "two\\nlines", check: {token: "https://a.example/t?x=y&z", manifest: "http://[::1]:5000/m"}}}
                thresholds:
                  - {id: t, endpoint: a, measure: pulls, by: source, window: 90s, value: 33%, severity: warning, text: "- x: [y"}
                """));
    }

    private static void assertReadsBack(Rules rules) throws RulesException {
        Rules again = Rules.parse("shown", rules.toYaml());
        assertThat(again.endpoints()).isEqualTo(rules.endpoints());
        assertThat(again.thresholds()).isEqualTo(rules.thresholds());
        assertThat(again.toYaml()).isEqualTo(rules.toYaml());
    }

    @Test
    void tenThousandRulesLoadAndAreFound() throws Exception {
        StringBuilder yaml = new StringBuilder("builtin: false\nendpoints:\n");
        for (int i = 0; i < 5_000; i++) {
            yaml.append("- {name: e")
                    .append(i)
                    .append(", names: {other: [\"*-")
                    .append(i)
                    .append(".example\"]}}\n");
        }
        yaml.append("thresholds:\n");
        for (int i = 0; i < 5_000; i++) {
            yaml.append("- {id: t")
                    .append(i)
                    .append(", endpoint: e")
                    .append(i)
                    .append(", measure: requests, by: source, window: 60s, value: 9, severity: info}\n");
        }
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        Rules rules = Rules.parse("r", yaml.toString());
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes allocated, garbage included").isLessThan(400L << 20);
        assertThat(rules.endpointForName("a-4999.example").name()).isEqualTo("e4999");
        assertThat(rules.thresholds()).hasSize(5_000);
        assertThat(yaml.length()).isLessThan(RulesSource.MOST_BYTES);
        assertReadsBack(rules);
    }

    @Test
    void theBuiltinFilesAreTheSameForTheYamlAndTheJsonParser() throws Exception {
        for (String name : List.of("rules.yaml", "clients.yaml")) {
            Problems problems = new Problems();
            String text = RulesSource.resource(name);
            YamlNode tree = YamlReader.readFlow(name, text, problems);
            assertThat(tree).isNotNull().isEqualTo(YamlReader.read(name, text, problems));
            problems.check();
        }
    }

    @Test
    void needsNoDataBinding() {
        assertThatThrownBy(() -> Class.forName("com.fasterxml.jackson.databind.ObjectMapper"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(Rules.builtin().endpoints()).isNotEmpty();
    }
}
