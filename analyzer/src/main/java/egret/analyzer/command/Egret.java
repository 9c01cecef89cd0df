// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.report.TerminalText;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The program: reads the command line, runs the command and turns what comes of it into an exit code. */
public final class Egret {
    static final int DONE = 0;
    static final int INTERNAL_FAILURE = 1;
    static final int USAGE = 2;
    static final int UNREADABLE = 3;
    static final int ALERT = 4;

    private final Terminal terminal;
    private final Analysis analysis;
    private final Live live;
    private final String version;

    Egret(Terminal terminal, Analysis analysis, Live live, String version) {
        this.terminal = terminal;
        this.analysis = analysis;
        this.live = live;
        this.version = version;
    }

    public static void main(String[] words) {
        String version = Egret.class.getPackage().getImplementationVersion();
        int code = new Egret(
                        Terminal.ofProcess(),
                        new OfflineAnalysis(),
                        new NoLive(),
                        version == null ? "development" : version)
                .run(words);
        if (code != DONE) {
            System.exit(code);
        }
    }

    int run(String... words) {
        try {
            int code = dispatch(words);
            terminal.out().flush();
            return code;
        } catch (UsageException e) {
            String sentence = TerminalText.safe(String.valueOf(e.getMessage()));
            terminal.say(sentence + (sentence.endsWith("?") ? " " : ". ") + help(words));
            return USAGE;
        } catch (IOException e) {
            terminal.say("egret: cannot write the output: " + TerminalText.safe(String.valueOf(e.getMessage())));
            return INTERNAL_FAILURE;
        } catch (RuntimeException | Error e) {
            return failure(e, words);
        }
    }

    private int dispatch(String... words) throws UsageException, IOException {
        if (words.length == 1 && (words[0].equals("--version") || words[0].equals("-V"))) {
            terminal.print("egret " + version + "\n");
            return DONE;
        }
        if (words.length == 0) {
            StringBuilder help = new StringBuilder();
            new PicocliReader(version).read(help, terminal.errIsTerminal(), "--help");
            terminal.draw(help.toString());
            return USAGE;
        }
        Arguments arguments = QuickReader.read(words);
        if (arguments == null) {
            arguments = explain(words);
            if (arguments == null) {
                return DONE;
            }
        }
        return switch (arguments.command()) {
            case "analyze" -> new AnalyzeCommand(terminal, analysis, version).run(arguments);
            case "inspect" -> new InspectCommand(terminal, analysis).run(arguments);
            case "watch" -> new WatchCommand(terminal, live, version).run(arguments);
            case "interfaces" -> new InterfacesCommand(terminal, live).run(arguments);
            case "rules check" -> new RulesCommand(terminal).check(arguments);
            case "rules show" -> new RulesCommand(terminal).show(arguments);
            default -> throw new IllegalStateException("no such command: " + arguments.command());
        };
    }

    private @Nullable Arguments explain(String... words) throws UsageException, IOException {
        StringBuilder help = new StringBuilder();
        Arguments arguments = new PicocliReader(version).read(help, terminal.outIsTerminal(), words);
        terminal.print(help.toString());
        return arguments;
    }

    private static String help(String... words) {
        boolean known = words.length > 0 && (words[0].equals("rules") || Grammar.command(words[0]) != null);
        return "Try: egret " + (known ? words[0] + " " : "") + "--help";
    }

    /** Bugs and a heap that is too small end here. */
    private int failure(Throwable thrown, String... words) {
        terminal.say("egret: internal failure: " + TerminalText.safe(thrown.toString(), 300) + ". "
                + (thrown instanceof OutOfMemoryError
                        ? "Give Java more memory with -Xmx"
                        : "This is a bug in Egret; add --debug for where it is, and report it"));
        for (String word : words) {
            if (word.equals("--debug")) {
                terminal.say(thrown);
            }
        }
        return INTERNAL_FAILURE;
    }
}
