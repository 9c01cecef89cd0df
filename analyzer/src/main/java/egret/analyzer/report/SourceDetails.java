// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Answer.Cadence;
import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.PacketReference;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.OwnerWords;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one source beyond its line in the table, with the packets that prove it. */
final class SourceDetails {
    private static final int MOST_OWNERS = 5;
    private static final int MOST_CLIENTS = 4;
    private static final int MOST_PACKETS = 5;
    private static final int MOST_EGRESS = 3;

    private final Input input;
    private final Source source;
    private final Page page;

    SourceDetails(Input input, Source source, Page page) {
        this.input = input;
        this.source = source;
        this.page = page;
    }

    void print() {
        String name = source.name();
        page.blank();
        page.line("  " + page.style().bold(source.ip() + (name == null ? "" : " " + TerminalText.safe(name, 60))));
        for (int at = 0; at < Math.min(source.owners().size(), MOST_OWNERS); at++) {
            page.labelled(4, at == 0 ? "Owners" : "", owner(source.owners().get(at)));
        }
        if (source.owners().size() > MOST_OWNERS) {
            page.labelled(4, "", "and " + (source.owners().size() - MOST_OWNERS) + " more, in --json");
        }
        if (!source.clients().isEmpty()) {
            page.labelled(4, "Clients", clients());
        }
        page.labelled(4, "Names", Counts.listed(source.serverNames(), 4));
        if (source.cadence() != null) {
            page.labelled(4, "Repeats", repeats(source.cadence()));
        }
        if (source.perSecond().count() > 0) {
            page.labelled(
                    4,
                    "Pace",
                    "requests a second: half of the time at most "
                            + Figures.grouped(source.perSecond().p50())
                            + ", 99 % at most "
                            + Figures.grouped(source.perSecond().p99()) + ", highest "
                            + Figures.grouped(source.perSecond().max()));
        }
        if (source.bytesUp() + source.bytesDown() > 0) {
            page.labelled(
                    4,
                    "Traffic",
                    Figures.bytes(source.bytesUp()) + " sent, " + Figures.bytes(source.bytesDown()) + " received");
        }
        if (!source.egress().isEmpty()) {
            page.labelled(4, "Seen as", egress());
        }
        proof();
    }

    /** {@code dockerd (pid 812): 4,500 requests in 4,500 connections, exact (bpf-sock-ops)}. */
    private static String owner(OwnerCount count) {
        Owner owner = count.owner();
        StringBuilder text = new StringBuilder();
        if (owner == null) {
            text.append("up to ").append(Figures.grouped(count.owners())).append(" others");
        } else if (owner.quality() == Quality.UNKNOWN) {
            text.append("not known");
        } else {
            text.append(owner.quality() == Quality.INFERRED ? "probably " : "");
            text.append(TerminalText.safe(OwnerWords.full(owner), 200));
        }
        text.append(": ").append(Figures.requestsInWords(count.requests()));
        text.append(" in ").append(Figures.counted(count.connections(), "connection"));
        if (owner != null && owner.quality() != Quality.UNKNOWN) {
            text.append("; ").append(OwnerWords.word(owner.quality()));
            text.append(" (").append(TerminalText.safe(owner.method(), 40)).append(')');
        }
        return text.toString();
    }

    private String clients() {
        StringBuilder text = new StringBuilder();
        List<Client> clients = source.clients();
        for (int at = 0; at < Math.min(clients.size(), MOST_CLIENTS); at++) {
            Client client = clients.get(at);
            text.append(at == 0 ? "" : ", ").append(TerminalText.safe(client.label(), 40));
            text.append(" (").append(Figures.counted(client.connections(), "connection"));
            text.append(client.ja4().isEmpty() ? "" : ", " + TerminalText.safe(client.ja4(), 40))
                    .append(')');
        }
        int rest = clients.size() - MOST_CLIENTS;
        return text.append(rest > 0 ? " and " + rest + " more" : "").toString();
    }

    /** As "30 × 1.0 s"; "" without a cadence. */
    static String everySeconds(@Nullable Cadence cadence) {
        return cadence == null
                ? ""
                : Figures.grouped(cadence.loops()) + " × " + Figures.tenths(cadence.periodSeconds()) + " s";
    }

    private static String repeats(Cadence cadence) {
        return (cadence.loops() == 1
                        ? "one loop that tries again every "
                        : Figures.grouped(cadence.loops()) + " loops side by side, each tries again every ")
                + Figures.tenths(cadence.periodSeconds()) + " s (confidence " + Math.round(cadence.confidence() * 100)
                + " %)";
    }

    private String egress() {
        StringBuilder text = new StringBuilder();
        int shown = Math.min(source.egress().size(), MOST_EGRESS);
        for (int at = 0; at < shown; at++) {
            text.append(at == 0 ? "" : ", ").append(source.egress().get(at));
        }
        int rest = source.egress().size() - shown;
        return text.append(rest > 0 ? " and " + rest + " more" : "")
                .append(" from outside")
                .toString();
    }

    /** Of the file of the first reference; a list over several files would help nobody. */
    private void proof() {
        List<PacketReference> packets = source.packets();
        if (packets.isEmpty() || input.files().isEmpty()) { // live packets are not kept
            return;
        }
        int file = packets.get(0).file();
        StringBuilder numbers = new StringBuilder();
        int shown = 0;
        for (PacketReference packet : packets) {
            if (packet.file() == file && shown < MOST_PACKETS) {
                numbers.append(shown == 0 ? "" : ", ").append(packet.number());
                shown++;
            }
        }
        String path = file >= 0 && file < input.files().size()
                ? input.files().get(file).path()
                : "-";
        String of = path.equals("-") ? "the input" : TerminalText.safe(path, 100);
        page.labelled(4, "Proof", "first hellos: " + (shown == 1 ? "packet " : "packets ") + numbers + " of " + of);
        String quoted = ShellWord.of(path);
        if (!path.equals("-") && quoted != null) {
            page.line(" ".repeat(15)
                    + page.style()
                            .faint("wireshark -r " + quoted + " -Y frame.number=="
                                    + packets.get(0).number()));
        }
    }
}
