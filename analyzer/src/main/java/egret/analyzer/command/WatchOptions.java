// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.rules.InsideNetworks;
import egret.rules.Rules;
import egret.rules.RulesException;
import egret.rules.Severity;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code egret watch} was asked.
 *
 * @param durationSeconds after which it ends, 0 for never
 * @param pullLimits to be asked for, null for not
 * @param readyFile made when capturing has begun, null for none
 */
record WatchOptions(
        LiveRequest request,
        boolean json,
        boolean plain,
        boolean colour,
        @Nullable Severity failOn,
        long durationSeconds,
        @Nullable PullLimits pullLimits,
        @Nullable String readyFile) {
    private static final int SNAPLEN = 4096; // a ClientHello with all its extensions, in one packet or several
    private static final int MOST_SNAPLEN = 262_144;
    private static final int BUFFER_MEBIBYTES = 32;
    private static final int MOST_INTERFACES = 64;
    private static final int MOST_LOGS = 64;

    static WatchOptions of(Arguments arguments, boolean terminal, boolean noColour)
            throws UsageException, RulesException {
        Values values = new Values(arguments);
        int snaplen = values.number("--snaplen", 0, MOST_SNAPLEN, SNAPLEN);
        String engine = values.word("--engine", "auto", "ring", "pcap");
        String vantage = values.word("--vantage", "auto", "host", "nat-inside", "nat-outside", "mirror");
        String owner = values.word(
                "--owner",
                "auto",
                "bpf-connect",
                "bpf-sock-ops",
                "bpf-sock-create",
                "tracefs",
                "sock-diag",
                "proc",
                "off");
        int buffer = values.number("--buffer", 1, 1024, BUFFER_MEBIBYTES);
        int packets = values.number("--count", 1, Integer.MAX_VALUE, 0);
        InsideNetworks inside = values.inside("--inside");
        Severity failOn = values.severity("--fail-on");
        long seconds = values.seconds("--duration");
        boolean colour = values.colour(terminal && !noColour);
        LiveRequest.Write write = write(arguments, values);
        List<String> interfaces = interfaces(arguments);
        Rules rules = RulesCommand.rules(arguments.value("--rules"));
        LiveRequest request = new LiveRequest(
                interfaces,
                snaplen == 0 ? MOST_SNAPLEN : Math.max(64, snaplen), // 0 is all, as tcpdump has it
                buffer,
                engine,
                vantage,
                owner,
                arguments.value("--docker"),
                logs(arguments),
                !arguments.has("--no-evidence"),
                !arguments.has("--no-kernel-filter"),
                arguments.has("--fast"),
                String.join(" ", arguments.files()),
                packets,
                write,
                rules,
                inside);
        return new WatchOptions(
                request,
                arguments.has("--json"),
                arguments.has("--plain"),
                colour,
                failOn,
                seconds,
                PullLimits.of(arguments, rules),
                arguments.value("--ready-file"));
    }

    private static List<String> interfaces(Arguments arguments) throws UsageException {
        List<String> names = new ArrayList<>();
        for (String value : arguments.values("--interface")) {
            for (String name : value.split(",", -1)) {
                if (name.isBlank()) {
                    throw new UsageException("egret watch: there is an interface without a name in '" + value + "'");
                }
                if (!names.contains(name)) {
                    names.add(name);
                }
            }
        }
        if (names.isEmpty()) {
            throw new UsageException("egret watch: say where to capture with -i; egret interfaces lists what there is");
        }
        if (names.contains("any") && names.size() > 1) {
            throw new UsageException("egret watch: -i any has all interfaces, and takes no others beside it");
        }
        if (names.size() > MOST_INTERFACES) {
            throw new UsageException("egret watch: -i takes at most " + MOST_INTERFACES + " interfaces");
        }
        return List.copyOf(names);
    }

    /** With paths as those who follow them call them. */
    private static List<LogFile> logs(Arguments arguments) throws UsageException {
        List<String> words = arguments.values("--log");
        if (words.size() > MOST_LOGS) {
            throw new UsageException("egret watch: --log takes at most " + MOST_LOGS + " files");
        }
        if (arguments.has("--no-evidence") && !words.isEmpty()) {
            throw new UsageException("egret watch: --log and --no-evidence exclude each other");
        }
        List<LogFile> logs = new ArrayList<>();
        for (LogFile log : LogFile.of(words)) {
            try {
                Path path = Path.of(log.path());
                if (log.path().isBlank() || path.getFileName() == null) {
                    throw new UsageException("egret watch: '" + log.path() + "' of --log is no file");
                }
                logs.add(new LogFile(path.toString(), log.source()));
            } catch (InvalidPathException e) {
                throw new UsageException("egret watch: '" + log.path() + "' of --log is no file");
            }
        }
        return List.copyOf(logs);
    }

    private static LiveRequest.@Nullable Write write(Arguments arguments, Values values) throws UsageException {
        int megabytes = values.number("--file-size", 1, 1_000_000, 0);
        int files = values.number("--file-count", 1, 10_000, 0);
        String path = arguments.value("--write");
        if (path == null) {
            if (megabytes > 0 || files > 0) {
                throw new UsageException("egret watch: -C and -W say how files are rotated, and need -w");
            }
            return null;
        }
        if (files > 0 && megabytes == 0) {
            throw new UsageException("egret watch: -W needs -C, as files are rotated by their size");
        }
        return new LiveRequest.Write(path, megabytes, files);
    }
}
