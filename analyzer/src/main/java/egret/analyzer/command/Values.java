// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.rules.InsideNetworks;
import egret.rules.IpPrefix;
import egret.rules.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of options as what they mean, or a sentence that says what would have been right. */
final class Values {
    private final Arguments arguments;

    Values(Arguments arguments) {
        this.arguments = arguments;
    }

    private UsageException wrong(String option, String takes, String text) {
        return new UsageException(
                "egret " + arguments.command() + ": " + option + " takes " + takes + ", not '" + text + "'");
    }

    int number(String option, int least, int most, int otherwise) throws UsageException {
        String text = arguments.value(option);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException ignored) { // said below
        }
        throw wrong(option, "a number from " + least + " to " + most, text);
    }

    /** The first of the words if the option was not given. */
    String word(String option, String... words) throws UsageException {
        String text = arguments.value(option);
        if (text == null) {
            return words[0];
        }
        StringBuilder all = new StringBuilder();
        for (int at = 0; at < words.length; at++) {
            if (words[at].equals(text)) {
                return text;
            }
            all.append(at == 0 ? "" : at < words.length - 1 ? ", " : " or ").append(words[at]);
        }
        throw wrong(option, all.toString(), text);
    }

    /** As 90, 90s, 5m or 2h, in seconds; 0 if it was not given. */
    long seconds(String option) throws UsageException {
        String text = arguments.value(option);
        if (text == null) {
            return 0;
        }
        char last = text.charAt(text.length() - 1);
        int unit = last == 'h' ? 3600 : last == 'm' ? 60 : 1;
        String digits = unit > 1 || last == 's' ? text.substring(0, text.length() - 1) : text;
        try {
            int number = Integer.parseInt(digits);
            if (number > 0) {
                return (long) number * unit;
            }
        } catch (NumberFormatException ignored) { // said below
        }
        throw wrong(option, "a time like 90s, 5m or 2h", text);
    }

    /** Null if it was not given. */
    @Nullable
    Severity severity(String option) throws UsageException {
        String text = arguments.value(option);
        if (text == null) {
            return null;
        }
        Severity severity = severityOf(text);
        if (severity == null) {
            throw wrong(option, "info, warning or critical", text);
        }
        return severity;
    }

    static @Nullable Severity severityOf(String word) {
        for (Severity severity : Severity.values()) {
            if (severity.word().equals(word)) {
                return severity;
            }
        }
        return null;
    }

    InsideNetworks inside(String option) throws UsageException {
        List<String> texts = arguments.values(option);
        if (texts.isEmpty()) {
            return InsideNetworks.guess();
        }
        List<IpPrefix> prefixes = new ArrayList<>(texts.size());
        for (String text : texts) {
            IpPrefix prefix = IpPrefix.parse(text);
            if (prefix == null) {
                throw wrong(option, "a network like 10.0.0.0/8", text);
            }
            prefixes.add(prefix);
        }
        return InsideNetworks.of(prefixes);
    }

    /** By --color and --no-color; else whether it is a terminal. */
    boolean colour(boolean terminal) throws UsageException {
        String when = arguments.has("--no-color") ? "never" : arguments.value("--color");
        if (when == null || when.equals("auto")) {
            return terminal;
        }
        if (!when.equals("always") && !when.equals("never")) {
            throw wrong("--color", "never, always or auto", when);
        }
        return when.equals("always");
    }
}
