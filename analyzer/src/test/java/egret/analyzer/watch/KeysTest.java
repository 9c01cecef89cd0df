// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.watch.Key.Kind;
import egret.analyzer.watch.ViewState.Mode;
import org.junit.jupiter.api.Test;

class KeysTest {
    private final Moment moment = Moments.incident();

    private ViewState press(ViewState from, Object... keys) {
        ViewState state = from;
        for (Object key : keys) {
            Key pressed = key instanceof Kind kind ? Key.of(kind) : Key.of((char) key);
            state = Keys.press(state, pressed, moment, 10);
        }
        return state;
    }

    @Test
    void goesFromSourceToOwnerToNamesAndBackToWhereItWas() {
        ViewState owners = press(ViewState.START, Kind.DOWN, Kind.ENTER);
        assertThat(owners.level()).isEqualTo(Level.OWNERS);
        assertThat(owners.source()).isEqualTo("10.0.1.12");
        ViewState names = press(owners, Kind.ENTER);
        assertThat(names.level()).isEqualTo(Level.NAMES);
        assertThat(names.owner()).isEqualTo("2");
        assertThat(press(names, Kind.ENTER)).isEqualTo(names);

        ViewState back = press(names, Kind.ESCAPE, Kind.ESCAPE);

        assertThat(back.level()).isEqualTo(Level.SOURCES);
        assertThat(back.selected()).isEqualTo("10.0.1.12");
        assertThat(press(back, Kind.ESCAPE)).isEqualTo(back);
    }

    @Test
    void staysOnTheSourceWhenTheOrderChanges() {
        ViewState state = press(ViewState.START, Kind.DOWN);
        ViewState reversed = press(state, 'r');

        Rows rows = Rows.of(moment, reversed);

        assertThat(rows.names()).containsExactly("10.0.1.13", "10.0.1.12", "10.0.1.11");
        assertThat(rows.names().get(rows.cursor(reversed.selected()))).isEqualTo("10.0.1.12");
    }

    @Test
    void movesNoFurtherThanTheEnds() {
        assertThat(press(ViewState.START, Kind.UP, Kind.PAGE_UP).selected()).isEqualTo("10.0.1.11");
        assertThat(press(ViewState.START, Kind.PAGE_DOWN, Kind.DOWN).selected()).isEqualTo("10.0.1.13");
        assertThat(press(ViewState.START, Kind.END, Kind.HOME, 'j', 'j', 'k').selected())
                .isEqualTo("10.0.1.12");
    }

    @Test
    void filtersByAddressNameAndOwner() {
        assertThat(Rows.of(moment, press(ViewState.START, '/', 'd', 'o', 'c', 'k', 'e', 'r', 'd'))
                        .names())
                .containsExactly("10.0.1.11");
        assertThat(Rows.of(moment, press(ViewState.START, '/', '.', '1', '3')).names())
                .containsExactly("10.0.1.13");
        assertThat(Rows.of(moment, press(ViewState.START, '/', 'a', 'u', 't', 'h', '.'))
                        .names())
                .containsExactly("10.0.1.11");
    }

    @Test
    void typesKeepsAndDropsAFilter() {
        ViewState typing = press(ViewState.START, '/', 'q', 'p', Kind.BACKSPACE);
        assertThat(typing.mode()).isEqualTo(Mode.TYPING);
        assertThat(typing.filter()).isEqualTo("q");
        assertThat(press(typing, Kind.BACKSPACE, Kind.BACKSPACE).mode()).isEqualTo(Mode.BROWSING);

        ViewState kept = press(typing, Kind.ENTER);

        assertThat(kept.mode()).isEqualTo(Mode.BROWSING);
        assertThat(kept.filter()).isEqualTo("q");
        assertThat(press(kept, Kind.ENTER)).as("nothing to enter").isEqualTo(kept);
        assertThat(press(kept, Kind.ESCAPE).filter()).isEmpty();
        assertThat(press(typing, Kind.ESCAPE).filter()).isEmpty();
    }

    @Test
    void showsWhatWasThereWhilePaused() {
        ViewState paused = press(ViewState.START, 'p');
        Moment later = Moments.many();

        assertThat(paused.shown(later)).isSameAs(moment);
        assertThat(Keys.press(paused, Key.of('p'), later, 10).shown(later)).isSameAs(later);
    }

    @Test
    void walksThroughTheEndpointsThatWereAsked() {
        ViewState other = press(ViewState.START, Kind.TAB);

        assertThat(Shown.endpoint(moment, other).endpoint()).isEqualTo("ghcr");
        assertThat(Shown.endpoint(moment, press(other, Kind.TAB)).endpoint()).isEqualTo("docker-hub");
        assertThat(Shown.endpoint(moment, press(ViewState.START, Kind.BACK_TAB)).endpoint())
                .isEqualTo("ghcr");
    }

    @Test
    void sortsByEachMeasureInTurn() {
        ViewState state = ViewState.START;
        for (int turn = 0; turn < Sort.values().length; turn++) {
            assertThat(Rows.of(moment, state).names()).hasSize(3);
            state = press(state, 's');
        }
        assertThat(state.sort()).isEqualTo(Sort.MINUTE);
        assertThat(Rows.of(moment, state.order(Sort.SINCE, false)).names().get(2))
                .isEqualTo("10.0.1.11");
        assertThat(Rows.of(moment, state.order(Sort.ADDRESS, true)).names().get(0))
                .isEqualTo("10.0.1.13");
    }

    @Test
    void quitsFromEveryLevelButNotWhileTyping() {
        assertThat(press(ViewState.START, 'q').mode()).isEqualTo(Mode.QUIT);
        assertThat(press(ViewState.START, Kind.ENTER, 'q').mode()).isEqualTo(Mode.QUIT);
        assertThat(press(ViewState.START, '/', 'q').mode()).isEqualTo(Mode.TYPING);
    }

    @Test
    void anyKeyLeavesTheHelp() {
        assertThat(press(ViewState.START, '?', 'x').mode()).isEqualTo(Mode.BROWSING);
        assertThat(press(ViewState.START, '?', 'q').mode()).isEqualTo(Mode.BROWSING);
        assertThat(press(ViewState.START, '?', 'q', 'q').mode()).isEqualTo(Mode.QUIT);
    }

    @Test
    void survivesThatWhatWasEnteredIsGone() {
        ViewState inside = press(ViewState.START, Kind.ENTER, Kind.ENTER);

        Rows rows = Rows.of(Moments.empty(), inside);

        assertThat(rows.names()).isEmpty();
        assertThat(Keys.press(inside, Key.of(Kind.DOWN), Moments.empty(), 5)).isEqualTo(inside);
    }
}
