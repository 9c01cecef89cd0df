// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong in rules files. */
final class Problems {
    /** Nobody mends more at once, and a hostile file must not fill memory with them; the rest is counted. */
    static final int MOST = 1_000;

    private final List<Problem> problems = new ArrayList<>();
    private int more;

    void add(YamlNode.Place place, String path, String wrong, String allowed) {
        if (problems.size() == MOST) {
            more++;
            return;
        }
        problems.add(new Problem(place.file(), place.line(), place.column(), shown(path, 200), wrong, allowed));
    }

    /** @throws RulesException if there are any */
    void check() throws RulesException {
        if (problems.isEmpty()) {
            return;
        }
        problems.sort(Comparator.comparing(Problem::file)
                .thenComparingInt(Problem::line)
                .thenComparingInt(Problem::column));
        if (more > 0) {
            Problem last = problems.get(problems.size() - 1);
            problems.add(new Problem(last.file(), last.line(), 1, "", "and " + more + " more problems", ""));
        }
        throw new RulesException(problems);
    }

    /** A value from a file as it may be shown. */
    static String quote(String text) {
        return '"' + shown(text, 60) + '"';
    }

    /** A text from a file, cut and without characters that drive a terminal. */
    static String shown(String text, int longest) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < longest; i++) {
            char c = text.charAt(i);
            shown.append(isControl(c) ? '?' : c);
        }
        return shown.append(text.length() > longest ? "…" : "").toString();
    }

    static boolean isControl(char c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == 0x2028 || c == 0x2029;
    }
}
