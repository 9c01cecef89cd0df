// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The name patterns of all endpoints, found in one look-up per label of a name: an exact name comes first, then the
 * longest wildcard, then the longest suffix.
 */
final class NameIndex {
    /** Longest name in DNS, RFC 1035 section 2.3.4, as text; what is longer is no name and not looked up. */
    static final int LONGEST_NAME = 253;

    private record Wildcard(NamePattern pattern, Match match) {}

    private final Map<String, Match> exact = new HashMap<>();
    private final Map<String, Match> suffixes = new HashMap<>();
    private final Map<String, List<Wildcard>> wildcardsByTail = new HashMap<>();

    NameIndex(List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            for (NamePattern pattern : endpoint.names()) {
                Match match = new Match(endpoint, pattern.role());
                switch (pattern.kind()) {
                    case EXACT -> exact.putIfAbsent(pattern.text(), match);
                    case SUFFIX -> suffixes.putIfAbsent(pattern.text(), match);
                    case WILDCARD -> addWildcard(new Wildcard(pattern, match));
                }
            }
        }
    }

    private void addWildcard(Wildcard wildcard) {
        String tail = tail(wildcard.pattern().text());
        List<Wildcard> sameTail = wildcardsByTail.get(tail);
        if (sameTail == null) {
            sameTail = new ArrayList<>(1);
            wildcardsByTail.put(tail, sameTail);
        }
        sameTail.add(wildcard);
    }

    /** What stands behind the last star, from its first dot on: {@code .b.example} of {@code a-*x.b.example}. */
    private static String tail(String text) {
        int dot = text.indexOf('.', text.lastIndexOf('*'));
        return dot < 0 ? "" : text.substring(dot);
    }

    @Nullable
    Match find(String name) {
        String text = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (text.length() > LONGEST_NAME) {
            return null;
        }
        Match match = exact.get(text);
        if (match != null) {
            return match;
        }
        Match suffix = null;
        Wildcard best = null;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
            String tail = text.substring(dot);
            if (suffix == null && dot > 0) {
                suffix = suffixes.get(tail);
            }
            List<Wildcard> wildcards = wildcardsByTail.get(tail);
            if (wildcards != null) {
                best = longest(wildcards, text, best);
            }
        }
        return best != null ? best.match() : suffix;
    }

    private static @Nullable Wildcard longest(List<Wildcard> wildcards, String name, @Nullable Wildcard sofar) {
        Wildcard best = sofar;
        for (Wildcard wildcard : wildcards) {
            int length = wildcard.pattern().text().length();
            if ((best == null || length > best.pattern().text().length())
                    && wildcard.pattern().matches(name)) {
                best = wildcard;
            }
        }
        return best;
    }
}
