// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesProblemsTest {
    @Test
    void reportsEveryMistakeOfAFileAtOnceWithLineColumnAndKey() {
        String yaml = """
                builtn: false
                endpoints:
                  - name: Docker Hub
                    names: {registy: [a.example]}
                  - name: a
                    colour: red
                    names:
                      registry: [ok.example, "b ad", "*", "a..b", "x.*"]
                      auth: ok2.example
                      cdn: [registry-1.docker.io, ok.example]
                    addresses: [192.0.2.0/33, host]
                    ports: [0, 443, https]
                    limits:
                      abuse: {requests: many, per: 60}
                      pull: {pulls: 100, per: 25h, ipv6-prefix: 129, check: {token: "http://a.example/"}}
                      push: {}
                  - name: a
                  - title: nameless
                  - text
                thresholds:
                  - id: t1
                    endpoint: docker-hbu
                    measure: request
                    by: [source]
                    window: 5 min
                    value: -1
                    severity: critcal
                    resolve: 120%
                  - {id: t2, endpoint: ghcr, measure: requests, by: source, window: 60s, value: 80%, severity: info}
                  - {id: t3, endpoint: ghcr, measure: , by: source, window: 60s, value: 5, severity: info, text: "\\e[2J"}
                  - id: t3
                  - &x {id: t4, endpoint: ghcr, measure: bytes, by: source, window: 60s, value: 5, severity: info}
                  - *x
                extra: 1
                extra: 2
                """;
        List<String> lines = problems(yaml).stream()
                .map(problem -> problem.line() + ":" + problem.column() + " " + problem.path() + " " + problem.wrong())
                .toList();
        assertThat(lines)
                .containsExactly(
                        "1:1 builtn unknown key",
                        "3:11 endpoints[0].name \"Docker Hub\" is no name",
                        "4:13 endpoints[0].names.registy unknown key",
                        "6:5 endpoints[1].colour unknown key",
                        "8:30 endpoints[1].names.registry \"b ad\" has a character that no server name has",
                        "8:38 endpoints[1].names.registry \"*\" matches too much: the last label must be written out",
                        "8:43 endpoints[1].names.registry \"a..b\" has an empty label",
                        "8:51 endpoints[1].names.registry \"x.*\" matches too much: the last label must be written out",
                        "9:13 endpoints[1].names.auth a value where a list is needed",
                        "10:13 endpoints[1].names.cdn \"registry-1.docker.io\" is already watched by built-in rules.yaml line 16",
                        "10:35 endpoints[1].names.cdn \"ok.example\" is already watched by r.yaml line 8",
                        "11:17 endpoints[1].addresses \"192.0.2.0/33\" is no block of addresses",
                        "11:31 endpoints[1].addresses \"host\" is no block of addresses",
                        "12:13 endpoints[1].ports \"0\" is no port",
                        "12:21 endpoints[1].ports \"https\" is no port",
                        "14:25 endpoints[1].limits.abuse.requests \"many\" is not right",
                        "14:36 endpoints[1].limits.abuse.per \"60\" is no length of time",
                        "15:31 endpoints[1].limits.pull.per \"25h\" is no length of time",
                        "15:49 endpoints[1].limits.pull.ipv6-prefix \"129\" is not right",
                        "15:61 endpoints[1].limits.pull.check.manifest the key is missing",
                        "15:69 endpoints[1].limits.pull.check.token \"http://a.example/\" is not right",
                        "16:7 endpoints[1].limits.push unknown key",
                        "17:11 endpoints[2].name \"a\" is given twice, first in line 5",
                        "18:5 endpoints[3].name the key is missing",
                        "18:5 endpoints[3] watches nothing",
                        "19:5 endpoints[4] a value where a mapping is needed",
                        "22:15 thresholds[0].endpoint there is no endpoint \"docker-hbu\"",
                        "23:14 thresholds[0].measure \"request\" is unknown",
                        "24:9 thresholds[0].by a list where a value is needed",
                        "25:13 thresholds[0].window \"5 min\" is no length of time",
                        "26:12 thresholds[0].value \"-1\" is not right",
                        "27:15 thresholds[0].severity \"critcal\" is unknown",
                        "28:14 thresholds[0].resolve \"120%\" is not right",
                        "29:81 thresholds[1].value \"80%\" of a limit, but ghcr has none on requests",
                        "30:38 thresholds[2].measure the value is missing",
                        "30:98 thresholds[2].text a control character",
                        "31:9 thresholds[3].id \"t3\" is given twice, first in line 30",
                        "32:5 thresholds[4] an anchor (&…)",
                        "33:5 thresholds[5] an alias (*…)",
                        "33:5 thresholds[5] a value where a mapping is needed",
                        "34:1 extra unknown key",
                        "35:1 extra the key is given twice");
    }

    private static List<Problem> problems(String yaml) {
        return catchThrowableOfType(RulesException.class, () -> Rules.parse("r.yaml", yaml))
                .problems();
    }

    @Test
    void saysWhatIsAllowedAndWhatMayHaveBeenMeant() {
        assertThat(problems("thresholds: [{id: docker-hub-limit, severity: critcal}]"))
                .singleElement()
                .hasToString("r.yaml:1:47: thresholds[0].severity: \"critcal\" is unknown; did you mean \"critical\"? "
                        + "allowed: info, warning, critical");
        assertThat(problems("treshold: []"))
                .singleElement()
                .hasToString("r.yaml:1:1: treshold: unknown key; did you mean \"thresholds\"? "
                        + "allowed: builtin, endpoints, thresholds");
    }

    @Test
    void reportsWhatIsNotYamlWithItsPlace() {
        assertThat(problems("endpoints: [\n").get(0).wrong()).startsWith("not YAML");
        assertThat(problems("endpoints:\n\t- x").get(0).line()).isEqualTo(2);
        assertThat(problems("a: b: c").get(0).wrong()).startsWith("not YAML");
        assertThat(problems("\u0007").get(0).wrong()).startsWith("not YAML");
        assertThat(problems("builtin: true\n---\nbuiltin: true").get(0).wrong()).isEqualTo("a second document");
        assertThat(problems("text").get(0).wrong()).isEqualTo("a value where a mapping is needed");
        assertThat(problems("builtin: !!java.net.URL x").get(0).wrong()).startsWith("a tag");
        assertThat(problems("builtin: yes").get(0).allowed()).isEqualTo("true or false");
    }

    @Test
    void boundsSizeNestingAliasesAndTheProblemsThemselves(@TempDir Path directory) throws Exception {
        Path large = Files.write(directory.resolve("large"), new byte[RulesSource.MOST_BYTES + 1]);
        assertThat(catchThrowableOfType(RulesException.class, () -> Rules.read(large)))
                .hasMessageContaining("larger than 1048576 bytes");
        Path binary = Files.write(
                directory.resolve("binary"), "builtin: true\nx: \u00fc".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(catchThrowableOfType(RulesException.class, () -> Rules.read(binary)))
                .hasMessage(binary + ":2:4: not UTF-8; a rules file is a text in UTF-8");
        assertThat(problems("x: " + "[".repeat(100_000)))
                .anySatisfy(problem -> assertThat(problem.wrong()).startsWith("nested deeper than"));
        assertThat(problems("- ".repeat(100_000)).get(0).wrong()).startsWith("nested deeper than");
        assertThat(problems("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n")).hasSizeGreaterThan(6);
        assertThat(problems("endpoints: [" + "x, ".repeat(20_000) + "]")).hasSize(Problems.MOST + 1);
    }

    @Test
    void anyMutationOfARulesFileIsReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String builtin = RulesSource.resource("rules.yaml");
        String pieces = "[]{}:,-#&*!|>'\"%@`\n\t \u0000\u0085\uFEFF\uD800?~0x1e9.";
        for (int i = 0; i < 400; i++) {
            StringBuilder text = new StringBuilder(builtin);
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
                    case 1 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                    case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                    default -> text.insert(at, piece(builtin, random));
                }
            }
            try {
                Rules.parse("mutated", "builtin: false\n" + text);
            } catch (RulesException e) {
                assertThat(e.problems()).isNotEmpty();
                for (Problem problem : e.problems()) {
                    assertThat(problem.toString()).as("seed %d", seed).doesNotContain("\n", "\u0000");
                    assertThat(problem.line()).isPositive();
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", round " + i + ":\n" + text, e);
            }
        }
    }

    private static String piece(String text, Random random) {
        int at = random.nextInt(text.length());
        return text.substring(at, Math.min(text.length(), at + random.nextInt(90)));
    }
}
