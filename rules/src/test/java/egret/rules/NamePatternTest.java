// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NamePatternTest {
    @Test
    void wildcardsAgreeWithARegularExpression() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int matched = 0;
        for (int i = 0; i < 50_000; i++) {
            String text = word(random, "ab.*", 1 + random.nextInt(8)).replaceAll("\\*+", "*");
            String name = word(random, "ab.", 1 + random.nextInt(10));
            NamePattern pattern = new NamePattern(text, Role.OTHER);
            if (pattern.kind() == NamePattern.Kind.WILDCARD) {
                boolean model = Pattern.matches(text.replace(".", "\\.").replace("*", "[^.]+"), name);
                matched += model ? 1 : 0;
                assertThat(pattern.matches(name))
                        .as("seed %d: %s, %s", seed, text, name)
                        .isEqualTo(model);
            }
        }
        assertThat(matched).isGreaterThan(500);
    }

    private static String word(Random random, String letters, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    @Test
    void suffixesMatchNamesBelowOnly() {
        NamePattern pattern = new NamePattern(".docker.io", Role.OTHER);
        assertThat(pattern.matches("a.docker.io")).isTrue();
        assertThat(pattern.matches("a.b.docker.io")).isTrue();
        assertThat(pattern.matches("docker.io")).isFalse();
        assertThat(pattern.matches(".docker.io")).isFalse();
        assertThat(pattern.matches("evil-docker.io")).isFalse();
    }
}
