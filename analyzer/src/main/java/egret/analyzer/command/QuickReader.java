// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.command.Grammar.Command;
import egret.analyzer.command.Grammar.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the command lines that are plainly right. All others, and help, are left to picocli, whose classes cost more time
 * than a small capture: they are of a format that class-data sharing does not take and the old verifier has to check.
 */
final class QuickReader {
    private QuickReader() {}

    /** Null if there is anything to ask, complain about or explain. */
    static @Nullable Arguments read(String... words) {
        Command command = words.length == 0 ? null : Grammar.command(words[0]);
        if (command == null) {
            return null;
        }
        Map<String, List<String>> options = new LinkedHashMap<>();
        List<String> files = new ArrayList<>();
        for (int at = 1; at < words.length; at++) {
            String word = words[at];
            if (!word.startsWith("-") || word.equals("-")) {
                if (word.isEmpty()) {
                    return null;
                }
                files.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            Option option = option(command, equals < 0 ? word : word.substring(0, equals));
            if (option == null || (options.containsKey(option.name()) && !option.many())) {
                return null;
            }
            List<String> values = options.get(option.name());
            if (values == null) {
                values = new ArrayList<>();
                options.put(option.name(), values);
            }
            if (!option.takesValue()) {
                if (equals >= 0) {
                    return null;
                }
                continue;
            }
            if (equals < 0) {
                at++;
            }
            String value = equals >= 0 ? word.substring(equals + 1) : at < words.length ? words[at] : "";
            if (value.isEmpty() || value.startsWith("-") || value.startsWith("\"")) {
                return null;
            }
            values.add(value);
        }
        boolean enough = files.size() >= command.fewest()
                && (files.isEmpty() || !command.files().isEmpty());
        return enough ? new Arguments(command.name(), options, files) : null;
    }

    private static @Nullable Option option(Command command, String name) {
        for (Option option : command.options()) {
            if (option.name().equals(name) || (option.letter().equals(name) && !name.isEmpty())) {
                return option;
            }
        }
        return null;
    }
}
