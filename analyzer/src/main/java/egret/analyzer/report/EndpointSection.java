// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Answer.Egress;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.Limit;
import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Watched;
import egret.analyzer.answer.OwnerWords;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import java.util.List;

/** What went to one watched endpoint: totals, peak and limit, and who sent it. */
final class EndpointSection {
    /** Who is behind a burst stands among the first; the rest is in the JSON. */
    private static final int MOST_SOURCES = 20;

    private static final int MOST_DETAILS = 3;

    /** The first source is always shown in detail, further ones from this share on. */
    private static final double DETAILS_SHARE = 0.05;

    private static final int LEAST_SPARKLINE = 9;

    /** A line of fewer cells shows no course. */
    private static final int LEAST_CELLS = 3;

    private static final int MOST_SPARKLINE = 40;
    private static final int SOURCE_COLUMNS = 39;
    private static final int MOST_EGRESS = 3;
    private static final int CLIENT_COLUMNS = 24;
    private static final int OWNER_COLUMNS = 24;
    private static final int BAR_COLUMNS = 30;

    private final Input input;
    private final Watched watched;
    private final Page page;

    EndpointSection(Input input, Watched watched, Page page) {
        this.input = input;
        this.watched = watched;
        this.page = page;
    }

    void print() {
        page.heading(TerminalText.safe(watched.endpoint()));
        page.labelled(2, "Total", total());
        page.labelled(2, "Peak", peak());
        Limit limit = watched.limit();
        if (limit != null) {
            page.labelled(2, "Limit", limit(limit, watched.peak().extrapolated()));
        }
        BudgetText.print(watched.budgets(), page);
        egress();
        page.labelled(2, "Names", Counts.listed(watched.serverNames(), 6));
        rate();
        sources();
        List<Source> sources = watched.sources();
        for (int at = 0; at < Math.min(sources.size(), MOST_DETAILS); at++) {
            if (at > 0 && sources.get(at).share() < DETAILS_SHARE) {
                break;
            }
            new SourceDetails(input, sources.get(at), page).print();
        }
    }

    private String total() {
        StringBuilder text = new StringBuilder(Figures.requestsInWords(watched.requests()));
        text.append(" in ").append(Figures.counted(watched.connections(), "connection"));
        if (watched.failed() > 0) {
            text.append(", ").append(Figures.grouped(watched.failed())).append(" failed");
        }
        if (watched.pulls() > 0) {
            text.append(", ").append(Figures.counted(watched.pulls(), "image pull"));
        }
        return text.append(", from ")
                .append(Figures.counted(watched.sources().size(), "source"))
                .toString();
    }

    private String peak() {
        Peak peak = watched.peak();
        if (peak.perMinute() == 0) {
            return "none";
        }
        return (peak.extrapolated() ? "≈ " : "") + Figures.grouped(peak.perMinute()) + " requests a minute"
                + (peak.atNanos() == 0 ? "" : ", reached at " + UtcTime.clock(peak.atNanos()))
                + (peak.extrapolated() ? " (scaled up from " + Figures.counted(peak.seconds(), "second") + ")" : "");
    }

    private static String limit(Limit limit, boolean extrapolated) {
        double used = Math.max(0, limit.used());
        int full = (int) Math.min(BAR_COLUMNS, Math.round(used * BAR_COLUMNS));
        String bar = "█".repeat(full) + "░".repeat(BAR_COLUMNS - full);
        String said = used >= 2
                ? Figures.tenths(used) + " times the limit of "
                : used > 1
                        ? Figures.percent(used) + ", over the limit of "
                        : Figures.percent(used) + " of the limit of ";
        return bar + " " + said + Figures.grouped(limit.perMinute()) + " a minute"
                + (extrapolated ? ", if this pace holds" : "");
    }

    /** What the remote side sees, and holds its limit against. */
    private void egress() {
        StringBuilder text = new StringBuilder();
        int shown = 0;
        for (Egress egress : watched.egress()) {
            if (egress.ip() == null) {
                continue;
            }
            if (shown == MOST_EGRESS) {
                text.append(" and more");
                break;
            }
            text.append(shown == 0 ? "" : ", ").append(egress.ip()).append(" with ");
            text.append(Figures.requestsInWords(egress.requests()));
            text.append(egress.peak().extrapolated() ? ", peak ≈ " : ", peak ");
            text.append(Figures.grouped(egress.peak().perMinute())).append(" a minute");
            shown++;
        }
        if (shown > 0) {
            page.labelled(2, "Seen as", text.toString());
        }
    }

    private void rate() {
        Sparkline line = sparkline(page.style().columns() - 13);
        long[] sums = line.sums(watched.requestsPerSecond(), watched.timelineStartSecond());
        long highest = Sparkline.highest(sums);
        if (line.cells() < LEAST_CELLS || highest == 0) {
            return;
        }
        page.labelled(2, "Over time", Sparkline.draw(sums, highest));
        page.labelled(
                2,
                "",
                "one step is " + Figures.duration((double) line.secondsPerCell()) + ", the highest "
                        + Figures.counted(highest, "request"));
    }

