// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.inspect.Inspection;
import egret.analyzer.inspect.Inspection.Connect;
import egret.analyzer.inspect.Inspection.Hello;
import egret.analyzer.inspect.Inspection.Requests;
import egret.analyzer.inspect.Inspection.Transport;
import egret.capture.count.RequestCount;
import egret.rules.IpAddress;
import java.io.IOException;
import java.util.List;

/**
 * An inspection as a listing, one line for each hello and CONNECT. All of them, so it is written as it comes; the widths are
 * fixed but for the addresses, which are never cut.
 */
public final class InspectionText {
    private static final int NAME_COLUMNS = 40;
    private static final int ALPN_COLUMNS = 12;

    private final Inspection inspection;
    private final Appendable out;
    private int sourceColumns = 6;
    private int destinationColumns = 11;
    private int nameColumns = 4;

    private InspectionText(Inspection inspection, Appendable out) {
        this.inspection = inspection;
        this.out = out;
    }

    public static void write(Inspection inspection, Appendable out) throws IOException {
        InspectionText text = new InspectionText(inspection, out);
        text.measure();
        text.head();
        text.hellos();
        text.connects();
        text.totals();
    }

    private void measure() {
        for (Hello hello : inspection.hellos()) {
            measure(hello.source(), hello.sourcePort(), hello.destination(), hello.destinationPort(), name(hello));
        }
        measure(inspection.connects());
        measure(inspection.socks());
    }

    private void measure(List<Connect> connects) {
        for (Connect connect : connects) {
            String target = TerminalText.safe(connect.target(), NAME_COLUMNS);
            measure(connect.source(), connect.sourcePort(), connect.destination(), connect.destinationPort(), target);
        }
    }

    private void measure(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, String name) {
        sourceColumns = Math.max(sourceColumns, endpoint(source, sourcePort).length());
        destinationColumns = Math.max(
                destinationColumns, endpoint(destination, destinationPort).length());
        nameColumns = Math.max(nameColumns, TerminalText.width(name));
    }

    private void head() throws IOException {
        String file = inspection.file().equals("-") ? "standard input" : TerminalText.safe(inspection.file(), 300);
        line(file + ": " + Figures.counted(inspection.packets(), "packet")
                + (inspection.truncatedAt() == null
                        ? ""
                        : "; ends in mid-packet at byte " + Figures.grouped(inspection.truncatedAt())));
        if (inspection.error() != null) {
            line("not read to its end: " + TerminalText.safe(inspection.error(), 300));
        }
    }

    private void hellos() throws IOException {
        if (inspection.hellos().isEmpty()) {
            return;
        }
        line("");
        row("TIME (UTC)", "SOURCE", "DESTINATION", "NAME", "ALPN", "JA4");
        for (Hello hello : inspection.hellos()) {
            row(
                    time(hello.timeNanos()),
                    endpoint(hello.source(), hello.sourcePort()),
                    endpoint(hello.destination(), hello.destinationPort()),
                    name(hello),
                    alpn(hello),
                    (hello.ja4() == null ? "-" : TerminalText.safe(hello.ja4(), 40)) + marks(hello));
        }
    }

    private void connects() throws IOException {
        if (inspection.connects().size() + inspection.socks().size() == 0) {
            return;
        }
        line("");
        row("TIME (UTC)", "SOURCE", "PROXY", "TUNNEL TO", "", "");
        connects(inspection.connects(), "");
        connects(inspection.socks(), "socks");
    }

    private void connects(List<Connect> connects, String mark) throws IOException {
        for (Connect connect : connects) {
            row(
                    time(connect.timeNanos()),
                    endpoint(connect.source(), connect.sourcePort()),
                    endpoint(connect.destination(), connect.destinationPort()),
                    TerminalText.safe(connect.target(), NAME_COLUMNS),
                    mark,
                    "");
        }
    }

    private void totals() throws IOException {
        RequestCount requests = RequestCount.NONE;
        for (Requests one : inspection.requests()) {
            requests = requests.plus(one.requests());
        }
        line("");
        line(Figures.counted(inspection.connections(), "TCP connection") + " from "
                + Figures.counted(inspection.connectionsBySource().size(), "source") + ", "
                + Figures.counted(inspection.hellos().size(), "hello") + ", "
                + Figures.counted(
                        inspection.connects().size() + inspection.socks().size(), "tunnel") + ", DNS answers "
                + Figures.grouped(inspection.dns().a()) + " A and "
                + Figures.grouped(inspection.dns().aaaa())
                + " AAAA");
        if (!inspection.requests().isEmpty()) {
            line("HTTP: " + Figures.requestsInWords(requests) + " in "
                    + Figures.counted(inspection.requests().size(), "connection"));
        }
        if (inspection.copies() > 0) {
            line(Figures.counted(inspection.copies(), "connection") + " seen more than once, counted once");
        }
    }

    private void row(String time, String source, String destination, String name, String alpn, String ja4)
            throws IOException {
        StringBuilder line = new StringBuilder(120);
        cell(line, time, 15);
        cell(line, source, sourceColumns);
        cell(line, destination, destinationColumns);
        cell(line, name, nameColumns);
        cell(line, alpn, ALPN_COLUMNS);
        line(line.append(ja4).toString().stripTrailing());
    }

    private static void cell(StringBuilder line, String cell, int columns) {
        line.append(cell).append(" ".repeat(Math.max(0, columns - TerminalText.width(cell)) + 2));
    }

    private void line(String line) throws IOException {
        out.append(line).append('\n');
    }

    /** To the microsecond. */
    private static String time(long nanos) {
        long micros = Math.floorMod(nanos, UtcTime.NANOS) / 1000;
        return UtcTime.clock(nanos) + "." + Long.toString(micros + 1_000_000).substring(1);
    }

    private static String endpoint(IpAddress address, int port) {
        return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
    }

    private static String name(Hello hello) {
        String name = hello.serverName();
        return name == null || name.isEmpty() ? "-" : TerminalText.safe(name, NAME_COLUMNS);
    }

    private static String alpn(Hello hello) {
        StringBuilder protocols = new StringBuilder();
        for (String protocol : hello.alpn()) {
            protocols.append(protocols.isEmpty() ? "" : ",").append(protocol);
        }
        return protocols.isEmpty() ? "-" : TerminalText.safe(protocols.toString(), ALPN_COLUMNS);
    }

    private static String marks(Hello hello) {
        return (hello.transport() == Transport.QUIC ? " quic" : "")
                + (hello.ech() ? " ech" : "")
                + (hello.cut() ? " cut" : "");
    }
}
