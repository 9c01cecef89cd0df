// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.watch.Key.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyParserTest {
    private static List<Key> keys(String characters) {
        KeyParser parser = new KeyParser();
        List<Key> keys = new ArrayList<>();
        for (int c : characters.codePoints().toArray()) {
            Key key = parser.next(c);
            if (key != null) {
                keys.add(key);
            }
        }
        Key last = parser.waiting() ? parser.pause() : null;
        if (last != null) {
            keys.add(last);
        }
        return keys;
    }

    @ParameterizedTest
    @CsvSource({
        "[A, UP",
        "OA, UP",
        "[B, DOWN",
        "[5~, PAGE_UP",
        "[6~, PAGE_DOWN",
        "[H, HOME",
        "[1~, HOME",
        "OH, HOME",
        "[F, END",
        "[4~, END",
        "[Z, BACK_TAB",
        "[C, ENTER",
        "[D, ESCAPE",
        "[1;5A, UP",
        "OM, ENTER"
    })
    void readsSequences(String sequence, Kind kind) {
        assertThat(keys("\u001b" + sequence)).containsExactly(Key.of(kind));
    }

    @Test
    void readsPlainKeys() {
        assertThat(keys("q\r\t\u007f\u001b"))
                .containsExactly(
                        Key.of('q'), Key.of(Kind.ENTER), Key.of(Kind.TAB), Key.of(Kind.BACKSPACE), Key.of(Kind.ESCAPE));
        assertThat(keys("\u001b\u001b")).containsExactly(Key.of(Kind.ESCAPE));
        assertThat(keys("é")).containsExactly(Key.of('é'));
    }

    @Test
    void swallowsWhatMeansNothing() {
        assertThat(keys("\u001b[200~a")).containsExactly(Key.of('a'));
        assertThat(keys("\u001b[<0;10;5ma")).containsExactly(Key.of('a'));
        assertThat(keys("\u001bxa")).containsExactly(Key.of('a'));
        assertThat(keys("\u0000\u0003a")).containsExactly(Key.of('a'));
    }

    @Test
    void waitsForNoSequenceThatNeverEnds() {
        assertThat(keys("\u001b[" + "1".repeat(100) + "a")).endsWith(Key.of('a'));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        KeyParser parser = new KeyParser();
        for (int at = 0; at < 20_000; at++) {
            Key key = parser.next(
                    random.nextInt(3) == 0 ? "\u001b[O1;~A".charAt(random.nextInt(7)) : random.nextInt(300));
            if (key != null && key.kind() == Kind.CHARACTER) {
                assertThat(Character.isISOControl(key.character()))
                        .as("seed %d", seed)
                        .isFalse();
            }
        }
        parser.pause();
        assertThat(parser.next('q')).as("seed %d", seed).isEqualTo(Key.of('q'));
    }
}
