// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTextTest {
    @Test
    void leavesHarmlessTextAlone() {
        assertThat(TerminalText.safe("registry-1.docker.io")).isEqualTo("registry-1.docker.io");
        assertThat(TerminalText.safe("dockerd ≤ 28 · Größe … 東京")).isEqualTo("dockerd ≤ 28 · Größe … 東京");
        assertThat(TerminalText.safe("")).isEmpty();
    }

    @Test
    void showsWhatCouldSteerTheTerminal() {
        assertThat(TerminalText.safe("\u001b[2J\r\n\t\u0007\u007f")).isEqualTo("\\x1b[2J\\x0d\\x0a\\x09\\x07\\x7f");
        assertThat(TerminalText.safe("\u009b31m")).isEqualTo("\\x9b31m");
    }

    @Test
    void showsWhatCouldReorderOrHideText() {
        assertThat(TerminalText.safe("a\u202eb\u2066c\u200bd\ufeff"))
                .isEqualTo("a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}");
        assertThat(TerminalText.safe("\u05d0\u3164\u2028e\u0301\u00a0"))
                .isEqualTo("\\u{5d0}\\u{3164}\\u{2028}e\\u{301}\\xa0");
    }

    @Test
    void showsHalfASurrogatePairAndTags() {
        assertThat(TerminalText.safe("\ud800x\udc00")).isEqualTo("\\u{d800}x\\u{dc00}");
        assertThat(TerminalText.safe("\udb40\udc41")).isEqualTo("\\u{e0041}");
    }

    @Test
    void doublesTheBackslashSoThatNoNamePretendsToBeEscaped() {
        assertThat(TerminalText.safe("\\x1b")).isEqualTo("\\\\x1b");
    }

    @ParameterizedTest
    @CsvSource({"abcdef,6,abcdef", "abcdef,5,abcd…", "abcdef,1,…", "東京都,6,東京都", "東京都,5,東京…", "東京都,4,東…"})
    void cutsByColumns(String text, int columns, String cut) {
        assertThat(TerminalText.safe(text, columns)).isEqualTo(cut);
    }

    @Test
    void makesAnyTextSafeAndShort() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int at = random.nextInt(300); at > 0; at--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x180) : random.nextInt(0x10000)));
            }
            int columns = 1 + random.nextInt(80);

            String safe = TerminalText.safe(text.toString(), columns);

            assertThat(TerminalText.width(safe)).as("seed %d", seed).isLessThanOrEqualTo(columns);
            assertThat(safe.codePoints())
                    .as("seed %d", seed)
                    .allMatch(c -> c >= ' ' && c != 0x7f && !(c >= 0x80 && c < 0xa0));
            assertThat(TerminalText.safe(text.toString()))
                    .as("seed %d", seed)
                    .satisfies(once ->
                            assertThat(once.replace("\\", "")).isEqualTo(TerminalText.safe(once.replace("\\", ""))));
        }
    }
}
