// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.count.CountSink;
import egret.capture.count.EvidenceFeed;
import egret.capture.count.SourceCounter;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.decode.PacketTotals;
import egret.capture.evidence.LocalEvidence;
import egret.capture.filter.KernelFilter;
import egret.capture.filter.WatchedAddresses;
import egret.capture.flow.NameTable;
import egret.capture.linux.Privileges;
import egret.capture.live.InterfaceChange;
import egret.capture.live.Interfaces;
import egret.capture.live.LiveCapture;
import egret.capture.live.LiveException;
import egret.capture.live.LiveListener;
import egret.capture.live.LiveOptions;
import egret.capture.live.LiveOutcome;
import egret.capture.live.LiveStatistics;
import egret.capture.nat.Conntrack;
import egret.capture.nat.ConntrackCounts;
import egret.capture.nat.HostNetwork;
import egret.capture.nat.VantageGuess;
import egret.capture.pcap.CaptureWriter;
import egret.capture.pcap.CapturedInterface;
import egret.capture.pcap.RawPacket;
import egret.capture.pcap.WriteCounts;
import egret.capture.process.Coverage;
import egret.capture.process.Owners;
import egret.capture.socket.SocketSourceException;
import egret.capture.socket.SocketSources;
import egret.rules.Endpoint;
import egret.rules.IpPrefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The live capturing half on one machine: packets from interfaces go through {@link CapturePipeline}, and what the kernel
 * tells beside them (who opened a socket, what a translated connection was before) is read before each block of packets,
 * on the same thread, so that it is known when they are looked at.
 *
 * <pre>
 *   sockets ─▶ Owners ──┐
 *   conntrack ──────────┴─▶ MachineOrigins
 *                                ▲ asked
 *   interfaces ─▶ CapturePipeline ─▶ SourceCounter ─▶ counts, once a second
 *        ▲                                │
 *        └── kernel filter ◀── addresses ─┘
 * </pre>
 *
 * <p>Opened by a thread that is in the network namespace of the interfaces; {@link #run} by one thread, perhaps another;
 * {@link #stop}, {@link #status} and {@link #close} by any.
 */
public final class LiveAgent implements AutoCloseable {
    /** A program with new addresses goes into the kernel at most this often. */
    private static final long FILTER_NANOS = 20_000_000L;

    private static final long STATUS_NANOS = 200_000_000L;
    private static final int TLS = 443;

    /** BPF_RET + BPF_K. */
    private static final long RETURN = 6;

    private static final boolean LINUX = System.getProperty("os.name", "").startsWith("Linux");

    private final LiveSetup setup;
    private final LiveCapture capture;
    private final SocketSources sockets;
    private final Owners owners;
    private final Conntrack conntrack;
    private final VantageGuess guess;
    private final CountSink sink;
    private final Vantage vantage;
    private final MachineOrigins origins;
    private final PacketTotals totals = new PacketTotals();
    private final CapturePipeline pipeline;
    private final LocalEvidence evidence;
    private final WatchedAddresses watched = new WatchedAddresses();
    private final @Nullable KernelFilter filter;
    private final @Nullable CaptureWriter writer;
    /** The kernel's numbers of the interfaces, in the order in which the file describes them. */
    private final List<Integer> kernelIndexes = new ArrayList<>();

    private boolean filtered;
    private long packets;
    private long bytes;
    private long firstNanos;
    private long nowNanos;
    private volatile Status status;
    private volatile @Nullable LiveOutcome outcome;

    /**
     * How it is doing. Times are nanoseconds since the epoch.
     *
     * @param engine what captures, in words
     * @param hidden why sources cannot be told apart here and what to do, in words; "" if they can
     * @param conntrack how translations are known, in words
     * @param ownerMethod how owners are known
     * @param evidence what logs and daemons are read and how that goes, a line for each
     * @param filtered whether the kernel discards what is not needed
     * @param bytes of the packets that were handed over
     * @param writing null if nothing is written aside
     * @param firstNanos when capturing began, 0 before it
     * @param outcome how it ended, null while it goes on
     */
    public record Status(
            LiveStatistics statistics,
            String engine,
            Vantage vantage,
            String hidden,
            String conntrack,
            String ownerMethod,
            Coverage coverage,
            List<String> evidence,
            boolean filtered,
            long bytes,
            @Nullable WriteCounts writing,
            long firstNanos,
            long nowNanos,
            @Nullable LiveOutcome outcome) {}

    private LiveAgent(LiveSetup setup, LiveCapture capture, SocketSources sockets, CountSink sink) throws IOException {
        this.setup = setup;
        this.capture = capture;
        this.sockets = sockets;
        HostNetwork network = HostNetwork.read();
        boolean mirror = setup.vantage() == Vantage.MIRROR;
        this.sink = sink;
        this.conntrack = mirror ? Conntrack.off("a mirror shows what others translate") : Conntrack.open();
        this.guess = guess(setup.capture().interfaces(), network, conntrack);
        this.vantage = setup.vantage() != null ? setup.vantage() : vantage(guess.place());
        this.owners = new Owners(List.of(sockets), setup.places());
        this.origins = new MachineOrigins(conntrack, owners, vantage != Vantage.HOST, sockets.entersNamespaces());
        NameTable names = new NameTable();
        SourceCounter counter = new SourceCounter(
                new SourceCounter.Agent(setup.agent(), setup.boot(), vantage),
                setup.rules(),
                setup.clients(),
                setup.inside(),
                names,
                totals,
                origins,
                this::counted);
        this.pipeline = new CapturePipeline(names, totals, counter);
        this.writer = setup.write() == null ? null : writer(setup.write());
        this.filter = setup.kernelFilter() ? filter() : null;
        if (filter != null) {
            counter.tell(watched::seen);
            attach();
        }
        this.evidence = LocalEvidence.open(setup.evidence(), vantage == Vantage.HOST);
        counter.evidence(new EvidenceFeed(
                evidence.queue(), new SourceCounts.Local(evidence.queue().host(), network.outward())));
        this.status = look();
    }

    /** Counts on their way: where something is watched, services are worth asking for. */
    private void counted(SourceCounts counts) {
        if (!counts.rows().isEmpty()) {
            evidence.burst();
        }
        sink.counts(counts);
    }

    /**
     * Opens the interfaces and chooses how to know owners and translations; packets wait from here on.
     *
     * @throws LiveException if nothing can be captured
     * @throws SocketSourceException if the way to know owners that was asked for does not work here
     * @throws IOException if the file to write aside cannot be created
     */
    public static LiveAgent open(LiveSetup setup, CountSink sink)
            throws LiveException, SocketSourceException, IOException {
        SocketSources sockets = SocketSources.open(setup.owner());
        LiveCapture capture = null;
        try {
            capture = LiveCapture.open(setup.capture());
            LiveAgent agent = new LiveAgent(setup, capture, sockets, sink);
            capture = null;
            return agent;
        } finally {
            if (capture != null) {
                capture.close();
                sockets.close();
            }
        }
    }

    private static VantageGuess guess(List<String> interfaces, HostNetwork network, Conntrack conntrack) {
        VantageGuess best = VantageGuess.of(interfaces.get(0), network, conntrack, 0, 0);
        for (String name : interfaces) {
            VantageGuess guess = VantageGuess.of(name, network, conntrack, 0, 0);
            // Who sees both sides of a NAT sees the inside.
            if (guess.place() == VantageGuess.Place.INSIDE || guess.place() == VantageGuess.Place.BOTH) {
                best = guess;
                break;
            }
        }
        return best;
    }

    private static Vantage vantage(VantageGuess.Place place) {
        return switch (place) {
            case HOST -> Vantage.HOST;
            case INSIDE, BOTH -> Vantage.NAT_INSIDE;
            case OUTSIDE -> Vantage.NAT_OUTSIDE;
            case MIRROR -> Vantage.MIRROR;
        };
    }

    private CaptureWriter writer(LiveSetup.Write write) throws IOException {
        List<String> names = setup.capture().interfaces();
        List<CapturedInterface> described = new ArrayList<>();
        for (Interfaces.Found found : Interfaces.here().found()) {
            if (names.contains(found.name()) || names.contains(LiveOptions.ANY)) {
                described.add(new CapturedInterface(
                        found.name(), found.linkType(), setup.capture().snaplen()));
                kernelIndexes.add(found.index());
            }
        }
        return CaptureWriter.open(write.name(), described, write.rotation(), packet -> comment());
    }

    /** Of the packet that has just gone through the pipeline: whose connection it named. */
    private @Nullable String comment() {
        int found = origins.takeFound();
        return found == 0 ? null : OwnerComment.of(owners.owner(found));
    }

    private KernelFilter filter() {
        TreeSet<Integer> ports = new TreeSet<>();
        ports.add(TLS);
        for (Endpoint endpoint : setup.rules().endpoints()) {
            ports.addAll(endpoint.ports());
            for (IpPrefix prefix : endpoint.addresses()) {
                watched.block(
                        prefix.address().high(),
                        prefix.address().low(),
                        prefix.length() + (prefix.address().isIpv4() ? 96 : 0));
            }
        }
        int[] tls = new int[ports.size()];
        int n = 0;
        for (int port : ports) {
            tls[n++] = port;
        }
        return new KernelFilter(
                KernelFilter.Link.ANY,
                setup.fast() ? KernelFilter.Mode.FAST : KernelFilter.Mode.NORMAL,
                setup.capture().snaplen(),
                tls,
                vantage == Vantage.MIRROR);
    }

    private void attach() {
        if (filter != null) {
            boolean before = filtered;
            filtered = capture.attach(LiveCapture.ALL, filter.program(watched));
            watched.taken(nowNanos);
            if (before && !filtered) {
                // The program before knows nothing of the newest addresses: rather all packets than too few.
                capture.attach(
                        LiveCapture.ALL,
                        new long[] {RETURN | (long) setup.capture().snaplen() << 32});
            }
        }
    }

    /**
     * What the capturing thread still needs: interfaces that come back (NET_RAW), connection tracking (NET_ADMIN), other
     * users' processes, and by some ways of knowing owners the sockets of other network namespaces.
     */
    private long needed() {
        long keep = Privileges.set(
                Privileges.NET_RAW, Privileges.NET_ADMIN, Privileges.DAC_READ_SEARCH, Privileges.SYS_PTRACE);
        if (sockets.entersNamespaces()) {
            keep |= Privileges.set(Privileges.SYS_ADMIN);
        }
        return keep;
    }

    /**
     * Captures, on this thread, until {@link #stop} or until the interfaces are gone; what was open is counted at the end. The
     * thread gives up, for good, the capabilities that capturing does not need, and should be one for this alone.
     */
    public LiveOutcome run() {
        if (LINUX) {
            Privileges.drop(needed());
        }
        LiveOutcome end = capture.runFromNow(new Listener());
        LiveStatistics statistics = capture.statistics();
        totals.dropped(statistics.dropped() + statistics.interfaceDropped());
        if (writer != null) {
            writer.close();
        }
        shed();
        pipeline.finish();
        outcome = end;
        status = look();
        return end;
    }

    private final class Listener implements LiveListener {
        private long lookedNanos;

        @Override
        public void beforePackets() {
            owners.poll();
            conntrack.poll();
        }

        @Override
        public void packet(RawPacket packet) {
            pipeline.packet(packet);
            bytes += packet.capturedLength;
            if (writer != null) {
                packet.interfaceIndex = kernelIndexes.indexOf(packet.interfaceIndex);
                writer.packet(packet);
            }
            if (++packets == setup.packets()) {
                capture.stop();
            }
        }

        @Override
        public void time(long nanos) {
            if (firstNanos == 0) {
                firstNanos = nanos;
            }
            nowNanos = nanos;
            owners.poll();
            conntrack.poll();
            LiveStatistics statistics = capture.statistics();
            totals.dropped(statistics.dropped() + statistics.interfaceDropped());
            pipeline.time(nanos);
            if (writer != null) {
                writer.time(nanos);
            }
            if (filter != null && watched.due(nanos, FILTER_NANOS)) {
                attach();
            }
            if (Math.abs(nanos - lookedNanos) >= STATUS_NANOS) {
                lookedNanos = nanos;
                shed();
                status = look();
            }
        }

        @Override
        public void interfaceChanged(InterfaceChange change) {
            status = look();
        }
    }

    /** What was given up beside the packets, for the answer's account of what was not seen. */
    private void shed() {
        Coverage coverage = owners.coverage();
        for (Map.Entry<String, Long> table : coverage.shed().entrySet()) {
            totals.shed(table.getKey(), table.getValue());
        }
        ConntrackCounts translations = conntrack.counts();
        totals.shed("owner-events", coverage.lost());
        totals.shed("owner-reads", coverage.unread());
        totals.shed("translations", translations.shed() + translations.unanswered());
        totals.shed("conntrack-overruns", translations.overruns());
        totals.shed("watched-addresses", watched.givenWay() + watched.blocksShed());
        totals.shed("evidence", evidence.shed());
        if (writer != null) {
            totals.shed("written-packets", writer.counts().lost());
        }
    }

    private Status look() {
        return new Status(
                capture.statistics(),
                capture.description(),
                vantage,
                setup.vantage() != null || guess.sourcesVisible() ? "" : guess.words(),
                conntrack.state(),
                sockets.method(),
                owners.coverage(),
                evidence.state(),
                filtered,
                bytes,
                writer == null ? null : writer.counts(),
                firstNanos,
                nowNanos,
                outcome);
    }

    /** Lets {@link #run} return soon. From any thread. */
    public void stop() {
        capture.stop();
    }

    /** At most some 200 ms old. From any thread. */
    public Status status() {
        return status;
    }

    /** Stops, waits until {@link #run} has returned, and gives everything back. */
    @Override
    public void close() {
        capture.close();
        evidence.close();
        owners.close();
        sockets.close();
        conntrack.close();
    }
}
