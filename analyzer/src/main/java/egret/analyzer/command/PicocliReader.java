// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.command.Grammar.Command;
import egret.analyzer.command.Grammar.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reads every command line, right or wrong, and explains. The commands are described to picocli by hand rather than by
 * annotations, of which reading takes half as long again.
 */
final class PicocliReader {
    private final CommandLine root;

    PicocliReader(String version) {
        CommandSpec egret = CommandSpec.create().name("egret");
        egret.usageMessage()
                .description(
                        "Who is behind the burst? Egret reads network captures, or captures itself, and names the host.")
                .footer(
                        "",
                        "Start with: egret analyze FILE, or egret watch -i INTERFACE",
                        "Help for a command: egret COMMAND --help",
                        "Exit codes: 0 done, 1 internal failure, 2 wrong usage or rules, 3 input unreadable,",
                        "4 an alert at or above --fail-on");
        addHelp(egret);
        egret.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version")
                .build());
        egret.version("egret " + version);
        for (Command command : Grammar.COMMANDS) {
            int space = command.name().indexOf(' ');
            CommandSpec parent = space < 0 ? egret : group(egret, command.name().substring(0, space));
            parent.addSubcommand(command.name().substring(space + 1), spec(command));
        }
        root = new CommandLine(egret);
        root.setExpandAtFiles(false);
        root.setUsageHelpWidth(100);
    }

    /**
     * The arguments, or null when help was asked for and has been written to {@code out}.
     *
     * @throws UsageException if the command line is wrong
     */
    @Nullable
    Arguments read(StringBuilder out, boolean colour, String... words) throws UsageException {
        ParseResult result;
        try {
            result = root.parseArgs(words);
        } catch (ParameterException e) {
            throw new UsageException(sentence(e));
        }
        List<CommandLine> chain = result.asCommandLineList();
        CommandLine last = chain.get(chain.size() - 1);
        if (root.getParseResult().isVersionHelpRequested()) {
            out.append(root.getCommandSpec().version()[0]).append('\n');
            return null;
        }
        for (CommandLine command : chain) {
            if (command.isUsageHelpRequested()) {
                out.append(command.getUsageMessage(colour ? Ansi.ON : Ansi.OFF));
                return null;
            }
        }
        String name = last.getCommandSpec().qualifiedName(" ");
        if (!last.getSubcommands().isEmpty()) {
            throw new UsageException(name + ": which command? There are " + names(last));
        }
        return arguments(name.substring("egret ".length()), last.getParseResult());
    }

    private static Arguments arguments(String command, ParseResult result) {
        Map<String, List<String>> options = new LinkedHashMap<>();
        List<String> files = new ArrayList<>();
        for (ArgSpec matched : result.matchedArgs()) {
            if (matched instanceof OptionSpec option) {
                boolean takesValue = option.arity().max() > 0;
                options.put(option.longestName(), takesValue ? option.originalStringValues() : List.of());
            }
        }
        if (!result.matchedPositionals().isEmpty()) { // one, listed as often as options stand between its words
            files.addAll(result.matchedPositionals().get(0).originalStringValues());
        }
        return new Arguments(command, options, files);
    }

    private static CommandSpec group(CommandSpec egret, String name) {
        CommandLine known = egret.subcommands().get(name);
        if (known != null) {
            return known.getCommandSpec();
        }
        CommandSpec group = CommandSpec.create();
        group.usageMessage().description("Check and show what is watched");
        addHelp(group);
        egret.addSubcommand(name, group);
        return group;
    }

    private static CommandSpec spec(Command command) {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description(command.help()).sortOptions(false);
        if (!command.files().isEmpty()) {
            spec.addPositional(PositionalParamSpec.builder()
                    .paramLabel(command.files())
                    .arity(command.fewest() + "..*")
                    .required(command.fewest() > 0)
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .description(command.filesHelp())
                    .build());
        }
        for (Option option : command.options()) {
            OptionSpec.Builder builder = option.letter().isEmpty()
                    ? OptionSpec.builder(option.name())
                    : OptionSpec.builder(option.letter(), option.name());
            builder.description(option.help()).hidden(option.hidden());
            if (!option.takesValue()) {
                builder.arity("0").type(boolean.class);
            } else if (option.many()) {
                builder.arity("1").type(List.class).auxiliaryTypes(String.class);
            } else {
                builder.arity("1").type(String.class);
            }
            spec.addOption(builder.paramLabel(option.value()).build());
        }
        addHelp(spec);
        spec.usageMessage().footer(examples(command));
        return spec;
    }

    private static String[] examples(Command command) {
        int longest = 0;
        for (int at = 0; at < command.examples().size(); at += 2) {
            longest = Math.max(longest, command.examples().get(at).length());
        }
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Examples:");
        for (int at = 0; at < command.examples().size(); at += 2) {
            String example = command.examples().get(at);
            lines.add("  " + example + " ".repeat(longest - example.length() + 3)
                    + command.examples().get(at + 1));
        }
        return lines.toArray(new String[0]);
    }

    private static void addHelp(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help")
                .build());
    }

    private static String names(CommandLine group) {
        return String.join(", ", group.getSubcommands().keySet());
    }

    /** picocli's message as the rest of a sentence, with what might have been meant. */
    private static String sentence(ParameterException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        message = end < 0 ? message : message.substring(0, end);
        if (!message.isEmpty()) {
            message = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
        }
        String command = e.getCommandLine().getCommandSpec().qualifiedName(" ");
        String meant = "";
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            meant = "; did you mean " + unmatched.getSuggestions().get(0) + "?";
        }
        return command + ": " + message + meant;
    }
}
