// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.report.Figures;
import egret.analyzer.report.Sparkline;
import egret.analyzer.report.TerminalText;
import egret.analyzer.report.UtcTime;
import egret.analyzer.watch.Grid.Cell;
import egret.analyzer.watch.Grid.Column;
import egret.capture.origin.Owner;
import egret.capture.origin.Owner.OwnerProcess;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** The owners of one source's connections to one endpoint, called by their number. */
final class OwnerRows implements Rows {
    private static final int MOST_CLIENTS = 4;
    private static final int MOST_EGRESS = 3;

    private final ViewState state;
    private final @Nullable Source source;
    private final List<Entry<Integer, Tally>> owners = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    OwnerRows(Moment moment, ViewState state) {
        this.state = state;
        Watched watched = Shown.endpoint(moment, state);
        source = Shown.source(watched, state.source());
        String endpoint = watched == null ? "" : watched.endpoint();
        IpAddress ip = source == null ? null : source.ip();
        Tallies<Integer> tallies = Tallies.of(
                moment,
                part -> part.endpoint().equals(endpoint) && part.source().equals(ip)
                        ? part.owner().id()
                        : null);
        for (Entry<Integer, Tally> entry : tallies.entries()) {
            if (Shown.matches(state.filter(), String.join(" ", OwnerText.details(entry.getValue().owner)))) {
                owners.add(entry);
            }
        }
        owners.sort(order(state.sort() == Sort.TEN_SECONDS ? 10 : 60));
        if (state.reversed()) {
            java.util.Collections.reverse(owners);
        }
        for (Entry<Integer, Tally> entry : owners) {
            names.add(Integer.toString(entry.getKey()));
        }
    }

    private static Comparator<Entry<Integer, Tally>> order(int seconds) {
        Comparator<Entry<Integer, Tally>> order =
                Comparator.comparingLong(entry -> -entry.getValue().requests(seconds));
        return order.thenComparingLong(entry -> -entry.getValue().connections).thenComparing(Map.Entry::getKey);
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public String title() {
        return Figures.counted(owners.size(), "owner") + " of " + TerminalText.safe(state.source())
                + ", in the last 2 minutes";
    }

    @Override
    public List<String> summary() {
        Source source = this.source;
        if (source == null) {
            return List.of("It is not among the sources.");
        }
        List<String> lines = new ArrayList<>();
        lines.add(SourceRows.name(source) + ": " + Figures.percent(source.share()) + ", "
                + Figures.requestsInWords(source.requests()) + " in "
                + Figures.counted(source.connections(), "connection")
                + (source.failed() > 0 ? ", " + Figures.grouped(source.failed()) + " failed" : ""));
        lines.add("Peak " + (source.peak().extrapolated() ? "≈ " : "")
                + Figures.grouped(source.peak().perMinute()) + " a minute, since " + SourceRows.sinceText(source)
                + (source.cadence() == null ? "" : ", repeats " + SourceRows.repeats(source))
                + egress(source));
        lines.add(clients(source));
        return lines;
    }

    private static String egress(Source source) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < Math.min(source.egress().size(), MOST_EGRESS); at++) {
            text.append(at == 0 ? ", seen as " : ", ").append(source.egress().get(at));
        }
        return text.toString();
    }

    private static String clients(Source source) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < Math.min(source.clients().size(), MOST_CLIENTS); at++) {
            Client client = source.clients().get(at);
            text.append(at == 0 ? "Clients " : ", ")
                    .append(TerminalText.safe(client.label(), 40))
                    .append(' ')
                    .append(Figures.grouped(client.connections()));
        }
        return text.toString();
    }

    @Override
    public Grid grid(int from, int to, int columns) {
        int cells = columns >= 150 ? 60 : columns >= 110 ? 30 : 12;
        Grid grid = new Grid(
                new Column("OWNER", false, 0),
                new Column("/MIN", true, 0),
                new Column("10 s×6", true, 4),
                new Column("CONN", true, 1),
                new Column("FAILED", true, 8),
                new Column("LAST 60 s", false, 5),
                new Column("PID", true, 3),
                new Column("USER", false, 7),
                new Column("KNOWN", false, 2),
                new Column("COMMAND", false, 6));
        List<long[]> lines = new ArrayList<>();
        for (int at = from; at < to; at++) {
            lines.add(owners.get(at).getValue().cells(cells));
        }
        long highest = Spark.highest(lines);
        for (int at = from; at < to; at++) {
            Tally tally = owners.get(at).getValue();
            Owner owner = tally.owner;
            OwnerProcess process = owner.process();
            grid.row(
                    new Cell(TerminalText.cut(OwnerText.brief(owner), 40), Paint.STRONG),
                    Cell.of(Figures.grouped(tally.requests(60))),
                    Cell.of(Figures.grouped(tally.requests(10) * 6)),
                    Cell.of(Figures.grouped(tally.connections)),
                    new Cell(Figures.grouped(tally.failed), tally.failed > 0 ? Paint.WARNING : Paint.FAINT),
                    new Cell(Sparkline.draw(lines.get(at - from), highest), Paint.GOOD),
                    Cell.of(process == null ? "" : pids(owner, process)),
                    Cell.of(process == null ? "" : TerminalText.safe(process.user(), 16)),
                    Cell.of(OwnerText.quality(owner)),
                    Cell.of(process == null ? "" : TerminalText.safe(process.commandLine(), 400)));
        }
        return grid;
    }

    private static String pids(Owner owner, OwnerProcess process) {
        return process.pid() + (owner.processes() > 1 ? " +" + Figures.grouped(owner.processes() - 1) : "");
    }

    /** When the last connections were made, for those who look at one owner. */
    static String last(Tally tally) {
        return tally.lastSecond == Long.MIN_VALUE ? "" : UtcTime.clock(tally.lastSecond * 1_000_000_000L);
    }
}
