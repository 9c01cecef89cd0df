// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.analyzer.report.TerminalText;
import egret.analyzer.watch.Key.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rewrite the golden files with {@code -Degret.golden=write}, and read the difference. */
class ViewTest {
    private static final Path GOLDEN = Path.of("..", "src-test-data", "watch");
    private static final boolean WRITE = "write".equals(System.getProperty("egret.golden"));

    /** Keys as letters: E enter, X escape, D down, others themselves. */
    private static ViewState pressed(Moment moment, String keys) {
        ViewState state = ViewState.START;
        for (char c : keys.toCharArray()) {
            state = Keys.press(state, key(c), moment, 10);
        }
        return state;
    }

    private static Key key(char letter) {
        return switch (letter) {
            case 'E' -> Key.of(Kind.ENTER);
            case 'X' -> Key.of(Kind.ESCAPE);
            case 'D' -> Key.of(Kind.DOWN);
            case 'T' -> Key.of(Kind.TAB);
            case 'Z' -> Key.of(Kind.END);
            default -> Key.of(letter);
        };
    }

    private static String text(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            text.append(line.text().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "empty-80x24, empty, '', 80, 24",
        "sources-80x24, incident, '', 80, 24",
        "sources-160x30, incident, '', 160, 30",
        "sources-50x12, incident, '', 50, 12",
        "owners-80x24, incident, E, 80, 24",
        "owners-140x30, incident, DE, 140, 30",
        "names-100x30, incident, EE, 100, 30",
        "inferred-80x24, incident, DEE, 80, 24",
        "other-endpoint-80x24, incident, T, 80, 24",
        "help-80x24, incident, ?, 80, 24",
        "paused-80x24, incident, p, 80, 24",
        "filter-80x24, incident, /CURL, 80, 24",
        "many-80x24, many, Z, 80, 24",
        "hostile-100x30, hostile, '', 100, 30",
        "hostile-owners-100x30, hostile, E, 100, 30",
        "hostile-names-100x30, hostile, EE, 100, 30"
    })
    void screenIsAsTheGoldenFileHasIt(String name, String scenario, String keys, int columns, int rows)
            throws IOException {
        Moment moment = Moments.named(scenario);

        String screen = text(View.draw(moment, pressed(moment, keys), columns, rows));

        Path file = GOLDEN.resolve(name + ".txt");
        if (WRITE) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, screen);
        }
        assertThat(screen).isEqualTo(Files.readString(file));
    }

    @Test
    void fillsEveryScreenExactlyWhateverIsPressed() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Moment> moments = List.of(Moments.empty(), Moments.incident(), Moments.hostile(), Moments.many());
        Kind[] kinds = Kind.values();
        for (int round = 0; round < 60; round++) {
            ViewState state = ViewState.START;
            for (int press = 0; press < 25; press++) {
                Moment moment = moments.get(random.nextInt(moments.size()));
                Kind kind = kinds[random.nextInt(kinds.length)];
                int character =
                        random.nextInt(4) == 0 ? random.nextInt(0x11_0000) : "/?psrjk 10.x".charAt(random.nextInt(12));
                state = Keys.press(
                        state,
                        kind == Kind.CHARACTER ? Key.of(character) : Key.of(kind),
                        moment,
                        1 + random.nextInt(20));
                int columns = 1 + random.nextInt(random.nextBoolean() ? 30 : 200);
                int rows = 1 + random.nextInt(random.nextBoolean() ? 12 : 60);
                List<Line> lines = View.draw(moment, state, columns, rows);
                assertThat(lines).as("seed %d", seed).hasSize(rows);
                for (Line line : lines) {
                    assertThat(TerminalText.width(line.text()))
                            .as("seed %d", seed)
                            .isLessThanOrEqualTo(columns);
                    assertThat(line.text()).as("seed %d", seed).doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f\u202e]");
                    assertThat(AsciiText.of(line.text())).as("seed %d", seed).matches("[ -~]*");
                    assertThat(AsciiText.of(line.text()).length())
                            .as("seed %d", seed)
                            .isEqualTo(TerminalText.width(line.text()));
                }
            }
        }
    }

    @Test
    void saysAboveTheTableThatSourcesCannotBeToldApart() {
        Status hidden = Moments.status("eth0", 0, "eth0 is the outside; Egret cannot see the inside");
        Moment moment = Moments.of(new Intervals(), 0, 60, hidden);

        assertThat(paintOf(View.draw(moment, ViewState.START, 80, 24), "cannot see the inside"))
                .isEqualTo(Paint.WARNING);
    }

    @Test
    void paintsTheLimitByHowNearItIs() {
        Moment moment = Moments.incident();

        List<Line> lines = View.draw(moment, ViewState.START, 100, 30);

        assertThat(paintOf(lines, "█")).isEqualTo(Paint.CRITICAL);
        assertThat(paintOf(lines, "▶")).isEqualTo(Paint.SELECTED);
        assertThat(paintOf(lines, ", 0 dropped")).isEqualTo(Paint.FAINT);
        assertThat(paintOf(View.draw(Moments.hostile(), ViewState.START, 100, 30), "12 packets dropped"))
                .isEqualTo(Paint.CRITICAL);
    }

    private static Paint paintOf(List<Line> lines, String text) {
        List<Paint> paints = new ArrayList<>();
        for (Line line : lines) {
            for (Line.Run run : line.runs()) {
                if (run.text().contains(text)) {
                    paints.add(run.paint());
                }
            }
        }
        assertThat(paints).as(text).isNotEmpty();
        return paints.get(0);
    }
}
