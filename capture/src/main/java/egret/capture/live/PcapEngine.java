// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.pcap.RawPacket;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.Pcaps;

/**
 * libpcap through pcap4j, read by one thread, without waiting inside libpcap: on Linux that would not end before a packet
 * comes. Slower than the ring, and the same on every system. libpcap does not tell that an interface is down, only that it is
 * gone.
 */
final class PcapEngine implements LiveEngine {
    private static final long TICK_NANOS = 50_000_000L;

    /** Between looks that found nothing, doubling from the first to the second: a look costs pcap4j 0.2 ms. */
    private static final long SHORTEST_PAUSE_NANOS = 500_000L;

    private static final long LONGEST_PAUSE_NANOS = 16_000_000L;
    private static final long DRAIN_NANOS = 30_000_000L;

    private final RawPacket packet = new RawPacket();
    private final List<PcapTap> taps = new ArrayList<>();
    private final LiveClock clock = new LiveClock(PcapTap.READ_TIMEOUT_MILLIS);
    private final Absence absence = new Absence();
    private final InterfaceDrops interfaceDrops;
    private final String version;
    private long interruptions;
    private volatile LiveStatistics statistics = LiveStatistics.NONE;
    private volatile boolean stopped;

    private PcapEngine(LiveOptions options) throws LiveException {
        version = version();
        packet.interfaces = options.interfaces().size();
        interfaceDrops = new InterfaceDrops(options.interfaces());
        try {
            for (String name : options.interfaces()) {
                PcapTap tap = new PcapTap(name, options, index(name), packet);
                tap.open();
                taps.add(tap);
            }
        } catch (LiveException problem) {
            close();
            throw problem;
        }
    }

    static PcapEngine open(LiveOptions options) throws LiveException {
        return new PcapEngine(options);
    }

    private static String version() throws LiveException {
        try {
            return Pcaps.libVersion();
        } catch (LinkageError absent) {
            throw UserFilter.noLibpcap("The engine pcap needs libpcap");
        }
    }

    private static int index(String name) {
        try {
            NetworkInterface device = NetworkInterface.getByName(name);
            return device == null ? 0 : device.getIndex();
        } catch (SocketException unknown) {
            return 0;
        }
    }

    @Override
    public LiveOutcome run(LiveListener listener) {
        OldestFirst sink = new OldestFirst(listener);
        long tick = System.nanoTime();
        long drained = Long.MAX_VALUE;
        long pause = SHORTEST_PAUSE_NANOS;
        LiveOutcome outcome = null;
        while (outcome == null) {
            long now = System.nanoTime();
            boolean due = now - tick >= 0;
            long wall = due ? clock.look(listener) : 0; // before looking: what came later is newer
            int count = 0;
            for (PcapTap tap : taps) {
                count += read(tap, sink);
            }
            if (due) {
                tick = now + TICK_NANOS;
                listener.time(count == 0 ? clock.quiet(wall) : clock.busy(sink.oldest, wall));
                outcome = look(listener, now);
            }
            if (stopped && drained == Long.MAX_VALUE) {
                drained = now + DRAIN_NANOS;
            }
            if (stopped && (count == 0 || now - drained >= 0)) {
                outcome = new LiveOutcome(true, "Stopped.");
            } else if (count == 0 && outcome == null) {
                LockSupport.parkNanos(this, pause);
                pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
            } else {
                pause = SHORTEST_PAUSE_NANOS;
            }
        }
        publish();
        return outcome;
    }

    private int read(PcapTap tap, OldestFirst sink) {
        if (!tap.isOpen()) {
            return 0;
        }
        sink.begin();
        int count = tap.read(sink);
        if (count < 0) {
            interruptions++;
            sink.listener.interfaceChanged(new InterfaceChange(tap.name(), InterfaceChange.Kind.GONE));
            return 0;
        }
        return count;
    }

    /**
     * Tells the listener and the clock before the first packet of a batch, and the listener again before packets that came
     * since: a batch goes on for as long as more come.
     */
    private final class OldestFirst implements egret.capture.pcap.PacketSink {
        private final LiveListener listener;
        private boolean first;
        private long oldest;
        private long toldNanos;

        OldestFirst(LiveListener listener) {
            this.listener = listener;
        }

        void begin() {
            first = true;
        }

        @Override
        public void packet(RawPacket raw) {
            if (first) {
                first = false;
                oldest = raw.timestampNanos;
                clock.packets(oldest, listener);
                tell();
            } else if (raw.timestampNanos >= toldNanos) {
                tell();
            }
            clock.place(raw);
            listener.packet(raw);
        }

        private void tell() {
            toldNanos = LiveClock.now();
            listener.beforePackets();
        }
    }

    private @Nullable LiveOutcome look(LiveListener listener, long now) {
        boolean all = true;
        for (PcapTap tap : taps) {
            if (!tap.isOpen()) {
                reopen(tap, listener);
            }
            all &= !tap.isOpen();
        }
        publish();
        return absence.over(all, now) ? Absence.outcome(taps.get(0).name(), taps.size()) : null;
    }

    private static void reopen(PcapTap tap, LiveListener listener) {
        try {
            tap.open();
            listener.interfaceChanged(new InterfaceChange(tap.name(), InterfaceChange.Kind.BACK));
        } catch (LiveException notYet) {
            return;
        }
    }

    private void publish() {
        long received = 0;
        long dropped = 0;
        long interfaceDropped = 0;
        List<LiveInterface> each = new ArrayList<>(taps.size());
        for (int i = 0; i < taps.size(); i++) {
            PcapTap tap = taps.get(i);
            tap.count();
            long before = interfaceDrops.sinceStart(i);
            each.add(new LiveInterface(tap.name(), tap.received(), tap.dropped(), before));
            received += tap.received();
            dropped += tap.dropped();
            interfaceDropped += before;
        }
        statistics = new LiveStatistics(each, received, dropped, interfaceDropped, 0, 0, interruptions);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    /** libpcap takes text only, so everything comes up. */
    @Override
    public boolean attach(int interfaceIndex, long[] program) {
        return false;
    }

    @Override
    public LiveStatistics statistics() {
        return statistics;
    }

    @Override
    public String description() {
        StringBuilder text = new StringBuilder(version).append(':');
        for (PcapTap tap : taps) {
            text.append(' ').append(tap.name());
        }
        return text.toString();
    }

    @Override
    public void close() {
        for (PcapTap tap : taps) {
            tap.close();
        }
        interfaceDrops.close();
    }
}
