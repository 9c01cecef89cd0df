// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command line that was understood, with the texts of its values as they were given.
 *
 * @param command as "analyze" or "rules check"
 * @param options by name with dashes; a switch has no values
 * @param files the other words, in order
 */
record Arguments(String command, Map<String, List<String>> options, List<String> files) {
    boolean has(String option) {
        return options.containsKey(option);
    }

    List<String> values(String option) {
        return options.getOrDefault(option, List.of());
    }

    /** Null if the option was not given. */
    @Nullable
    String value(String option) {
        List<String> values = values(option);
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }
}
