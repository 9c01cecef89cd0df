// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.report.AlertJson;
import egret.analyzer.report.AnswerJson;
import egret.analyzer.report.FindingJson;
import egret.analyzer.report.ReportPage;
import egret.analyzer.report.Style;
import egret.analyzer.report.TerminalText;
import egret.analyzer.watch.AlertNews;
import egret.analyzer.watch.CauseNews;
import egret.analyzer.watch.Moment;
import egret.analyzer.watch.NoticeNews;
import egret.analyzer.watch.PlainLines;
import egret.analyzer.watch.Status;
import egret.analyzer.watch.StopSignals;
import egret.analyzer.watch.TerminalView;
import egret.rules.Clients;
import egret.rules.RulesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code egret watch}: captures until it is told to stop, shows what comes of it meanwhile, and ends with the answer. Three
 * threads: the session's captures, {@link LiveAnalysis} analyzes, and this one shows.
 */
final class WatchCommand {
    private static final long WAIT_MILLIS = 100;
    private static final long READY_MILLIS = 5;
    private static final int INTERRUPTED = 130; // as a shell has it for SIGINT

    private final Terminal terminal;
    private final Live live;
    private final String version;

    WatchCommand(Terminal terminal, Live live, String version) {
        this.terminal = terminal;
        this.live = live;
        this.version = version;
    }

    int run(Arguments arguments) throws UsageException, IOException {
        WatchOptions options;
        try {
            options = WatchOptions.of(arguments, terminal.outIsTerminal(), noColour(System.getenv("NO_COLOR")));
        } catch (RulesException e) {
            RulesCommand.sayProblems(terminal, e);
            return Egret.USAGE;
        }
        LiveSession session;
        try {
            session = live.open(options.request());
        } catch (LiveException e) {
            return refused(e);
        }
        PullLimits limits = options.pullLimits();
        LiveAnalysis analysis = new LiveAnalysis(
                options.request().rules(),
                Clients.builtin(),
                session::status,
                limits == null ? List::of : limits::latest,
                !options.json());
        for (LogFile log : options.request().logs()) {
            analysis.log(log);
        }
        try {
            analysis.start();
            if (limits != null) {
                limits.start();
            }
            session.start(analysis.sink());
            return watch(options, session, analysis);
        } catch (LiveException e) {
            return refused(e);
        } finally {
            session.stop();
            analysis.close();
            if (limits != null) {
                limits.close();
            }
        }
    }

    /** As no-color.org has it: any text but none. */
    private static boolean noColour(@Nullable String variable) {
        return variable != null && !variable.isEmpty();
    }

    private int refused(LiveException e) {
        terminal.say("egret watch: " + TerminalText.safe(String.valueOf(e.getMessage()), 1000));
        return Egret.UNREADABLE;
    }

    private int watch(WatchOptions options, LiveSession session, LiveAnalysis analysis)
            throws UsageException, IOException {
        Stopping stopping = new Stopping(session, analysis, terminal.out(), options.durationSeconds());
        boolean screen = !options.json() && !options.plain() && terminal.isInteractive();
        Answer answer;
        try (TerminalView view = screen ? TerminalView.open(options.colour()) : null) {
            StopSignals.install(stopping::ask, () -> end(view));
            if (options.readyFile() != null) { // who waits for it may send packets, or a signal, at once
                while (session.status().firstNanos() == 0 && !stopping.getAsBoolean()) {
                    analysis.await(analysis.latest().number(), READY_MILLIS);
                }
                ready(options.readyFile());
            }
            Front front = options.json() ? alerts() : lines();
            if (view != null) {
                view.run(analysis::latest, stopping);
            } else {
                follow(analysis, stopping, front);
            }
            session.stop();
            answer = analysis.finish();
            if (view == null) {
                front.show(analysis.latest());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        Throwable failure = analysis.failure();
        if (failure != null) {
            throw new IllegalStateException(failure.toString(), failure);
        }
        return report(options, answer, stopping.failure());
    }

    /** Nobody wants to wait: all that is left to do is to leave the terminal in order. */
    private static void end(@Nullable TerminalView view) {
        if (view != null) {
            view.restore();
        }
        Runtime.getRuntime().halt(INTERRUPTED);
    }

    private static void ready(String file) throws UsageException {
        try {
            Files.write(Path.of(file), new byte[0]);
        } catch (IOException | InvalidPathException e) {
            throw new UsageException("egret watch: cannot write the file '" + file + "' of --ready-file");
        }
    }

    /** Shows moments where there is no screen. */
    private interface Front {
        void show(Moment moment) throws IOException;
    }

    private Front lines() {
        PlainLines lines = new PlainLines();
        return moment -> {
            for (String line : lines.lines(moment)) {
                terminal.print(line + "\n");
                terminal.out().flush();
            }
        };
    }

    /**
     * Standard output is for the one document at the end: until then alerts, and causes as soon as they are known, go to
     * standard error, each on a line.
     */
    private Front alerts() {
        AlertNews news = new AlertNews();
        CauseNews causes = new CauseNews();
        NoticeNews notices = new NoticeNews();
        return moment -> {
            for (Alert alert : news.since(moment.alerts())) {
                terminal.say(AlertJson.line(alert));
            }
            long now = moment.answer().input().lastNanos();
            for (Finding finding : causes.since(moment.answer().findings(), now)) {
                terminal.say(FindingJson.line(finding, now));
            }
            for (Status.Notice notice : notices.since(moment.status().notices())) {
                terminal.say("egret watch: " + TerminalText.safe(notice.words(), 1000));
            }
        };
    }

    private static void follow(LiveAnalysis analysis, Stopping stopping, Front front)
            throws IOException, InterruptedException {
        long seen = 0;
        while (!stopping.getAsBoolean()) {
            Moment moment = analysis.await(seen, WAIT_MILLIS);
            if (moment.number() != seen) {
                seen = moment.number();
                front.show(moment);
            }
        }
    }

    private int report(WatchOptions options, Answer answer, @Nullable String failure) throws IOException {
        if (options.json()) {
            AnswerJson.write(answer, version, terminal.out());
        } else {
            terminal.print(ReportPage.of(answer, new Style(terminal.columns(), options.colour())));
        }
        if (failure != null) {
            terminal.say("egret watch: " + TerminalText.safe(failure, 1000));
        }
        return AnalyzeCommand.raised(answer.alerts(), options.failOn())
                ? Egret.ALERT
                : failure != null ? Egret.UNREADABLE : Egret.DONE;
    }
}
