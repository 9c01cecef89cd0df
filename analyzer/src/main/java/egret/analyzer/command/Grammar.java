// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands and their options: the one table that both readers of the command line go by. */
final class Grammar {
    /**
     * @param value what stands for its value in the help, "" for a switch
     * @param many may be given again
     * @param hidden not in the help
     */
    record Option(String name, String value, boolean many, boolean hidden, String help) {
        boolean takesValue() {
            return !value.isEmpty();
        }
    }

    /**
     * @param name as "analyze" or "rules check"
     * @param files what the other words are, "" if there are none
     * @param fewest of the other words
     * @param examples a command line and what it does, by turns
     */
    record Command(
            String name,
            String help,
            String files,
            String filesHelp,
            int fewest,
            List<Option> options,
            List<String> examples) {}

    private static final String CAPTURES = "Captures: pcap or pcapng, also with gzip or zstd; - is standard input";
    private static final Option JSON = new Option("--json", "", false, false, "One JSON document for machines");
    private static final Option RULES =
            new Option("--rules", "FILE", false, false, "What to watch and when to raise an alert (YAML)");
    private static final Option QUIET =
            new Option("--quiet", "", false, false, "No progress; only errors on standard error");
    private static final Option DEBUG =
            new Option("--debug", "", false, true, "A stack trace with an internal failure");

    private static final List<Option> ANALYZE = List.of(
            JSON,
            new Option(
                    "--inside", "CIDR", true, false, "A network that is ours; guessed if not given, may be repeated"),
            RULES,
            new Option(
                    "--fail-on",
                    "SEVERITY",
                    false,
                    false,
                    "Exit with 4 on an alert of info, warning or critical, or worse"),
            new Option("--threads", "N", false, false, "Threads that read one large file; 2 if not given"),
            new Option("--color", "WHEN", false, false, "never, always or auto: on a terminal only"),
            new Option("--no-color", "", false, false, "The same as --color never"),
            QUIET,
            new Option("--width", "N", false, true, "Columns of the page"),
            DEBUG);

    private static final List<Option> INSPECT = List.of(
            new Option("--json", "", false, false, "One JSON object per capture, each on its own line"), QUIET, DEBUG);

    static final List<Command> COMMANDS = List.of(
            new Command(
                    "analyze",
                    "Say who is behind a burst of requests",
                    "FILE",
                    CAPTURES,
                    1,
                    ANALYZE,
                    List.of(
                            "egret analyze nat.pcap", "who did it, on one page",
                            "egret analyze inside.pcap outside.pcap", "both sides of a NAT, each connection once",
                            "tcpdump -i eth0 -w - | egret analyze -", "from a pipe",
                            "egret analyze --json --fail-on critical nat.pcap", "for scripts")),
            new Command(
                    "inspect",
                    "List what is in captures: hellos, tunnels, DNS, connections",
                    "FILE",
                    CAPTURES,
                    1,
                    INSPECT,
                    List.of(
                            "egret inspect nat.pcap", "a line for each hello",
                            "egret inspect --json *.pcap", "an object for each capture")),
            new Command(
                    "rules check",
                    "Check rules files: every problem at once, with its line",
                    "FILE",
                    "Rules files (YAML)",
                    1,
                    List.of(DEBUG),
                    List.of("egret rules check rules.yaml", "exit code 2 if something is wrong")),
            new Command(
                    "rules show",
                    "Print the rules that are in force",
                    "",
                    "",
                    0,
                    List.of(RULES, DEBUG),
                    List.of("egret rules show > rules.yaml", "the built-in ones, to start from")));

    private Grammar() {}

    static @Nullable Command command(String name) {
        for (Command command : COMMANDS) {
            if (command.name().equals(name)) {
                return command;
            }
        }
        return null;
    }
}
