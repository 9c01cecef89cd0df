// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

/**
 * A key that was pressed.
 *
 * @param character of {@link Kind#CHARACTER}, a code point; else 0
 */
record Key(Kind kind, int character) {
    enum Kind {
        CHARACTER,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        ENTER,
        ESCAPE,
        BACKSPACE,
        TAB,
        BACK_TAB
    }

    static Key of(Kind kind) {
        return new Key(kind, 0);
    }

    static Key of(int character) {
        return new Key(Kind.CHARACTER, character);
    }
}
