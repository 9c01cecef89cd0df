// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.report.Figures;
import egret.analyzer.report.Sparkline;
import egret.analyzer.report.TerminalText;
import egret.analyzer.watch.Grid.Cell;
import egret.analyzer.watch.Grid.Column;
import egret.capture.origin.Owner;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** What one owner on one source connects to: server names, and with which client. */
final class NameRows implements Rows {
    private final ViewState state;
    private final @Nullable Source source;
    private final List<Entry<String, Tally>> targets = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private Owner owner = Owner.UNKNOWN;

    NameRows(Moment moment, ViewState state) {
        this.state = state;
        Watched watched = Shown.endpoint(moment, state);
        source = Shown.source(watched, state.source());
        String endpoint = watched == null ? "" : watched.endpoint();
        IpAddress ip = source == null ? null : source.ip();
        Tallies<String> tallies = Tallies.of(
                moment,
                part -> part.endpoint().equals(endpoint)
                                && part.source().equals(ip)
                                && Integer.toString(part.owner().id()).equals(state.owner())
                        ? part.serverName() + "\n" + part.ja4()
                        : null);
        long latest = Long.MIN_VALUE;
        for (Entry<String, Tally> entry : tallies.entries()) {
            Tally tally = entry.getValue();
            if (tally.lastSecond >= latest) {
                latest = tally.lastSecond;
                owner = tally.owner;
            }
            if (Shown.matches(state.filter(), entry.getKey())) {
                targets.add(entry);
            }
        }
        Comparator<Entry<String, Tally>> order = Comparator.comparingLong(entry -> -entry.getValue().connections);
        targets.sort(order.thenComparing(Map.Entry::getKey));
        if (state.reversed()) {
            Collections.reverse(targets);
        }
        for (Entry<String, Tally> entry : targets) {
            names.add(entry.getKey());
        }
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public String title() {
        return "Connections of " + OwnerText.brief(owner) + " on " + TerminalText.safe(state.source())
                + ", in the last 2 minutes";
    }

    @Override
    public List<String> summary() {
        return OwnerText.details(owner);
    }

    @Override
    public Grid grid(int from, int to, int columns) {
        int cells = columns >= 150 ? 60 : columns >= 110 ? 30 : 12;
        Grid grid = new Grid(
                new Column("SERVER NAME", false, 0),
                new Column("CONN", true, 0),
                new Column("FAILED", true, 5),
                new Column("/MIN", true, 1),
                new Column("LAST 60 s", false, 4),
                new Column("LAST", false, 2),
                new Column("SENT", true, 6),
                new Column("RECEIVED", true, 7),
                new Column("CLIENT", false, 3));
        List<long[]> lines = new ArrayList<>();
        for (int at = from; at < to; at++) {
            lines.add(targets.get(at).getValue().cells(cells));
        }
        long highest = Spark.highest(lines);
        for (int at = from; at < to; at++) {
            Tally tally = targets.get(at).getValue();
            String key = targets.get(at).getKey();
            String name = key.substring(0, key.indexOf('\n'));
            grid.row(
                    new Cell(name.isEmpty() ? "without a name" : TerminalText.safe(name, 60), Paint.STRONG),
                    Cell.of(Figures.grouped(tally.connections)),
                    new Cell(Figures.grouped(tally.failed), tally.failed > 0 ? Paint.WARNING : Paint.FAINT),
                    Cell.of(Figures.grouped(tally.requests(60))),
                    new Cell(Sparkline.draw(lines.get(at - from), highest), Paint.GOOD),
                    Cell.of(OwnerRows.last(tally)),
                    Cell.of(Figures.bytes(tally.bytesUp)),
                    Cell.of(Figures.bytes(tally.bytesDown)),
                    Cell.of(client(tally.ja4)));
        }
        return grid;
    }

    /** What the fingerprint is known as, else the fingerprint. */
    private String client(String ja4) {
        Source source = this.source;
        if (source != null && !ja4.isEmpty()) {
            for (Client client : source.clients()) {
                if (client.ja4().equals(ja4)) {
                    return TerminalText.safe(client.label(), 60);
                }
            }
        }
        return TerminalText.safe(ja4, 60);
    }
}
