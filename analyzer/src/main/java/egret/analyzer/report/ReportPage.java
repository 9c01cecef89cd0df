// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.answer.Answer.InputInterface;
import egret.analyzer.answer.Answer.Top;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.OwnerWords;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import java.util.List;

/**
 * The answer as one page of text: first in words, then by watched endpoint, then what was not seen and what was read. Of
 * everything that can be long only the first are printed, and how many more there are.
 */
public final class ReportPage {
    private static final int MOST_FINDINGS = 10;
    private static final int MOST_EVIDENCE = 10;
    private static final int MOST_ALERTS = 20;
    private static final int MOST_FILES = 20;
    private static final int MOST_NETWORKS = 12;
    private static final int MOST_TOP = 3;

    private final Answer answer;
    private final Page page;

    private ReportPage(Answer answer, Style style) {
        this.answer = answer;
        this.page = new Page(style);
    }

    /** The page, every line ended by a line feed. */
    public static String of(Answer answer, Style style) {
        ReportPage report = new ReportPage(answer, style);
        report.findings();
        report.span();
        for (Watched watched : answer.watched()) {
            if (watched.connections() > 0
                    || watched.failed() > 0
                    || watched.requests().count() > 0) {
                new EndpointSection(answer.input(), watched, report.page).print();
            }
        }
        report.alerts();
        new GapSection(answer, report.page).print();
        report.input();
        return report.page.toString();
    }

    private void findings() {
        Style style = page.style();
        List<Finding> findings = answer.findings();
        if (findings.isEmpty()) {
            page.line(style.bold(nothingFound()));
        }
        for (int at = 0; at < Math.min(findings.size(), MOST_FINDINGS); at++) {
            if (at > 0) {
                page.blank();
            }
            finding(findings.get(at));
        }
        more(findings.size() - MOST_FINDINGS, "finding");
    }

    private String nothingFound() {
        long packets = 0;
        for (InputFile file : answer.input().files()) {
            packets += file.packets();
        }
        for (InputInterface from : answer.input().interfaces()) {
            packets += from.received();
        }
        if (packets == 0) {
            return "There are no packets to look at.";
        }
        for (Watched watched : answer.watched()) {
            if (watched.connections() > 0 || watched.requests().count() > 0) {
                return "Nobody stands out.";
            }
        }
        return "Nothing went to a watched endpoint.";
    }

    private void finding(Finding finding) {
        Style style = page.style();
        String title = TerminalText.safe(finding.title());
        Page wrapping = new Page(new Style(style.columns(), false));
        wrapping.wrapped("", 0, title);
        for (String line : lines(wrapping.toString())) {
            page.line(style.severity(finding.severity(), line));
        }
        StringBuilder facts = new StringBuilder(TerminalText.safe(finding.severity()));
        if (finding.sinceNanos() != 0) {
            facts.append(" · since ")
                    .append(UtcTime.clock(finding.sinceNanos()))
                    .append(" UTC");
        }
        if (finding.share() > 0) {
            facts.append(" · ").append(Figures.percent(finding.share())).append(" of the requests");
        }
        facts.append(finding.exact() ? " · all of it measured" : " · partly inferred");
        page.wrapped("  ", 2, facts.toString());
        if (finding.cause() != null) {
            page.labelled(2, "Cause", TerminalText.safe(finding.cause()));
        }
        if (finding.stop() != null) {
            page.labelled(2, "Stop it", TerminalText.safe(finding.stop()));
        }
        for (int at = 0; at < Math.min(finding.evidence().size(), MOST_EVIDENCE); at++) {
            page.labelled(
                    2,
                    at == 0 ? "Because" : "",
                    TerminalText.safe(finding.evidence().get(at)));
        }
        more(finding.evidence().size() - MOST_EVIDENCE, "reason");
        CulpritTable.print(finding.culprits(), page);
    }

    private static String[] lines(String text) {
        return text.strip().split("\n", -1);
    }

    private void span() {
        Input input = answer.input();
        if (input.lastNanos() == 0) {
            return;
        }
        page.blank();
        String first = UtcTime.date(input.firstNanos());
        String last = UtcTime.date(input.lastNanos());
        page.line(page.style()
                .faint(first + " " + UtcTime.clock(input.firstNanos()) + " to " + (last.equals(first) ? "" : last + " ")
                        + UtcTime.clock(input.lastNanos()) + " ("
                        + Figures.duration((input.lastNanos() - input.firstNanos()) / 1e9) + "). All times are UTC."));
    }

