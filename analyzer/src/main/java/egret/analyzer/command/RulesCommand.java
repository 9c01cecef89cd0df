// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.report.TerminalText;
import egret.rules.Problem;
import egret.rules.Rules;
import egret.rules.RulesException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code egret rules}: check and show what is watched. */
final class RulesCommand {
    private final Terminal terminal;

    RulesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    int check(Arguments arguments) throws UsageException, IOException {
        int code = Egret.DONE;
        for (String file : arguments.files()) {
            try {
                Rules rules = rules(file);
                terminal.print(TerminalText.safe(file) + ": in order, "
                        + rules.endpoints().size() + " endpoints and "
                        + rules.thresholds().size() + " thresholds in force\n");
            } catch (RulesException e) {
                sayProblems(terminal, e);
                code = Egret.USAGE;
            }
        }
        return code;
    }

    int show(Arguments arguments) throws UsageException, IOException {
        try {
            terminal.print(rules(arguments.value("--rules")).toYaml());
            return Egret.DONE;
        } catch (RulesException e) {
            sayProblems(terminal, e);
            return Egret.USAGE;
        }
    }

    /** @param file null for the built-in rules */
    static Rules rules(@Nullable String file) throws RulesException, UsageException {
        if (file == null) {
            return Rules.builtin();
        }
        try {
            return Rules.read(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new UsageException("egret: there is no rules file '" + file + "'");
        } catch (AccessDeniedException e) {
            throw new UsageException("egret: no permission to read the rules file '" + file + "'");
        } catch (IOException | InvalidPathException e) {
            throw new UsageException("egret: the rules file '" + file + "' cannot be read: " + e.getMessage());
        }
    }

    static void sayProblems(Terminal terminal, RulesException e) {
        for (Problem problem : e.problems()) {
            terminal.say(TerminalText.safe(problem.toString()));
        }
    }
}
