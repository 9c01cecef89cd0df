// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import com.code_intelligence.jazzer.junit.FuzzTest;
import egret.rules.Rules;
import egret.rules.RulesException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The text of a rules file: rules or problems, nothing else; and what is printed is read as the same. */
class RulesFileFuzz {
    static Stream<byte[]> seeds() {
        return Stream.of(
                Rules.builtin().toYaml().getBytes(StandardCharsets.UTF_8),
                ("builtin: false\nendpoints:\n- {name: mirror, names: [mirror.example.org, '*.example.net']}\n"
                                + "thresholds:\n- {id: m, endpoint: mirror, measure: requests, window: 60 s, above: 10}\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void parses(byte[] bytes) {
        Rules rules;
        try {
            rules = Rules.parse("rules.yaml", new String(bytes, StandardCharsets.UTF_8));
        } catch (RulesException e) {
            e.getMessage();
            return;
        }
        String printed = rules.toYaml();
        try {
            String again = Rules.parse("printed.yaml", printed).toYaml();
            if (!again.equals(printed)) {
                throw new AssertionError("printed rules are read as others");
            }
        } catch (RulesException e) {
            throw new AssertionError("printed rules are not read", e);
        }
    }
}