    private void alerts() {
        List<Alert> alerts = answer.alerts();
        if (alerts.isEmpty()) {
            return;
        }
        page.heading(answer.input().live() ? "Alerts" : "Alerts that Egret would have raised");
        for (int at = 0; at < Math.min(alerts.size(), MOST_ALERTS); at++) {
            alert(alerts.get(at));
        }
        more(alerts.size() - MOST_ALERTS, "alert");
    }

    private void alert(Alert alert) {
        StringBuilder text = new StringBuilder();
        String day = UtcTime.date(alert.atNanos());
        if (answer.input().live() && !day.equals(UtcTime.date(answer.input().lastNanos()))) {
            text.append(day).append("  ");
        }
        text.append(TerminalText.safe(alert.severity()));
        text.append("  ").append(TerminalText.safe(alert.rule())).append(": ");
        text.append(TerminalText.safe(alert.group())).append(alert.group().isEmpty() ? "" : " to ");
        text.append(TerminalText.safe(alert.endpoint())).append(", ").append(Figures.grouped(alert.value()));
        text.append(" in ").append(Figures.duration(alert.windowSeconds()));
        text.append(", threshold ").append(Figures.grouped(alert.threshold()));
        Long resolved = alert.resolvedNanos();
        text.append(
                resolved == null
                        ? (answer.input().live() ? "; not over yet" : "; not over at the end")
                        : "; over at " + UtcTime.clock(resolved));
        List<Top> top = alert.top();
        for (int at = 0; at < Math.min(top.size(), MOST_TOP); at++) {
            text.append(at == 0 ? "; most from " : ", ").append(top.get(at).source());
            Owner owner = top.get(at).owner();
            if (owner != null) {
                text.append(owner.quality() == Quality.EXACT ? " " : " ~");
                text.append(TerminalText.safe(OwnerWords.brief(owner), 40));
            }
            text.append(" (").append(Figures.grouped(top.get(at).value())).append(')');
        }
        page.labelled(2, UtcTime.clock(alert.atNanos()), text.toString());
    }

    private void input() {
        Input input = answer.input();
        page.heading(input.live() ? "What was captured" : "What was read");
        for (int at = 0; at < Math.min(input.interfaces().size(), MOST_FILES); at++) {
            page.wrapped("  ", 4, captured(input.interfaces().get(at)));
        }
        more(input.interfaces().size() - MOST_FILES, "interface");
        List<InputFile> files = input.files();
        for (int at = 0; at < Math.min(files.size(), MOST_FILES); at++) {
            InputFile file = files.get(at);
            StringBuilder text = new StringBuilder();
            text.append(file.path().equals("-") ? "standard input" : TerminalText.safe(file.path(), 160));
            text.append(": ").append(Figures.counted(file.packets(), "packet"));
            text.append(", ").append(Figures.bytes(file.bytes()));
            if (file.truncatedAt() != null) {
                text.append("; ends in mid-packet at byte ").append(Figures.grouped(file.truncatedAt()));
            }
            if (file.error() != null) {
                text.append("; not read to its end: ").append(TerminalText.safe(file.error(), 300));
            }
            page.wrapped("  ", 4, text.toString());
        }
        more(files.size() - MOST_FILES, "file");
        CulpritTable.logs(input.logs(), page);
        PullLimitText.print(input.pullLimits(), page);
        inside(input);
    }

    private static String captured(InputInterface from) {
        StringBuilder text = new StringBuilder(TerminalText.safe(from.name(), 40));
        text.append(" (").append(TerminalText.safe(from.vantage(), 20)).append("): ");
        text.append(Figures.counted(from.received(), "packet"));
        if (from.dropped() > 0) {
            text.append(", ").append(Figures.grouped(from.dropped())).append(" more dropped");
        }
        text.append("; captured by ").append(TerminalText.safe(from.engine(), 40));
        text.append(
                from.ownerMethod().isEmpty()
                        ? "; nothing tells which process it is"
                        : "; processes by " + TerminalText.safe(from.ownerMethod(), 40));
        return text.toString();
    }

    private void inside(Input input) {
        if (input.inside().isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("Inside networks");
        text.append(input.insideGuessed() ? ", guessed (--inside sets them): " : ": ");
        for (int at = 0; at < Math.min(input.inside().size(), MOST_NETWORKS); at++) {
            text.append(at == 0 ? "" : ", ")
                    .append(TerminalText.safe(input.inside().get(at)));
        }
        int rest = input.inside().size() - MOST_NETWORKS;
        text.append(rest > 0 ? " and " + Figures.grouped(rest) + " more" : "");
        page.wrapped("  ", 4, text.toString());
    }

    private void more(int rest, String noun) {
        if (rest > 0) {
            page.line("  and " + Figures.grouped(rest) + " more " + noun + (rest == 1 ? "" : "s"));
        }
    }
}
