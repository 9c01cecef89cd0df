// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.watch.ViewState.Mode;
import java.util.List;

/** What a key does: from one state of the view to the next, and nothing else. */
final class Keys {
    private static final int MOST_FILTER = 60;

    private Keys() {}

    /**
     * @param latest what is known, whether it is shown or not
     * @param page rows that a page has
     */
    static ViewState press(ViewState state, Key key, Moment latest, int page) {
        return switch (state.mode()) {
            case HELP -> state.mode(Mode.BROWSING);
            case TYPING -> type(state, key);
            case BROWSING -> browse(state, key, latest, Math.max(1, page));
            case QUIT -> state;
        };
    }

    private static ViewState type(ViewState state, Key key) {
        String filter = state.filter();
        return switch (key.kind()) {
            case CHARACTER ->
                filter.length() < MOST_FILTER ? state.filter(filter + Character.toString(key.character())) : state;
            case BACKSPACE ->
                filter.isEmpty()
                        ? state.mode(Mode.BROWSING)
                        : state.filter(filter.substring(0, filter.offsetByCodePoints(filter.length(), -1)));
            case ENTER -> state.mode(Mode.BROWSING);
            case ESCAPE -> state.filter("").mode(Mode.BROWSING);
            default -> state;
        };
    }

    private static ViewState browse(ViewState state, Key key, Moment latest, int page) {
        Moment shown = state.shown(latest);
        return switch (key.kind()) {
            case UP -> move(state, shown, -1);
            case DOWN -> move(state, shown, 1);
            case PAGE_UP -> move(state, shown, -page);
            case PAGE_DOWN -> move(state, shown, page);
            case HOME -> move(state, shown, Integer.MIN_VALUE / 2);
            case END -> move(state, shown, Integer.MAX_VALUE / 2);
            case ENTER -> enter(state, shown);
            case ESCAPE, BACKSPACE -> leave(state);
            case TAB -> endpoint(state, shown, 1);
            case BACK_TAB -> endpoint(state, shown, -1);
            case CHARACTER -> character(state, key.character(), latest);
        };
    }

    private static ViewState character(ViewState state, int character, Moment latest) {
        return switch (character) {
            case 'q', 'Q' -> state.mode(Mode.QUIT);
            case '?', 'h' -> state.mode(Mode.HELP);
            case '/' -> state.mode(Mode.TYPING);
            case 'p', ' ' -> state.freeze(state.frozen() == null ? latest : null);
            case 's' -> state.order(state.sort().next(), state.reversed());
            case 'r' -> state.order(state.sort(), !state.reversed());
            case 'j' -> move(state, state.shown(latest), 1);
            case 'k' -> move(state, state.shown(latest), -1);
            default -> state;
        };
    }

    private static ViewState move(ViewState state, Moment shown, int by) {
        Rows rows = Rows.of(shown, state);
        List<String> names = rows.names();
        if (names.isEmpty()) {
            return state;
        }
        int to = rows.cursor(state.selected()) + by;
        return state.select(names.get(Math.max(0, Math.min(names.size() - 1, to))));
    }

    private static ViewState enter(ViewState state, Moment shown) {
        Rows rows = Rows.of(shown, state);
        if (rows.names().isEmpty()) {
            return state;
        }
        String name = rows.names().get(rows.cursor(state.selected()));
        Watched watched = Shown.endpoint(shown, state);
        String endpoint = watched == null ? "" : watched.endpoint(); // it must not change under who looks inside
        return switch (state.level()) {
            case SOURCES -> state.filter("").go(endpoint, name, "", "");
            case OWNERS -> state.filter("").go(endpoint, state.source(), name, "");
            case NAMES -> state;
        };
    }

    /** First the filter goes, then one level. */
    private static ViewState leave(ViewState state) {
        if (!state.filter().isEmpty()) {
            return state.filter("");
        }
        return switch (state.level()) {
            case SOURCES -> state;
            case OWNERS -> state.go(state.endpoint(), "", "", state.source());
            case NAMES -> state.go(state.endpoint(), state.source(), "", state.owner());
        };
    }

    private static ViewState endpoint(ViewState state, Moment shown, int by) {
        List<Watched> endpoints = Shown.endpoints(shown);
        Watched now = Shown.endpoint(shown, state);
        if (now == null) {
            return state;
        }
        int to = Math.floorMod(endpoints.indexOf(now) + by, endpoints.size());
        return state.go(endpoints.get(to).endpoint(), "", "", "");
    }
}
