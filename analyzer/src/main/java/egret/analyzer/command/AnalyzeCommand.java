// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.report.AnswerJson;
import egret.analyzer.report.ReportPage;
import egret.analyzer.report.Style;
import egret.analyzer.report.TerminalText;
import egret.rules.InsideNetworks;
import egret.rules.IpPrefix;
import egret.rules.Rules;
import egret.rules.RulesException;
import egret.rules.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code egret analyze}: captures in, the answer out. */
final class AnalyzeCommand {
    private static final int MOST_THREADS = 1024;

    /** Reading is half of the work, and walking the records cannot be shared. */
    private static final int DEFAULT_THREADS = 2;

    private final Terminal terminal;
    private final Analysis analysis;
    private final String version;

    AnalyzeCommand(Terminal terminal, Analysis analysis, String version) {
        this.terminal = terminal;
        this.analysis = analysis;
        this.version = version;
    }

    int run(Arguments arguments) throws UsageException, IOException {
        Severity failOn = severity(arguments.value("--fail-on"));
        boolean colour = colour(arguments);
        int columns = columns(arguments.value("--width"));
        InsideNetworks inside = inside(arguments.values("--inside"));
        int threads = threads(arguments.value("--threads"));
        InputWords.check("analyze", arguments.files());
        Rules rules;
        try {
            rules = RulesCommand.rules(arguments.value("--rules"));
        } catch (RulesException e) {
            RulesCommand.sayProblems(terminal, e);
            return Egret.USAGE;
        }
        ProgressLine progress = new ProgressLine(terminal, arguments.has("--quiet"));
        Answer answer;
        try {
            answer = analysis.analyze(new AnalyzeRequest(arguments.files(), rules, inside, threads), progress);
        } finally {
            progress.end();
        }
        boolean unreadable = sayErrors(answer.input().files());
        if (arguments.has("--json")) {
            AnswerJson.write(answer, version, terminal.out());
        } else if (!unreadable || hasPackets(answer)) {
            terminal.print(ReportPage.of(answer, new Style(columns > 0 ? columns : terminal.columns(), colour)));
        }
        // An alert is the stronger news: the error is told in words as well.
        return raised(answer.alerts(), failOn) ? Egret.ALERT : unreadable ? Egret.UNREADABLE : Egret.DONE;
    }

    private boolean sayErrors(List<InputFile> files) {
        boolean unreadable = false;
        for (InputFile file : files) {
            String error = file.error();
            if (error != null) {
                terminal.say("egret: " + TerminalText.safe(error, 1000));
                unreadable = true;
            }
        }
        return unreadable;
    }

    private static boolean hasPackets(Answer answer) {
        for (InputFile file : answer.input().files()) {
            if (file.packets() > 0) {
                return true;
            }
        }
        return false;
    }

    /** A severity that has no name here is from rules that are newer than this program; it counts as the worst. */
    private static boolean raised(List<Alert> alerts, @Nullable Severity failOn) {
        if (failOn == null) {
            return false;
        }
        for (Alert alert : alerts) {
            Severity severity = find(alert.severity());
            if (severity == null || severity.compareTo(failOn) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Severity severity(@Nullable String word) throws UsageException {
        if (word == null) {
            return null;
        }
        Severity severity = find(word);
        if (severity == null) {
            throw new UsageException("egret analyze: --fail-on takes info, warning or critical, not '" + word + "'");
        }
        return severity;
    }

    private static @Nullable Severity find(String word) {
        for (Severity severity : Severity.values()) {
            if (severity.word().equals(word)) {
                return severity;
            }
        }
        return null;
    }

    private boolean colour(Arguments arguments) throws UsageException {
        String when = arguments.value("--color");
        if (arguments.has("--no-color")) {
            when = "never";
        }
        if (when == null || when.equals("auto")) {
            return terminal.outIsTerminal();
        }
        if (!when.equals("always") && !when.equals("never")) {
            throw new UsageException("egret analyze: --color takes never, always or auto, not '" + when + "'");
        }
        return when.equals("always");
    }

    private static int columns(@Nullable String width) throws UsageException {
        return width == null ? 0 : number("--width", width, Style.WIDEST * 100);
    }

    private static int threads(@Nullable String threads) throws UsageException {
        return threads == null ? DEFAULT_THREADS : number("--threads", threads, MOST_THREADS);
    }

    private static int number(String option, String text, int most) throws UsageException {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException ignored) { // said below
        }
        throw new UsageException(
                "egret analyze: " + option + " takes a number from 1 to " + most + ", not '" + text + "'");
    }

    private static InsideNetworks inside(List<String> texts) throws UsageException {
        if (texts.isEmpty()) {
            return InsideNetworks.guess();
        }
        List<IpPrefix> prefixes = new ArrayList<>(texts.size());
        for (String text : texts) {
            IpPrefix prefix = IpPrefix.parse(text);
            if (prefix == null) {
                throw new UsageException("egret analyze: --inside takes a network like 10.0.0.0/8, not '" + text + "'");
            }
            prefixes.add(prefix);
        }
        return InsideNetworks.of(prefixes);
    }
}
