// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.inspect.Inspection;
import egret.analyzer.report.InspectionJson;
import egret.analyzer.report.InspectionText;
import egret.analyzer.report.TerminalText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** {@code egret inspect}: what is in each capture, one after the other. */
final class InspectCommand {
    private final Terminal terminal;
    private final Analysis analysis;

    InspectCommand(Terminal terminal, Analysis analysis) {
        this.terminal = terminal;
        this.analysis = analysis;
    }

    int run(Arguments arguments) throws UsageException, IOException {
        InputWords.check("inspect", arguments.files());
        boolean json = arguments.has("--json");
        boolean unreadable = false;
        boolean first = true;
        for (String file : arguments.files()) {
            ProgressLine progress = new ProgressLine(terminal, arguments.has("--quiet"));
            Inspection inspection;
            try {
                inspection = analysis.inspect(file, progress);
            } finally {
                progress.end();
            }
            String error = inspection.error();
            if (error != null) {
                terminal.say("egret: " + TerminalText.safe(error, 1000));
                unreadable = true;
            }
            if (json) {
                InspectionJson.write(inspection, terminal.out());
            } else {
                if (!first) {
                    terminal.print("\n");
                }
                list(inspection);
            }
            first = false;
            terminal.out().flush();
            if (terminal.out().abandoned()) {
                break;
            }
        }
        return unreadable ? Egret.UNREADABLE : Egret.DONE;
    }

    private void list(Inspection inspection) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8));
        InspectionText.write(inspection, writer);
        writer.flush();
    }
}
