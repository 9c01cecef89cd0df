// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands and their options: the one table that both readers of the command line go by. */
final class Grammar {
    /**
     * @param name as it stands in {@link Arguments}
     * @param letter another name of one dash and one letter, "" for none
     * @param value what stands for its value in the help, "" for a switch
     * @param many may be given again
     * @param hidden not in the help
     */
    record Option(String name, String letter, String value, boolean many, boolean hidden, String help) {
        Option(String name, String value, boolean many, boolean hidden, String help) {
            this(name, "", value, many, hidden, help);
        }

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

    private static final Option INSIDE = new Option(
            "--inside", "CIDR", true, false, "A network that is ours; guessed if not given, may be repeated");
    private static final Option FAIL_ON = new Option(
            "--fail-on", "SEVERITY", false, false, "Exit with 4 on an alert of info, warning or critical, or worse");
    private static final Option CHECK_PULL_LIMIT = new Option(
            "--check-pull-limit",
            "",
            false,
            false,
            "Ask Docker Hub itself how much of its limit on pulls is used: two requests, no pull");
    private static final Option REGISTRY_LOGIN = new Option(
            "--registry-login",
            "FILE",
            false,
            false,
            "A line user:token to ask with, for an account's limit instead of the address's");
    private static final Option COLOR =
            new Option("--color", "WHEN", false, false, "never, always or auto: on a terminal only");
    private static final Option NO_COLOR = new Option("--no-color", "", false, false, "The same as --color never");

    private static final List<Option> ANALYZE = List.of(
            JSON,
            new Option(
                    "--log",
                    "FILE",
                    true,
                    false,
                    "A log of dockerd, containerd or kubelet, to name the services; ADDRESS=FILE says whose"),
            INSIDE,
            RULES,
            FAIL_ON,
            CHECK_PULL_LIMIT,
            REGISTRY_LOGIN,
            new Option("--threads", "N", false, false, "Threads that read one large file; 2 if not given"),
            COLOR,
            NO_COLOR,
            QUIET,
            new Option("--width", "N", false, true, "Columns of the page"),
            DEBUG);

    private static final List<Option> INSPECT = List.of(
            new Option("--json", "", false, false, "One JSON object per capture, each on its own line"), QUIET, DEBUG);

    private static final List<Option> WATCH = List.of(
            new Option("--interface", "-i", "IF", true, false, "Where to capture: a name, several with commas, or any"),
            new Option("--write", "-w", "FILE", false, false, "Also write the packets to a file (pcapng)"),
            new Option("--file-size", "-C", "MB", false, false, "Begin another file after so many million bytes"),
            new Option("--file-count", "-W", "N", false, false, "Write the first file anew after so many"),
            new Option("--count", "-c", "N", false, false, "End after so many packets"),
            new Option("--duration", "TIME", false, false, "End after a time: 90s, 5m, 2h"),
            new Option("--json", "", false, false, "One JSON document at the end; alerts as JSON on standard error"),
            new Option("--plain", "", false, false, "Lines instead of the view, as when it is piped"),
            INSIDE,
            RULES,
            FAIL_ON,
            new Option(
                    "--vantage",
                    "WHERE",
                    false,
                    false,
                    "auto, host, nat-inside, nat-outside or mirror: what is seen here"),
            new Option(
                    "--owner",
                    "METHOD",
                    false,
                    false,
                    "How to know processes: auto, bpf-connect, bpf-sock-ops, bpf-sock-create, tracefs, sock-diag, proc"
                            + " or off"),
            new Option("--docker", "SOCKET", false, false, "The Docker daemon's socket, if it is not the usual one"),
            new Option(
                    "--log",
                    "FILE",
                    true,
                    false,
                    "A log of dockerd, containerd or kubelet to follow, to name the services; ADDRESS=FILE says whose;"
                            + " the machine's own if not given"),
            new Option("--no-evidence", "", false, false, "Read no logs, and ask no daemon about services"),
            CHECK_PULL_LIMIT,
            REGISTRY_LOGIN,
            new Option("--engine", "NAME", false, false, "How to capture: auto, ring or pcap"),
            new Option("--snaplen", "-s", "BYTES", false, false, "Of each packet; 4096 if not given, 0 for all"),
            new Option("--buffer", "-B", "MIB", false, false, "For packets that wait; 32 if not given, at most 1024"),
            new Option("--no-kernel-filter", "", false, false, "Take every packet, also what is not needed"),
            new Option("--fast", "", false, false, "Leave out in the kernel what only refines the counts"),
            COLOR,
            NO_COLOR,
            new Option("--ready-file", "FILE", false, true, "Made when capturing has begun"),
            DEBUG);

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
                            "egret analyze nat.pcap --log /var/log/syslog", "and which service, and why",
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
                    "watch",
                    "Capture, and say who is behind a burst while it goes on",
                    "FILTER",
                    "A filter in the language of tcpdump",
                    0,
                    WATCH,
                    List.of(
                            "egret watch -i eth0", "on a host, with processes",
                            "egret watch -i eth0,eth1", "on a NAT: inside and outside",
                            "egret watch -i any --plain >> watch.log", "lines instead of the view",
                            "egret watch -i eth0 --json --duration 60s", "for scripts",
                            "egret watch -i eth0 -w a.pcapng -C 100 -W 10", "packets too, at most 1 GB",
                            "egret watch -i eth0 --log docker.log", "with the log that names the services",
                            "egret watch -i eth0 --log 10.0.1.11=a.log", "on a NAT: whose log it is",
                            "egret watch -i eth0 not host 10.0.0.9", "without one host")),
            new Command(
                    "interfaces",
                    "List what can be captured here, and what is missing to do it",
                    "",
                    "",
                    0,
                    List.of(JSON, DEBUG),
                    List.of("egret interfaces", "with the command that grants what is missing")),
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
