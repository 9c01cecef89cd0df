// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.List;

/** Rules that cannot be used, with all that is wrong in them, in the order of the file. */
public final class RulesException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    RulesException(List<Problem> problems) {
        super(text(problems));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String text(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        for (Problem problem : problems) {
            text.append(text.isEmpty() ? "" : "\n").append(problem);
        }
        return text.toString();
    }
}
