// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.OwnerCount;
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
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** The owners of one source's connections to one endpoint, called by their number. */
final class OwnerRows implements Rows {
    private static final int MOST_CLIENTS = 4;
    private static final int MOST_EGRESS = 3;

    /** Stands for those that are too many to be told apart. */
    private static final int REST = -1;

    private final ViewState state;
    private final @Nullable Source source;
    private final List<Known> owners = new ArrayList<>();
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
        for (Known known : known(tallies)) {
            if (Shown.matches(state.filter(), String.join(" ", OwnerText.details(known.owner)))) {
                owners.add(known);
            }
        }
        owners.sort(order(state.sort() == Sort.TEN_SECONDS ? 10 : 60));
        if (state.reversed()) {
            Collections.reverse(owners);
        }
        for (Known known : owners) {
            names.add(Integer.toString(known.id));
        }
    }

    /**
     * @param total since the start, null if it is too new for the answer
     * @param tally of the last seconds
     */
    private record Known(int id, Owner owner, @Nullable OwnerCount total, Tally tally) {
        long requests() {
            return total == null
                    ? tally.requests(Recent.SECONDS)
                    : total.requests().count();
        }

        long connections() {
            return total == null ? tally.connections : total.connections();
        }
    }

    /** Those of the answer, and those that are newer than it. */
    private List<Known> known(Tallies<Integer> tallies) {
        Map<Integer, Known> known = new LinkedHashMap<>();
        for (OwnerCount total : source == null ? List.<OwnerCount>of() : source.owners()) {
            Owner owner = total.owner();
            int id = owner == null ? REST : owner.id();
            known.put(id, new Known(id, owner == null ? Owner.UNKNOWN : owner, total, tallies.get(id)));
        }
        for (Entry<Integer, Tally> entry : tallies.entries()) {
            Owner owner = entry.getValue().owner;
            known.putIfAbsent(entry.getKey(), new Known(entry.getKey(), owner, null, entry.getValue()));
        }
        return new ArrayList<>(known.values());
    }

    private static Comparator<Known> order(int seconds) {
        Comparator<Known> order = Comparator.comparingLong(known -> -known.tally.requests(seconds));
        return order.thenComparingLong(known -> -known.requests())
                .thenComparingLong(known -> -known.connections())
                .thenComparing(Known::id);
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public String title() {
        return Figures.counted(owners.size(), "owner") + " of " + TerminalText.safe(state.source())
                + ", by requests in the last " + (state.sort() == Sort.TEN_SECONDS ? "10 s" : "60 s")
                + (state.reversed() ? ", reversed" : "");
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
        int cells = columns >= 180 ? 60 : columns >= 140 ? 30 : 12; // the command is worth more than a finer line
        Grid grid = new Grid(
                new Column("OWNER", false, 0),
                new Column("/MIN", true, 0),
                new Column("10 s×6", true, 4),
                new Column("TOTAL", true, 6),
                new Column("CONN", true, 1),
                new Column("FAILED", true, 8),
                new Column("LAST 60 s", false, 5),
                new Column("PID", true, 3),
                new Column("USER", false, 9),
                new Column("KNOWN", false, 2),
                new Column("COMMAND", false, 7));
        List<long[]> lines = new ArrayList<>();
        for (int at = from; at < to; at++) {
            lines.add(owners.get(at).tally.cells(cells));
        }
        long highest = Spark.highest(lines);
        for (int at = from; at < to; at++) {
            Known known = owners.get(at);
            Tally tally = known.tally;
            Owner owner = known.owner;
            OwnerProcess process = owner.process();
            grid.row(
                    new Cell(brief(known), Paint.STRONG),
                    Cell.of(Figures.grouped(tally.requests(60))),
                    Cell.of(Figures.grouped(tally.requests(10) * 6)),
                    Cell.of(Figures.grouped(known.requests())),
                    Cell.of(Figures.grouped(known.connections())),
                    new Cell(Figures.grouped(tally.failed), tally.failed > 0 ? Paint.WARNING : Paint.FAINT),
                    new Cell(Sparkline.draw(lines.get(at - from), highest), Paint.GOOD),
                    Cell.of(process == null ? "" : pids(owner, process)),
                    Cell.of(process == null ? "" : TerminalText.safe(process.user(), 16)),
                    Cell.of(OwnerText.quality(owner)),
                    Cell.of(process == null ? "" : TerminalText.safe(process.commandLine(), 400)));
        }
        return grid;
    }

    private static String brief(Known known) {
        return known.id == REST && known.total != null
                ? Figures.grouped(known.total.owners()) + " others"
                : TerminalText.cut(OwnerText.brief(known.owner), 40);
    }

    private static String pids(Owner owner, OwnerProcess process) {
        return process.pid() + (owner.processes() > 1 ? " +" + Figures.grouped(owner.processes() - 1) : "");
    }

    /** When the last connections were made, for those who look at one owner. */
    static String last(Tally tally) {
        return tally.lastSecond == Long.MIN_VALUE ? "" : UtcTime.clock(tally.lastSecond * 1_000_000_000L);
    }
}
