// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Culprit;
import egret.analyzer.cause.HostCause;
import egret.analyzer.cause.Pattern;
import java.util.ArrayList;
import java.util.List;

/** Services of one host that ask for different reasons, by the reason: most do for that of the cause itself. */
final class CauseGroups {
    private static final int MOST_NAMED = 3;

    private final HostCause cause;

    CauseGroups(HostCause cause) {
        this.cause = cause;
    }

    boolean isOfContainerd() {
        return cause.daemon().equals("containerd");
    }

    boolean isOfTasks() {
        return !isOfContainerd()
                && switch (cause.pattern()) {
                    case UNPINNED, DENIED, NOT_FOUND, FEEDBACK, IMAGE_GONE -> true;
                    default -> false;
                };
    }

    /** Reasons beside the cause's own. */
    List<Pattern> others() {
        List<Pattern> others = new ArrayList<>();
        for (int i = 0; isOfTasks() && i < cause.culprits().size(); i++) {
            Pattern pattern = of(cause.culprits().get(i));
            if (pattern != cause.pattern() && !others.contains(pattern)) {
                others.add(pattern);
            }
        }
        return others;
    }

    private Pattern of(Culprit culprit) {
        return switch (culprit.pullProblem()) {
            case "abuse-limit", "pull-limit" -> Pattern.FEEDBACK;
            case "not-found" -> Pattern.NOT_FOUND;
            case "denied" -> Pattern.DENIED;
            default -> cause.pattern() == Pattern.IMAGE_GONE ? Pattern.IMAGE_GONE : Pattern.UNPINNED;
        };
    }

    /** {@code 6 of them (gone_svc1, gone_svc2, gone_svc3, …)}. */
    String few(Pattern pattern) {
        StringBuilder text = new StringBuilder();
        int n = 0;
        for (int i = 0; i < cause.culprits().size(); i++) {
            Culprit culprit = cause.culprits().get(i);
            if (of(culprit) == pattern) {
                text.append(n == 0 ? "" : n < MOST_NAMED ? ", " + culprit.shown() : n == MOST_NAMED ? ", …" : "");
                text.append(n == 0 ? culprit.shown() : "");
                n++;
            }
        }
        return Phrases.number(n) + " of them (" + text + ")";
    }
}
