// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.util.Locale;

/**
 * A command line made fit to be kept and shown: words joined by blanks, at most {@value #MAX} characters, each secret
 * replaced by {@value #MASK}. The words of a script given with {@code -c} are looked at in the same way.
 */
final class CommandLine {
    static final int MAX = 256;
    static final String MASK = "***";
    private static final String ELLIPSIS = "…";

    private final String text;
    private final StringBuilder out = new StringBuilder(MAX);

    /** The last program named: the first word, then each that one of the short options knows. */
    private String program = "";

    /** Behind the word login, which gives some short options their meaning. */
    private boolean login;

    private boolean maskNext;
    private boolean maskUserNext;

    /** Until the argument ends, or this quote: a header's value is several words. */
    private boolean maskRest;

    private char closing;

    private CommandLine(String text) {
        this.text = text;
    }

    /** @param raw words that each end with 0, as {@code /proc/PID/cmdline} has them */
    static String of(String raw) {
        return new CommandLine(raw).masked();
    }

    private String masked() {
        int from = 0;
        int length = text.length();
        while (from < length && out.length() <= MAX) {
            int end = from;
            while (end < length && text.charAt(end) != 0 && !blank(text.charAt(end))) {
                end++;
            }
            boolean lastOfArgument = end == length || text.charAt(end) == 0;
            if (end > from) {
                word(text.substring(from, end));
            }
            if (lastOfArgument) {
                maskRest = false;
            }
            from = end + 1;
        }
        if (out.length() > MAX) {
            out.setLength(MAX - 1);
            out.append(ELLIPSIS);
        }
        return Texts.printable(out.toString(), MAX);
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private void word(String word) {
        if (!out.isEmpty()) {
            out.append(' ');
        }
        if (maskRest) {
            boolean last = closing != 0 && word.indexOf(closing) >= 0;
            if (out.length() < MASK.length() + 1 || !endsWithMask()) {
                out.append(MASK);
            } else {
                out.setLength(out.length() - 1);
            }
            if (last) {
                out.append(closing);
                maskRest = false;
            }
            return;
        }
        boolean option = word.length() > 1 && word.charAt(0) == '-';
        if (maskNext && !(option && word.charAt(1) == '-')) {
            maskNext = false;
            out.append(MASK);
            return;
        }
        maskNext = false;
        if (maskUserNext) {
            maskUserNext = false;
            user(word);
            return;
        }
        if (option && option(word)) {
            return;
        }
        if (!option) {
            named(word);
        }
        value(word);
    }

    private boolean endsWithMask() {
        int at = out.length() - 1 - MASK.length(); // Before the blank.
        return at >= 0 && out.indexOf(MASK, at) == at;
    }

    /** An option with its value in the same word or the next; false if it is to be looked at like any other word. */
    private boolean option(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (Secrets.isUser(name)) {
            out.append(name);
            if (equals < 0) {
                maskUserNext = true;
            } else {
                out.append('=');
                user(word.substring(equals + 1));
            }
            return true;
        }
        if (word.startsWith("-u") && equals < 0 && word.indexOf(':') > 2 && word.indexOf('/') < 0) {
            out.append("-u");
            user(word.substring(2));
            return true;
        }
        for (Secrets.ShortOption known : Secrets.SHORT) {
            if (word.startsWith(known.option()) && runs(known.program()) && (login || !known.login())) {
                if (word.length() == known.option().length()) {
                    maskNext = known.next();
                } else if (known.attached()) {
                    out.append(known.option()).append(MASK);
                    return true;
                }
            }
        }
        if (equals < 0 && Secrets.isName(bare(word))) {
            out.append(word);
            maskNext = true;
            return true;
        }
        return false;
    }

    private boolean runs(String known) {
        return known.endsWith("*") ? program.startsWith(known.substring(0, known.length() - 1)) : program.equals(known);
    }

    /** Notes the program that the options behind it belong to. */
    private void named(String word) {
        int slash = word.lastIndexOf('/');
        String name = unquoted(slash < 0 ? word : word.substring(slash + 1));
        if (program.isEmpty()) {
            program = name;
            return;
        }
        login |= name.equals("login");
        String before = program;
        program = name;
        for (Secrets.ShortOption known : Secrets.SHORT) {
            if (runs(known.program())) {
                login = false;
                return;
            }
        }
        program = before;
    }

    /** Of {@code user:password}, quoted or not, the password goes; two numbers are a user and group. */
    private void user(String word) {
        int colon = word.indexOf(':');
        if (colon < 0 || numbers(word)) {
            value(word);
        } else {
            out.append(word, 0, colon + 1).append(MASK);
        }
    }

    private static boolean numbers(String word) {
        for (int at = 0; at < word.length(); at++) {
            char c = word.charAt(at);
            if (c != ':' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    /** Any word: the values of secret names in it, passwords before an @, and tokens go. */
    private void value(String word) {
        int length = word.length();
        int nameFrom = 0;
        boolean part = true;
        int at = 0;
        while (at < length) {
            if (part) {
                part = false;
                int to = password(word, at);
                if (to > at) {
                    at = to;
                    nameFrom = at;
                    continue;
                }
            }
            if (at == nameFrom && Secrets.isToken(word, at) && end(word, at) - at >= Secrets.TOKEN_LENGTH) {
                at = end(word, at);
                out.append(MASK);
                nameFrom = at;
                continue;
            }
            char c = word.charAt(at++);
            out.append(c);
            if ((c == '=' || c == ':') && Secrets.isName(bare(word.substring(nameFrom, at - 1)))) {
                at = secret(word, at, c);
                nameFrom = at;
            } else if (!nameCharacter(c) && !(quote(c) && at < length && word.charAt(at) == ':')) {
                nameFrom = at;
                part = c != '@' && c != ':';
            }
        }
    }

    /** Masks the value from here on; returns where it ends. */
    private int secret(String word, int from, char separator) {
        int length = word.length();
        if (separator == ':' && (from == length || quotesOnly(word, from))) {
            // A header: what follows is its value, up to the quote that the word began with.
            char first = word.charAt(0);
            closing = quote(first) ? first : 0;
            maskRest = true;
            return from;
        }
        int end = from;
        if (separator == ':') {
            end = length;
        } else {
            while (end < length && "&;,".indexOf(word.charAt(end)) < 0) {
                end++;
            }
        }
        if (end > from) {
            out.append(MASK);
        }
        return end;
    }

    private static boolean quotesOnly(String word, int from) {
        return from == word.length() - 1 && quote(word.charAt(from));
    }

    /**
     * Where {@code user:password@} begins, the user is written and where the @ stands is returned; else {@code from}. In a
     * URL a long user without password is a token.
     */
    private int password(String word, int from) {
        boolean url = from >= 3 && word.startsWith("://", from - 3);
        int end = from;
        while (end < word.length() && word.charAt(end) != '@' && (url || "/\"'".indexOf(word.charAt(end)) < 0)) {
            end++;
        }
        if (end == word.length() || word.charAt(end) != '@' || word.startsWith("sha256:", end + 1)) {
            return from;
        }
        int colon = word.indexOf(':', from);
        if (colon >= 0 && colon < end && !word.startsWith("://", colon)) {
            out.append(word, from, colon + 1).append(MASK);
            return end;
        }
        if (url && end - from >= Secrets.TOKEN_LENGTH && word.lastIndexOf('/', end) < from) {
            out.append(MASK);
            return end;
        }
        return from;
    }

    private static int end(String word, int from) {
        int at = from;
        while (at < word.length() && (nameCharacter(word.charAt(at)) || word.charAt(at) == '+')) {
            at++;
        }
        return at;
    }

    private static boolean nameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-'
                || c == '.';
    }

    private static boolean quote(char c) {
        return c == '"' || c == '\'';
    }

    /** A name without hyphens and quotes around it, in lower case. */
    private static String bare(String name) {
        int from = 0;
        while (from < name.length() && "-\"'$({[/".indexOf(name.charAt(from)) >= 0) {
            from++;
        }
        return unquoted(name.substring(from)).toLowerCase(Locale.ROOT);
    }

    private static String unquoted(String word) {
        int end = word.length();
        while (end > 0 && quote(word.charAt(end - 1))) {
            end--;
        }
        int from = 0;
        while (from < end && quote(word.charAt(from))) {
            from++;
        }
        return word.substring(from, end);
    }
}
