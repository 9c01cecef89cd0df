// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import org.jspecify.annotations.Nullable;

/** A path as one word of a shell's command line, to be copied from the page. */
final class ShellWord {
    /** A longer one does not survive copying from a terminal. */
    private static final int LONGEST = 200;

    private ShellWord() {}

    /** Null if no harmless word would name the same file. */
    static @Nullable String of(String path) {
        if (path.isEmpty()
                || path.length() > LONGEST
                || !TerminalText.safe(path).equals(path)) {
            return null;
        }
        String named = path.startsWith("-") ? "./" + path : path;
        for (int at = 0; at < named.length(); at++) {
            char c = named.charAt(at);
            boolean bare = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!bare && "/._-+=:,@%".indexOf(c) < 0) {
                return "'" + named.replace("'", "'\"'\"'") + "'";
            }
        }
        return named;
    }
}
