// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import java.util.List;

/** What must hold for the captures on a command line before any of them is opened. */
final class InputWords {
    private InputWords() {}

    /** Standard input can be read only once. */
    static void check(String command, List<String> files) throws UsageException {
        int standardInputs = 0;
        for (String file : files) {
            standardInputs += file.equals("-") ? 1 : 0;
        }
        if (standardInputs > 1) {
            throw new UsageException("egret " + command + ": standard input (-) can be given only once");
        }
    }
}
