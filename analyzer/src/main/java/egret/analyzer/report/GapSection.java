// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.InputLog;
import egret.analyzer.answer.Answer.OtherSource;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.EvidenceGaps.Coverage;
import java.util.List;
import java.util.Map;

/** What was not seen, so that everybody can judge what the rest is worth; and, in short, what is not watched. */
final class GapSection {
    private static final int MOST_OTHERS = 5;

    /** What indent, percentage and a count of nine digits take. */
    private static final int NUMBER_COLUMNS = 26;

    private final Answer answer;
    private final EvidenceGaps gaps;
    private final Page page;

    GapSection(Answer answer, Page page) {
        this.answer = answer;
        this.gaps = answer.gaps();
        this.page = page;
    }

    void print() {
        others();
        page.heading("What was not seen");
        Shares connections = connections();
        if (connections.size() > 0) {
            page.line("  Of " + Figures.counted(total(), "connection") + ":");
            print(connections);
        }
        Shares packets = packets();
        if (packets.size() > 0) {
            page.line("  Of " + Figures.counted(gaps.packets() + gaps.packetsDropped(), "packet") + ":");
            print(packets);
        }
        if (!gaps.owners().isEmpty()) {
            Shares owners = owners(gaps.owners());
            page.line("  Of " + Figures.counted(owners.total(), "connection") + " to what is watched:");
            print(owners);
        }
        if (gaps.copies() > 0) {
            page.wrapped(
                    "  ",
                    2,
                    Figures.counted(gaps.copies(), "connection")
                            + (gaps.copies() == 1 ? " was seen once more" : " were seen once more")
                            + " (behind NAT, in a mirror) and not counted again.");
        }
        for (Counts.Count table : Counts.sorted(gaps.shed())) {
            page.wrapped("  ", 2, GapText.shed(table.name(), table.count()));
        }
        for (InputLog log : answer.input().logs()) {
            if (log.error() != null) {
                page.wrapped(
                        "  ",
                        2,
                        "The log " + TerminalText.safe(log.path(), 160) + " was not read to its end: "
                                + TerminalText.safe(log.error(), 300) + ".");
            }
        }
        if (connections.size() == 0 && packets.size() == 0) {
            page.line("  Nothing was there to be seen.");
        }
    }

    /**
     * Named and not named add up to all. A hello without a name may still be named by a DNS answer, so the reasons are
     * taken in order for as long as unnamed connections are left.
     */
    private Shares connections() {
        Shares shares = new Shares();
        long total = total();
        long named = Math.min(total, gaps.named());
        long left = total - named;
        shares.add("named", named);
        for (Counts.Count reason : Counts.sorted(gaps.hellosWithoutName())) {
            left -= add(shares, left, hello(reason.name()), reason.count());
        }
        left -= add(shares, left, "no data from the client, or none that is understood", gaps.withoutHello());
        left -= add(shares, left, "failed: refused, reset or not answered", gaps.failed());
        left -= add(shares, left, "began before the capture", gaps.midStream());
        shares.add("no name, for reasons that were not kept", left);
        return shares;
    }

    /** All connections, each once: a proxy's own is another sighting of the one that asked for it. */
    private long total() {
        return gaps.connections() + gaps.midStream() - gaps.relayed();
    }

    private static long add(Shares shares, long left, String name, long count) {
        long taken = Math.min(left, count);
        shares.add(name, taken);
        return taken;
    }

    private static String hello(String reason) {
        return switch (reason) {
            case "no-sni" -> "no server name in the hello";
            case "ech" -> "server name encrypted (ECH)";
            case "cut" -> "hello cut off by the capture";
            case "gap" -> "part of the hello missing from the capture";
            case "timeout" -> "hello never finished";
            case "shed" -> "hello given up, too many at once";
            default -> "hello without a name (" + TerminalText.safe(reason, 40) + ")";
        };
    }

    private static Shares owners(Coverage owners) {
        Shares shares = new Shares();
        for (Counts.Count method : Counts.sorted(owners.exact())) {
            shares.add("process told by the kernel (" + TerminalText.safe(method.name(), 40) + ")", method.count());
        }
        for (Counts.Count method : Counts.sorted(owners.inferred())) {
            shares.add("process inferred (" + TerminalText.safe(method.name(), 40) + ")", method.count());
        }
        shares.add("process not known", owners.unattributed());
        return shares;
    }

    private Shares packets() {
        Shares shares = new Shares();
        long bad = 0;
        for (Map.Entry<String, Long> reason : gaps.undecodable().entrySet()) {
            bad += reason.getValue();
        }
        bad = Math.min(bad, gaps.packets());
        shares.add("understood", gaps.packets() - bad);
        for (Counts.Count reason : Counts.sorted(gaps.undecodable())) {
            String words = TerminalText.safe(reason.name(), 40).replace('-', ' ');
            bad -= add(shares, bad, "not understood: " + words, reason.count());
        }
        shares.add("dropped before Egret saw them", gaps.packetsDropped());
        return shares;
    }

    private void print(Shares shares) {
        int[] tenths = shares.tenths();
        Table table =
                new Table(new Table.Column("", true, 0), new Table.Column("", true, 0), new Table.Column("", false, 0));
        for (int part = 0; part < shares.size(); part++) {
            table.row(
                    tenths[part] / 10 + "." + tenths[part] % 10 + " %",
                    Figures.grouped(shares.count(part)),
                    TerminalText.cut(shares.name(part), page.style().columns() - NUMBER_COLUMNS));
        }
        table.printRows(page, 4);
    }

    private void others() {
        List<OtherSource> others = answer.others();
        if (others.isEmpty()) {
            return;
        }
        page.heading("Not watched");
        for (int at = 0; at < Math.min(others.size(), MOST_OTHERS); at++) {
            OtherSource other = others.get(at);
            page.wrapped(
                    "  ",
                    4,
                    other.ip() + ": " + Figures.counted(other.connections(), "connection")
                            + (other.failed() > 0 ? ", " + Figures.grouped(other.failed()) + " failed" : "")
                            + (other.serverNames().isEmpty() ? "" : ": " + Counts.listed(other.serverNames(), 3)));
        }
        if (others.size() > MOST_OTHERS) {
            page.line("  and " + Figures.counted(others.size() - MOST_OTHERS, "more source") + ", in --json");
        }
    }
}
