// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.OwnerWords;
import egret.analyzer.report.Figures;
import egret.analyzer.report.TerminalText;
import egret.analyzer.report.UtcTime;
import egret.capture.origin.Owner;
import egret.capture.origin.Owner.Container;
import egret.capture.origin.Owner.OwnerProcess;
import egret.capture.origin.Quality;
import java.util.ArrayList;
import java.util.List;

/** Owners in safe words. What was inferred is marked. */
final class OwnerText {
    static final String UNKNOWN = "unknown";

    private static final int NAME_COLUMNS = 60;
    private static final int ID_COLUMNS = 12;
    private static final int COMMAND_COLUMNS = 400;

    private OwnerText() {}

    /** In short, as on the page; "~" before it if it was inferred, "unknown" if nothing is known. */
    static String brief(Owner owner) {
        if (owner.quality() == Quality.UNKNOWN) {
            return UNKNOWN;
        }
        String sign = owner.quality() == Quality.INFERRED ? "~" : "";
        return sign + TerminalText.safe(OwnerWords.brief(owner), NAME_COLUMNS);
    }

    private static String start(String id) {
        return id.length() <= ID_COLUMNS ? id : id.substring(0, ID_COLUMNS);
    }

    /** "unknown", or by which method and whether it is a fact. */
    static String quality(Owner owner) {
        return switch (owner.quality()) {
            case EXACT -> "exact, by " + TerminalText.safe(owner.method(), NAME_COLUMNS);
            case INFERRED -> "inferred, by " + TerminalText.safe(owner.method(), NAME_COLUMNS);
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** All that is known, each line with its label in front. */
    static List<String> details(Owner owner) {
        List<String> lines = new ArrayList<>();
        OwnerProcess process = owner.process();
        if (process != null) {
            lines.add(label("Process") + process(owner, process));
            if (!process.commandLine().isEmpty()) {
                lines.add(label("Command") + TerminalText.safe(process.commandLine(), COMMAND_COLUMNS));
            }
            if (!process.parents().isEmpty()) {
                lines.add(label("Started by")
                        + TerminalText.safe(String.join(" ← ", process.parents()), COMMAND_COLUMNS));
            }
        }
        Container container = owner.container();
        if (container != null) {
            lines.add(label("Container")
                    + TerminalText.safe(
                            container.name() + " (" + container.runtime() + " " + start(container.id()) + ", image "
                                    + container.image() + ")",
                            COMMAND_COLUMNS));
        }
        String service = OwnerWords.service(owner);
        if (service != null) {
            lines.add(label("Service") + TerminalText.safe(service, COMMAND_COLUMNS));
        }
        lines.add(label("Known") + quality(owner));
        return lines;
    }

    private static String process(Owner owner, OwnerProcess process) {
        String user = process.user().isEmpty() ? "" : ", user " + TerminalText.safe(process.user(), NAME_COLUMNS);
        String since = process.startNanos() == 0 ? "" : ", since " + UtcTime.clock(process.startNanos());
        String more = owner.processes() > 1 ? ", the first of " + Figures.grouped(owner.processes()) + " alike" : "";
        return TerminalText.safe(process.executable(), COMMAND_COLUMNS) + ", pid " + process.pid() + user + since
                + more;
    }

    private static String label(String name) {
        return name + " ".repeat(Math.max(1, 11 - name.length()));
    }
}
