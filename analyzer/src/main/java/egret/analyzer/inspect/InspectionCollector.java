// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.inspect;

import egret.capture.count.EvidenceGaps;
import egret.capture.count.GapCounter;
import egret.capture.count.RequestCount;
import egret.capture.count.RequestEstimator;
import egret.capture.count.RequestFeed;
import egret.capture.decode.Packet;
import egret.capture.decode.PacketTotals;
import egret.capture.flow.Connection;
import egret.capture.flow.ConnectionListener;
import egret.capture.flow.NameOrigin;
import egret.capture.flow.NameTable;
import egret.capture.pcap.ReadResult;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.ServerHello;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists what the connections of one capture show. At most {@value #MAX_ENTRIES} hellos, and as many proxy requests, are
 * listed; what is beyond is counted as shed. One thread.
 */
public final class InspectionCollector implements ConnectionListener {
    private static final int MAX_ENTRIES = 500_000;
    private static final int MAX_SOURCES = 1 << 17;
    private static final int MAX_FINGERPRINTS = 4096;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** What the hellos of one kind of client have in common. */
    private record Fingerprint(List<String> alpn, String ja3, String ja4) {}

    private final NameTable names;
    private final PacketTotals totals;
    private final GapCounter gaps;
    private final Map<Long, Fingerprint> fingerprints = new HashMap<>();
    private final Map<IpAddress, Long> connectionsBySource = new HashMap<>();
    private final List<Inspection.Hello> hellos = new ArrayList<>();
    private final List<Inspection.Connect> connects = new ArrayList<>();
    private final List<Inspection.Connect> socks = new ArrayList<>();
    private final List<Inspection.Requests> requests = new ArrayList<>();
    private long connections;
    private long a;
    private long aaaa;
    private long shed;

    public InspectionCollector(NameTable names, PacketTotals totals) {
        this.names = names;
        this.totals = totals;
        this.gaps = new GapCounter(totals);
    }

    /** What was collected of the file; after the end of the capture. */
    public Inspection inspection(ReadResult file) {
        totals.shed("names", names.shed());
        totals.shed("entries", shed);
        EvidenceGaps all = gaps.rollUp();
        return new Inspection(
                file.path(),
                file.packets(),
                connections,
                connectionsBySource,
                hellos,
                connects,
                socks,
                new Inspection.Dns(a, aaaa),
                requests,
                all.copies(),
                all,
                file.truncatedAt() < 0 ? null : file.truncatedAt(),
                file.error());
    }

    @Override
    public void opened(Connection connection) {
        gaps.opened(connection);
        if (!connection.midStream() && !connection.quic()) {
            connection(source(connection), 1);
        }
    }

    @Override
    public void begun(Connection connection) {
        gaps.begun();
        connection(source(connection), 1);
    }

    private void connection(IpAddress source, int more) {
        connections += more;
        Long before = connectionsBySource.get(source);
        if (before == null && connectionsBySource.size() >= MAX_SOURCES) {
            shed++;
            return;
        }
        long after = (before == null ? 0 : before) + more;
        if (after == 0) {
            connectionsBySource.remove(source);
        } else {
            connectionsBySource.put(source, after);
        }
    }

    @Override
    public void proxied(Connection connection, String target, boolean connect) {
        List<Inspection.Connect> list = connect ? connects : socks;
        if (list.size() >= MAX_ENTRIES) {
            shed++;
            return;
        }
        list.add(new Inspection.Connect(
                source(connection),
                connection.clientPort(),
                destination(connection),
                connection.serverPort(),
                target,
                connection.openedPacket(),
                connection.openedNanos()));
    }

    @Override
    public boolean named(Connection connection, @Nullable ClientHello hello) {
        gaps.named(connection, hello != null && hello.ech());
        if (hello == null) {
            return false;
        }
        list(connection, hello);
        RequestEstimator estimator = new RequestEstimator();
        RequestFeed.begin(estimator, connection, hello, false);
        connection.attachment = estimator;
        return true;
    }

    private void list(Connection connection, ClientHello hello) {
        if (hellos.size() >= MAX_ENTRIES) {
            shed++;
            return;
        }
        boolean whole = !connection.helloCut();
        Fingerprint fingerprint = whole ? fingerprint(hello, connection.quic()) : null;
        hellos.add(new Inspection.Hello(
                connection.quic() ? Inspection.Transport.QUIC : Inspection.Transport.TCP,
                source(connection),
                connection.clientPort(),
                destination(connection),
                connection.serverPort(),
                connection.origin() == NameOrigin.SERVER_NAME ? names.name(connection.name()) : null,
                fingerprint == null ? hello.alpn() : fingerprint.alpn(),
                fingerprint == null ? null : fingerprint.ja3(),
                fingerprint == null ? null : fingerprint.ja4(),
                hello.hasRandom() ? hex(hello) : null,
                hello.ech(),
                !whole,
                connection.namedPacket(),
                connection.namedNanos()));
    }

    private Fingerprint fingerprint(ClientHello hello, boolean quic) {
        long key = hello.fingerprintKey() * 2 + (quic ? 1 : 0);
        Fingerprint known = fingerprints.get(key);
        List<String> alpn = hello.alpn();
        if (known != null && known.alpn.equals(alpn)) {
            return known;
        }
        Fingerprint fingerprint = new Fingerprint(alpn, hello.ja3(), hello.ja4(quic ? 'q' : 't'));
        if (fingerprints.size() < MAX_FINGERPRINTS) {
            fingerprints.putIfAbsent(key, fingerprint);
        }
        return fingerprint;
    }

    @Override
    public boolean unnamed(Connection connection) {
        gaps.unnamed(connection);
        return false;
    }

    @Override
    public void failed(Connection connection) {
        gaps.failed();
    }

    @Override
    public void copied(Connection copy, @Nullable Connection first, @Nullable ClientHello hello) {
        gaps.copied(copy, hello != null);
        if (hello == null) {
            return;
        }
        // A relay's own connection is one of its own, unless the client asked for it in clear.
        boolean relayed = first != null
                && !first.connect()
                && (first.serverHigh() != copy.serverHigh() || first.serverLow() != copy.serverLow());
        if (relayed) {
            list(copy, hello);
        } else if (!copy.midStream() && !copy.quic()) {
            connection(source(copy), -1);
        }
    }

    @Override
    public void serverHello(Connection connection, ServerHello hello) {
        RequestEstimator estimator = estimator(connection);
        if (estimator != null) {
            RequestFeed.serverHello(estimator, hello);
        }
    }

    @Override
    public void record(Connection connection, boolean fromClient, int contentType, int length, long timestampNanos) {
        RequestEstimator estimator = estimator(connection);
        if (estimator != null) {
            estimator.record(fromClient, contentType, length, timestampNanos);
        }
    }

    @Override
    public void segment(Connection connection, boolean fromClient, int newBytes, long timestampNanos) {
        RequestEstimator estimator = estimator(connection);
        if (estimator != null) {
            estimator.segment(fromClient, newBytes, timestampNanos);
        }
    }

    @Override
    public void gap(Connection connection, boolean fromClient) {
        RequestEstimator estimator = estimator(connection);
        if (estimator != null) {
            estimator.gap(fromClient);
        }
    }

    @Override
    public void closed(Connection connection) {
        RequestEstimator estimator = estimator(connection);
        if (estimator == null || connection.quic()) {
            return;
        }
        if (requests.size() >= MAX_ENTRIES) {
            shed++;
            return;
        }
        estimator.end();
        requests.add(new Inspection.Requests(
                source(connection),
                connection.clientPort(),
                destination(connection),
                connection.serverPort(),
                estimator.alpnChosen(),
                new RequestCount(estimator.count(), estimator.low(), estimator.high(), estimator.basis())));
    }

    @Override
    public void dnsAnswer(Packet packet, int addressesA, int addressesAaaa) {
        a += addressesA;
        aaaa += addressesAaaa;
    }

    private static @Nullable RequestEstimator estimator(Connection connection) {
        return (RequestEstimator) connection.attachment;
    }

    private static IpAddress source(Connection connection) {
        return new IpAddress(connection.clientHigh(), connection.clientLow());
    }

    private static IpAddress destination(Connection connection) {
        return new IpAddress(connection.serverHigh(), connection.serverLow());
    }

    private static String hex(ClientHello hello) {
        char[] digits = new char[64];
        for (int i = 0; i < 32; i++) {
            int value = hello.bytes().get(hello.randomOffset() + i) & 0xff;
            digits[2 * i] = HEX[value >>> 4];
            digits[2 * i + 1] = HEX[value & 15];
        }
        return new String(digits);
    }
}
