// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.watch.Key.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Characters from a terminal become keys: those of their own, and the sequences that begin with escape (ECMA-48, xterm).
 * A sequence that means nothing here is swallowed whole.
 */
final class KeyParser {
    private static final int ESCAPE = 0x1b;

    /** Longer ones are no keys; the rest is read as ordinary characters then. */
    private static final int LONGEST = 16;

    private final StringBuilder sequence = new StringBuilder();

    /** Whether an escape was read that may be a key of its own or begin a sequence. */
    boolean waiting() {
        return !sequence.isEmpty();
    }

    /** Nothing more came within the time in which a sequence comes: a lone escape is the key. */
    @Nullable
    Key pause() {
        boolean lone = sequence.length() == 1;
        sequence.setLength(0);
        return lone ? Key.of(Kind.ESCAPE) : null;
    }

    /** The key that this character completes, null if it completes none. */
    @Nullable
    Key next(int character) {
        if (sequence.isEmpty()) {
            return first(character);
        }
        if (sequence.length() == 1 && character != '[' && character != 'O') {
            sequence.setLength(0);
            return character == ESCAPE ? Key.of(Kind.ESCAPE) : null; // Alt and a key
        }
        sequence.appendCodePoint(character);
        boolean ends = sequence.length() > 2 && character >= 0x40 && character <= 0x7e;
        if (!ends && sequence.length() < LONGEST) {
            return null;
        }
        String all = sequence.toString();
        sequence.setLength(0);
        return ends ? meaning(all) : null;
    }

    private @Nullable Key first(int character) {
        switch (character) {
            case ESCAPE -> {
                sequence.append((char) ESCAPE);
                return null;
            }
            case '\r', '\n' -> {
                return Key.of(Kind.ENTER);
            }
            case '\t' -> {
                return Key.of(Kind.TAB);
            }
            case 0x7f, '\b' -> {
                return Key.of(Kind.BACKSPACE);
            }
            default -> {
                return Character.isISOControl(character) || !Character.isValidCodePoint(character)
                        ? null
                        : Key.of(character);
            }
        }
    }

    private static @Nullable Key meaning(String sequence) {
        return switch (sequence.charAt(sequence.length() - 1)) {
            case 'A' -> Key.of(Kind.UP);
            case 'B' -> Key.of(Kind.DOWN);
            case 'C', 'M' -> Key.of(Kind.ENTER);
            case 'D' -> Key.of(Kind.ESCAPE);
            case 'H' -> Key.of(Kind.HOME);
            case 'F' -> Key.of(Kind.END);
            case 'Z' -> Key.of(Kind.BACK_TAB);
            case '~' -> numbered(sequence);
            default -> null;
        };
    }

    private static @Nullable Key numbered(String sequence) {
        return switch (sequence) {
            case "\u001b[1~", "\u001b[7~" -> Key.of(Kind.HOME);
            case "\u001b[4~", "\u001b[8~" -> Key.of(Kind.END);
            case "\u001b[5~" -> Key.of(Kind.PAGE_UP);
            case "\u001b[6~" -> Key.of(Kind.PAGE_DOWN);
            default -> null;
        };
    }
}
