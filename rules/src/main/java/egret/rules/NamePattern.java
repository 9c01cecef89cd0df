// SPDX-License-Identifier: Apache-2.0
package egret.rules;

/**
 * A server name of an endpoint or a set of them: {@code host.example} is one name, {@code .example} all names below it,
 * and in {@code a-*.b.example} each star stands for one or more characters without a dot.
 *
 * @param text in lower case
 * @param role what the names are for
 */
public record NamePattern(String text, Role role) {
    /** Of several patterns that match, the first kind of these decides, within a kind the longest pattern. */
    public enum Kind {
        EXACT,
        WILDCARD,
        SUFFIX
    }

    public Kind kind() {
        if (text.indexOf('*') >= 0) {
            return Kind.WILDCARD;
        }
        return text.startsWith(".") ? Kind.SUFFIX : Kind.EXACT;
    }

    /** @param name in lower case, without a dot at its end */
    public boolean matches(String name) {
        return switch (kind()) {
            case EXACT -> name.equals(text);
            case SUFFIX -> name.length() > text.length() && name.endsWith(text);
            case WILDCARD -> matches(name, 0, 0);
        };
    }

    /** Two fingers with one way back, as no star reaches over a dot: at most length of name × length of pattern steps. */
    private boolean matches(String name, int nameAt, int textAt) {
        int star = -1;
        int starName = 0;
        while (nameAt < name.length()) {
            if (textAt < text.length() && text.charAt(textAt) == '*' && name.charAt(nameAt) != '.') {
                star = textAt++;
                starName = ++nameAt;
            } else if (textAt < text.length() && text.charAt(textAt) == name.charAt(nameAt)) {
                textAt++;
                nameAt++;
            } else if (star >= 0 && name.charAt(starName) != '.') {
                textAt = star + 1;
                nameAt = ++starName;
            } else {
                return false;
            }
        }
        return textAt == text.length();
    }
}
