// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"24 132|132", "24 80/|80", "0 0|100", "x|100", "24 x|100", "24 99999999999999|99999"})
    void readsTheColumnsThatSttyTells(String sizes, int columns) {
        assertThat(Terminal.columns(sizes)).isEqualTo(columns);
    }

    @Test
    void bufferedOutputIsWhatWasWritten() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(target, false);
        for (int round = 0; round < 50; round++) {
            byte[] bytes = new byte[random.nextInt(100_000)];
            random.nextBytes(bytes);
            expected.write(bytes);
            output.write(bytes);
            expected.write(round);
            output.write(round);
        }
        output.flush();

        assertThat(target.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
    }

    @Test
    void progressSaysHowFarAndHowLong() {
        assertThat(ProgressLine.line(500_000_000, 1_000_000_000, 2.0))
                .isEqualTo("███████████████░░░░░░░░░░░░░░░ 50 %  500 MB of 1000 MB, 2 s left");
        assertThat(ProgressLine.line(500_000_000, -1, 2.0)).isEqualTo("500 MB read");
        assertThat(ProgressLine.line(2_000_000_000, 1_000_000_000, 2.0)).contains("100 %", "0 s left");
    }
}
