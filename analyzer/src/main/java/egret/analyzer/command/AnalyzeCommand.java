// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.answer.Answer.InputLog;
import egret.analyzer.answer.PullLimit;
import egret.analyzer.report.AnswerJson;
import egret.analyzer.report.PullLimitText;
import egret.analyzer.report.ReportPage;
import egret.analyzer.report.Style;
import egret.analyzer.report.TerminalText;
import egret.rules.InsideNetworks;
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
        Values values = new Values(arguments);
        Severity failOn = values.severity("--fail-on");
        boolean colour = values.colour(terminal.outIsTerminal());
        int columns = values.number("--width", 1, Style.WIDEST * 100, 0);
        InsideNetworks inside = values.inside("--inside");
        int threads = values.number("--threads", 1, MOST_THREADS, DEFAULT_THREADS);
        List<LogFile> logs = LogFile.of(arguments.values("--log"));
        List<String> inputs = new ArrayList<>(arguments.files());
        for (LogFile log : logs) {
            inputs.add(log.path());
        }
        InputWords.check("analyze", inputs);
        Rules rules;
        try {
            rules = RulesCommand.rules(arguments.value("--rules"));
        } catch (RulesException e) {
            RulesCommand.sayProblems(terminal, e);
            return Egret.USAGE;
        }
        PullLimits limits = PullLimits.of(arguments, rules);
        List<PullLimit> asked = limits == null ? List.of() : ask(limits);
        ProgressLine progress = new ProgressLine(terminal, arguments.has("--quiet"));
        Answer answer;
        try {
            answer = analysis.analyze(
                    new AnalyzeRequest(arguments.files(), rules, inside, threads, logs, asked), progress);
        } finally {
            progress.end();
        }
        boolean unreadable = sayErrors(answer.input().files());
        unreadable |= sayLogErrors(answer.input().logs());
        if (arguments.has("--json")) {
            AnswerJson.write(answer, version, terminal.out());
        } else if (!unreadable || hasPackets(answer)) {
            terminal.print(ReportPage.of(answer, new Style(columns > 0 ? columns : terminal.columns(), colour)));
        }
        // An alert is the stronger news: the error is told in words as well.
        return raised(answer.alerts(), failOn) ? Egret.ALERT : unreadable ? Egret.UNREADABLE : Egret.DONE;
    }

    private List<PullLimit> ask(PullLimits limits) {
        try {
            List<PullLimit> asked = limits.ask();
            for (PullLimit limit : asked) {
                if (limit.problem() != null) {
                    terminal.say("egret: the limit on pulls of " + limit.endpoint() + " is " + PullLimitText.of(limit));
                }
            }
            return asked;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
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

    /** True if there were logs and nothing of any could be read. */
    private boolean sayLogErrors(List<InputLog> logs) {
        boolean any = logs.isEmpty();
        for (InputLog log : logs) {
            String error = log.error();
            if (error != null) {
                terminal.say("egret: " + TerminalText.safe(log.path() + ": " + error, 1000));
            }
            any |= error == null || log.lines() > 0;
        }
        return !any;
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
    static boolean raised(List<Alert> alerts, @Nullable Severity failOn) {
        if (failOn == null) {
            return false;
        }
        for (Alert alert : alerts) {
            Severity severity = Values.severityOf(alert.severity());
            if (severity == null || severity.compareTo(failOn) >= 0) {
                return true;
            }
        }
        return false;
    }
}
