// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import org.jspecify.annotations.Nullable;

/**
 * What was pressed so far, as far as it still matters. Places are kept by name, not by line, so that they stay when lines
 * move. Immutable.
 *
 * @param endpoint the watched endpoint that is shown, "" for the busiest
 * @param source address that was entered, "" above it
 * @param owner likewise, as in {@link OwnerRows}
 * @param selected what stands under the cursor, "" for the first line
 * @param filter only what has it in its text is shown
 * @param frozen what is shown while paused, null otherwise
 */
record ViewState(
        String endpoint,
        String source,
        String owner,
        String selected,
        Sort sort,
        boolean reversed,
        String filter,
        Mode mode,
        @Nullable Moment frozen) {
    enum Mode {
        BROWSING,
        /** The filter is being typed. */
        TYPING,
        HELP,
        /** It was enough. */
        QUIT
    }

    static final ViewState START = new ViewState("", "", "", "", Sort.MINUTE, false, "", Mode.BROWSING, null);

    Level level() {
        return source.isEmpty() ? Level.SOURCES : owner.isEmpty() ? Level.OWNERS : Level.NAMES;
    }

    /** What is to be drawn when {@code latest} is known. */
    Moment shown(Moment latest) {
        return frozen == null ? latest : frozen;
    }

    ViewState select(String name) {
        return new ViewState(endpoint, source, owner, name, sort, reversed, filter, mode, frozen);
    }

    /** Another place, with the cursor on {@code name}. */
    ViewState go(String toEndpoint, String toSource, String toOwner, String name) {
        return new ViewState(toEndpoint, toSource, toOwner, name, sort, reversed, filter, mode, frozen);
    }

    ViewState order(Sort by, boolean reverse) {
        return new ViewState(endpoint, source, owner, selected, by, reverse, filter, mode, frozen);
    }

    ViewState filter(String text) {
        return new ViewState(endpoint, source, owner, "", sort, reversed, text, mode, frozen);
    }

    ViewState mode(Mode to) {
        return new ViewState(endpoint, source, owner, selected, sort, reversed, filter, to, frozen);
    }

    ViewState freeze(@Nullable Moment moment) {
        return new ViewState(endpoint, source, owner, selected, sort, reversed, filter, mode, moment);
    }
}
