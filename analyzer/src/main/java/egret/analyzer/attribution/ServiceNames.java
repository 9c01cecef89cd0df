// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.attribution;

import egret.analyzer.answer.Culprit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Services as a sentence and a command name them. A name that a shell could misread is not put into a command. */
final class ServiceNames {
    private static final int MOST_NAMED = 3;

    private final List<Culprit> culprits;
    private final String stack;

    ServiceNames(List<Culprit> culprits) {
        this.culprits = culprits;
        this.stack = stack();
    }

    /** What stands before the first underscore of all names; "" if they differ, or are not known. */
    private String stack() {
        String found = "";
        for (int i = 0; i < culprits.size(); i++) {
            String name = culprits.get(i).name();
            if (name.isEmpty()) {
                continue; // its name stands in a line that comes later
            }
            int end = name.indexOf('_');
            if (end < 1 || (!found.isEmpty() && !name.startsWith(found + "_"))) {
                return "";
            }
            found = name.substring(0, end);
        }
        return found;
    }

    /** {@code 30 services of stack `burst`}, {@code service burst_svc01}. */
    String all() {
        Culprit first = culprits.get(0);
        if (culprits.size() == 1) {
            return kind(first) + " " + first.shown();
        }
        String many = Phrases.number(culprits.size()) + " " + kind(first) + "s";
        if (!stack.isEmpty()) {
            return many + " of stack `" + stack + "`";
        }
        StringBuilder text = new StringBuilder(many).append(" (");
        for (int i = 0; i < Math.min(MOST_NAMED, culprits.size()); i++) {
            text.append(i == 0 ? "" : ", ").append(culprits.get(i).shown());
        }
        return text.append(culprits.size() > MOST_NAMED ? ", …)" : ")").toString();
    }

    private static String kind(Culprit culprit) {
        return culprit.service().isEmpty() ? "image" : culprit.service().indexOf('/') > 0 ? "pod" : "service";
    }

    /** {@code docker service scale a=0 b=0} for the first so many; null if none of them can be named. */
    @Nullable
    String scaleToZero(int many) {
        StringBuilder text = new StringBuilder("docker service scale");
        int named = 0;
        for (int i = 0; i < many; i++) {
            Culprit culprit = culprits.get(i);
            String word =
                    isPlain(culprit.name()) ? culprit.name() : isPlain(culprit.service()) ? culprit.service() : null;
            if (word != null) {
                text.append(' ').append(word).append("=0");
                named++;
            }
        }
        return named == 0 ? null : text.toString();
    }

    /** It can stand in a command as it is. */
    static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && (i == 0 || "._-".indexOf(c) < 0)) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
