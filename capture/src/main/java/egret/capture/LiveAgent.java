// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.count.CountSink;
import egret.capture.count.EvidenceFeed;
import egret.capture.count.SourceCounter;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.decode.PacketTotals;
import egret.capture.evidence.LocalEvidence;
import egret.capture.flow.NameTable;
import egret.capture.linux.Privileges;
import egret.capture.live.ClockStep;
import egret.capture.live.InterfaceChange;
import egret.capture.live.LiveCapture;
import egret.capture.live.LiveException;
import egret.capture.live.LiveListener;
import egret.capture.live.LiveOutcome;
import egret.capture.live.LiveStatistics;
import egret.capture.nat.Conntrack;
import egret.capture.pcap.RawPacket;
import egret.capture.pcap.TimeOrder;
import egret.capture.pcap.WriteCounts;
import egret.capture.process.Coverage;
import egret.capture.process.Owners;
import egret.capture.socket.SocketSourceException;
import egret.capture.socket.SocketSources;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
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
    private static final long STATUS_NANOS = 200_000_000L;

    private static final boolean LINUX = System.getProperty("os.name", "").startsWith("Linux");

    private final LiveSetup setup;
    private final LiveCapture capture;
    private final SocketSources sockets;
    private final Owners owners;
    private final Conntrack conntrack;
    private final Placement placement;
    private final CountSink sink;
    private final MachineOrigins origins;
    private final PacketTotals totals = new PacketTotals();
    private final Notices notices = new Notices();
    private final CapturePipeline pipeline;
    private final LocalEvidence evidence;
    private final @Nullable FollowingFilter filter;
    private final @Nullable WriteAside aside;
    private final Losses losses;

    /** What gives back what was opened, the last first. */
    private final ArrayDeque<Runnable> opened;

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
     * @param notices what befell the capture, the last of it
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
            List<Notice> notices,
            long firstNanos,
            long nowNanos,
            @Nullable LiveOutcome outcome) {}

    private LiveAgent(
            LiveSetup setup,
            LiveCapture capture,
            Placement placement,
            SocketSources sockets,
            CountSink sink,
            ArrayDeque<Runnable> opened)
            throws IOException {
        this.setup = setup;
        this.capture = capture;
        this.sockets = sockets;
        this.opened = opened;
        this.sink = sink;
        this.placement = placement;
        this.conntrack = placement.conntrack();
        Vantage vantage = placement.vantage();
        this.owners = new Owners(List.of(sockets), setup.places());
        opened.push(owners::close);
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
        this.filter = setup.kernelFilter()
                ? new FollowingFilter(
                        capture, setup.rules(), setup.capture().snaplen(), setup.fast(), vantage == Vantage.MIRROR)
                : null;
        if (filter != null) {
            counter.tell(filter::seen);
        }
        LiveSetup.Write write = setup.write();
        this.aside = write == null
                ? null
                : WriteAside.open(write, setup.capture(), packet -> comment(packet.timestampNanos));
        if (aside != null) {
            opened.push(aside::close);
        }
        this.evidence = LocalEvidence.open(setup.evidence(), vantage == Vantage.HOST);
        opened.push(evidence::close);
        counter.evidence(new EvidenceFeed(
                evidence.queue(),
                new SourceCounts.Local(
                        evidence.queue().host(), placement.network().outward())));
        this.losses = new Losses(totals, notices, capture, sockets, owners, conntrack, evidence, filter, aside);
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
        ArrayDeque<Runnable> opened = new ArrayDeque<>();
        boolean complete = false;
        try {
            SocketSources sockets = SocketSources.open(setup.owner());
            opened.push(sockets::close);
            Placement placement = Placement.find(setup);
            opened.push(placement.conntrack()::close);
            LiveCapture capture = LiveCapture.open(setup.capture().waiting(placement.waitMillis(sockets)));
            opened.push(capture::close);
            LiveAgent agent = new LiveAgent(setup, capture, placement, sockets, sink, opened);
            complete = true;
            return agent;
        } finally {
            if (!complete) {
                opened.forEach(Runnable::run);
            }
        }
    }

    /** Of the packet that has just gone through the pipeline: whose connection it named. */
    private @Nullable String comment(long packetNanos) {
        int found = origins.namedBy(packetNanos);
        return found == 0 ? null : OwnerComment.of(owners.owner(found));
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
        Listener listener = new Listener();
        LiveOutcome end = capture.runFromNow(listener);
        listener.order.finish();
        nowNanos = Math.max(nowNanos, listener.newestNanos);
        LiveStatistics statistics = capture.statistics();
        totals.dropped(statistics.dropped() + statistics.interfaceDropped());
        if (aside != null) {
            aside.close();
        }
        losses.count(nowNanos);
        pipeline.finish();
        outcome = end;
        status = look();
        return end;
    }

    private final class Listener implements LiveListener {
        private final TimeOrder order = new TimeOrder(this::inOrder);
        private long lookedNanos;
        private long newestNanos;

        @Override
        public void beforePackets() {
            owners.poll();
            conntrack.poll();
        }

        @Override
        public void packet(RawPacket packet) {
            order.packet(packet);
        }

        private void inOrder(RawPacket packet) {
            if (setup.packets() > 0 && packets >= setup.packets()) {
                return; // of the block that it was stopped in
            }
            pipeline.packet(packet);
            newestNanos = packet.timestampNanos;
            if (filter != null) {
                filter.time(packet.timestampNanos); // a server that this packet named answers soon
            }
            bytes += packet.capturedLength;
            if (aside != null) {
                aside.packet(packet);
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
            order.time(nanos);
            pipeline.time(nanos);
            if (aside != null) {
                aside.time(nanos);
            }
            if (filter != null) {
                filter.time(nanos);
            }
            if (Math.abs(nanos - lookedNanos) >= STATUS_NANOS) {
                lookedNanos = nanos;
                losses.count(nowNanos);
                status = look();
            }
        }

        @Override
        public void clockSet(ClockStep step) {
            owners.clockSet(step.aheadNanos());
            evidence.queue().clockSet(step.nanos(), step.aheadNanos());
            notices.add(nowNanos, step.sentence());
        }

        @Override
        public void interfaceChanged(InterfaceChange change) {
            notices.add(nowNanos, change.sentence());
            status = look();
        }
    }

    private Status look() {
        return new Status(
                capture.statistics(),
                capture.description(),
                placement.vantage(),
                placement.hidden(),
                conntrack.state(),
                sockets.method(),
                owners.coverage(),
                evidence.state(),
                filter != null && filter.attached(),
                bytes,
                aside == null ? null : aside.counts(),
                notices.list(),
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
        synchronized (opened) {
            for (Runnable close = opened.poll(); close != null; close = opened.poll()) {
                close.run();
            }
        }
    }
}
