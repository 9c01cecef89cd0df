// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

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
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sources of one endpoint. */
final class SourceRows implements Rows {
    /** Those with the most requests; whoever is behind a burst stands among them. */
    private static final int MOST_SOURCES = 10_000;

    private static final int SOURCE_COLUMNS = 39;

    /** From this share of all requests on, a source stands out. */
    private static final double LOUD = 0.5;

    private final ViewState state;
    private final @Nullable Watched watched;
    private final List<Source> sources = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Tallies<IpAddress> tallies;
    private final SourceOwners owners;

    SourceRows(Moment moment, ViewState state) {
        this.state = state;
        watched = Shown.endpoint(moment, state);
        String endpoint = watched == null ? "" : watched.endpoint();
        tallies = Tallies.bySource(moment, endpoint);
        owners = new SourceOwners(moment, endpoint);
        if (watched == null) {
            return;
        }
        for (Source source : watched.sources()) {
            boolean wanted = state.filter().isEmpty() || Shown.matches(state.filter(), text(source));
            if (sources.size() < MOST_SOURCES && wanted) {
                sources.add(source);
            }
        }
        sources.sort(order(state));
        for (Source source : sources) {
            names.add(source.ip().toString());
        }
    }

    /** All that a filter looks at. */
    private static String text(Source source) {
        StringBuilder text = new StringBuilder();
        text.append(source.ip()).append(' ').append(source.name());
        text.append(' ').append(source.serverNames().keySet());
        for (OwnerCount count : source.owners()) {
            Owner owner = count.owner();
            if (owner != null) {
                text.append(' ').append(OwnerText.details(owner));
            }
        }
        return text.toString();
    }

    private static Comparator<Source> order(ViewState state) {
        Comparator<Source> order = switch (state.sort()) {
            case MINUTE -> down(source -> Shown.now(source.windows(), 60));
            case TEN_SECONDS -> down(source -> Shown.now(source.windows(), 10));
            case TOTAL -> down(source -> source.requests().count());
            case PEAK -> down(source -> source.peak().perMinute());
            case SINCE -> Comparator.comparingLong(SourceRows::since);
            case ADDRESS -> Comparator.comparing(Source::ip);
        };
        Comparator<Source> chosen = state.reversed() ? order.reversed() : order;
        Comparator<Source> byTotal = down(source -> source.requests().count());
        return chosen.thenComparing(byTotal).thenComparing(Source::ip);
    }

    private static Comparator<Source> down(java.util.function.ToLongFunction<Source> value) {
        return Comparator.comparingLong(value).reversed();
    }

    private static long since(Source source) {
        Long onset = source.onsetNanos();
        return onset == null ? source.firstNanos() : onset;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public String title() {
        return watched == null
                ? "Nothing went to a watched endpoint yet"
                : Figures.counted(sources.size(), "source") + " of " + TerminalText.safe(watched.endpoint()) + ", by "
                        + state.sort().words() + (state.reversed() ? ", reversed" : "");
    }

    @Override
    public List<String> summary() {
        return List.of();
    }

    @Override
    public Grid grid(int from, int to, int columns) {
        int cells = columns >= 150 ? 60 : columns >= 110 ? 30 : 12;
        Grid grid = new Grid(
                new Column("SOURCE", false, 0),
                new Column("/MIN", true, 0),
                new Column("10 s×6", true, 4),
                new Column("SHARE", true, 1),
                new Column("LAST 60 s", false, 3),
                new Column("TOTAL", true, 8),
                new Column("PEAK", true, 5),
                new Column("SINCE", false, 6),
                new Column("REPEATS", false, 7),
                new Column("FAILED", true, 9),
                new Column("OWNER", false, 2));
        List<long[]> lines = new ArrayList<>();
        for (int at = from; at < to; at++) {
            lines.add(tallies.get(sources.get(at).ip()).cells(cells));
        }
        long highest = Spark.highest(lines);
        for (int at = from; at < to; at++) {
            Source source = sources.get(at);
            Paint paint = source.share() >= LOUD ? Paint.STRONG : Paint.PLAIN;
            grid.row(
                    new Cell(name(source), paint),
                    new Cell(Figures.grouped(Shown.now(source.windows(), 60)), paint),
                    Cell.of(Figures.grouped(Shown.pace(source.windows()))),
                    new Cell(Figures.percent(source.share()), paint),
                    new Cell(Sparkline.draw(lines.get(at - from), highest), Paint.GOOD),
                    Cell.of(Figures.requests(source.requests())),
                    Cell.of((source.peak().extrapolated() ? "≈" : "")
                            + Figures.grouped(source.peak().perMinute())),
                    Cell.of(sinceText(source)),
                    Cell.of(repeats(source)),
                    new Cell(Figures.grouped(source.failed()), source.failed() > 0 ? Paint.WARNING : Paint.FAINT),
                    new Cell(owners.brief(source), paint));
        }
        return grid;
    }

    static String name(Source source) {
        String name = source.name();
        return TerminalText.safe(source.ip() + (name == null ? "" : " " + name), SOURCE_COLUMNS);
    }

    static String sinceText(Source source) {
        return (source.onsetNanos() == null || source.onsetAtStart() ? "≤" : "") + UtcTime.clock(since(source));
    }

    static String repeats(Source source) {
        return source.cadence() == null
                ? ""
                : Figures.grouped(source.cadence().loops()) + "×"
                        + Figures.tenths(source.cadence().periodSeconds()) + " s";
    }
}