    private Sparkline sparkline(int columns) {
        long first = Math.floorDiv(input.firstNanos(), UtcTime.NANOS);
        long last = Math.floorDiv(input.lastNanos(), UtcTime.NANOS);
        return new Sparkline(first, last, watched.timelineStepSeconds(), columns);
    }

    private void sources() {
        List<Source> sources = watched.sources();
        int shown = Math.min(sources.size(), MOST_SOURCES);
        Table table = new Table(
                new Table.Column("SOURCE", false, 0),
                new Table.Column("SHARE", true, 0),
                new Table.Column("REQUESTS", true, 0),
                new Table.Column("PEAK/MIN", true, 2),
                new Table.Column("CONNECTIONS", true, 4),
                new Table.Column("FAILED", true, 5),
                new Table.Column("SINCE", false, 1),
                new Table.Column("REPEATS", false, 3),
                new Table.Column("CLIENT", false, 6),
                new Table.Column("OWNER", false, 1));
        boolean failed = false;
        boolean owned = false;
        boolean repeats = false;
        for (int at = 0; at < shown; at++) {
            Source source = sources.get(at);
            failed |= source.failed() > 0;
            repeats |= source.cadence() != null;
            owned |= !source.owners().isEmpty();
            table.row(
                    name(source),
                    Figures.percent(source.share()),
                    Figures.requests(source.requests()),
                    (source.peak().extrapolated() ? "≈ " : "")
                            + Figures.grouped(source.peak().perMinute()),
                    Figures.grouped(source.connections()),
                    Figures.grouped(source.failed()),
                    since(source),
                    SourceDetails.everySeconds(source.cadence()),
                    client(source),
                    owner(source));
        }
        if (!owned) {
            table.drop(9);
        }
        if (!failed) {
            table.drop(5);
        }
        if (!repeats) {
            table.drop(7);
        }
        page.blank();
        int columns = page.style().columns() - 4;
        int least = sparkline(LEAST_SPARKLINE).cells() < LEAST_CELLS ? 0 : LEAST_SPARKLINE;
        int room = table.fit(columns - least) + least;
        table.print(
                page, 2, room < LEAST_SPARKLINE ? new String[0] : sparklines(shown, Math.min(room, MOST_SPARKLINE)));
        if (sources.size() > shown) {
            page.line("  and " + Figures.counted(sources.size() - shown, "more source") + ", in --json");
        }
    }

    /** With a title in front; none if the span is too short to show a course. */
    private String[] sparklines(int shown, int columns) {
        Sparkline line = sparkline(columns);
        if (line.cells() < LEAST_CELLS) {
            return new String[0];
        }
        long[][] sums = new long[shown][];
        long highest = 0;
        for (int at = 0; at < shown; at++) {
            sums[at] = line.sums(watched.sources().get(at).requestsPerSecond(), watched.timelineStartSecond());
            highest = Math.max(highest, Sparkline.highest(sums[at]));
        }
        String[] cells = new String[shown + 1];
        cells[0] = line.cells() < 9 ? "TIME" : "OVER TIME";
        for (int at = 0; at < shown; at++) {
            cells[at + 1] = Sparkline.draw(sums[at], highest);
        }
        return cells;
    }

    private static String name(Source source) {
        String ip = source.ip().toString();
        String name = source.name();
        int room = SOURCE_COLUMNS - ip.length() - 1;
        return name == null || name.isEmpty() || room < 6 ? ip : ip + " " + TerminalText.safe(name, room);
    }

    private static String since(Source source) {
        Long onset = source.onsetNanos();
        return (source.onsetAtStart() ? "≤ " : "") + UtcTime.clock(onset == null ? source.firstNanos() : onset);
    }

    /** The one with most requests; ~ stands before what is inferred, + and a number behind it for the others. */
    private static String owner(Source source) {
        if (source.owners().isEmpty()) {
            return "";
        }
        long others = -1;
        for (OwnerCount count : source.owners()) {
            others += count.owners();
        }
        String more = others > 0 ? " +" + Figures.grouped(others) : "";
        Owner owner = source.owners().get(0).owner();
        if (owner == null || owner.quality() == Quality.UNKNOWN) {
            return "unknown" + more;
        }
        String sign = owner.quality() == Quality.INFERRED ? "~" : "";
        return sign + TerminalText.safe(OwnerWords.brief(owner), OWNER_COLUMNS) + more;
    }

    private static String client(Source source) {
        if (source.clients().isEmpty()) {
            return "unknown";
        }
        String more = source.clients().size() > 1 ? " +" + (source.clients().size() - 1) : "";
        return TerminalText.safe(source.clients().get(0).label(), CLIENT_COLUMNS) + more;
    }
}
