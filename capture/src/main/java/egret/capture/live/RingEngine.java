// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.linux.Libc;
import egret.capture.linux.Wakeup;
import egret.capture.pcap.PacketSink;
import egret.capture.pcap.RawPacket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rings of all interfaces, read by one thread. */
final class RingEngine implements LiveEngine {
    /** Time, interfaces and counters are looked at this often. */
    private static final long TICK_NANOS = 100_000_000L;

    /** Where blocks come faster than each is worth waking up for, several are read together: 40 at 10 Gbps. */
    private static final int PAUSE_MILLIS = 4;

    private static final long DENSE_NANOS = 1_000_000L;

    private static final int POLL_ENTRY = 8;
    private static final short POLLIN = 1;
    private static final short POLLERR = 8;

    private final List<RingSocket> sockets = new ArrayList<>();
    private final List<Ring> rings = new ArrayList<>();
    private final Wakeup wakeup = new Wakeup();
    private final LiveClock clock;
    private final InterfaceDrops interfaceDrops;
    private final Absence absence = new Absence();
    private final RawPacket packet = new RawPacket();
    private final List<long[]> userFilters;
    private final ByteBuffer poll;
    private final ByteBuffer pollStop;
    private boolean dense;

    /** For what is in the rings when a stop is asked for, the blocks that the kernel is filling included. */
    private final long drainNanos;

    private long interruptions;
    private volatile LiveStatistics statistics = LiveStatistics.NONE;
    private volatile boolean stopped;

    private RingEngine(LiveOptions options, List<long[]> userFilters) throws LiveException {
        this.userFilters = userFilters;
        int count = options.interfaces().size();
        clock = new LiveClock(options.waitMillis());
        drainNanos = (2 * options.waitMillis() + 10) * 1_000_000L;
        packet.interfaces = count;
        interfaceDrops = new InterfaceDrops(options.interfaces());
        try {
            long[] everything = SocketFilter.everything(options.snaplen());
            int blocks = options.bufferBytes() / count / RingSocket.BLOCK_BYTES;
            for (int i = 0; i < count; i++) {
                RingSocket socket =
                        RingSocket.open(options.interfaces().get(i), options, blocks, effective(i, everything));
                sockets.add(socket);
                rings.add(new Ring(socket.memory()));
            }
        } catch (LiveException problem) {
            close();
            throw problem;
        }
        poll = ByteBuffer.allocateDirect((count + 1) * POLL_ENTRY).order(ByteOrder.nativeOrder());
        for (int i = 0; i <= count; i++) {
            int fd = i < count ? sockets.get(i).descriptor() : wakeup.descriptor();
            poll.putInt(i * POLL_ENTRY, fd).putShort(i * POLL_ENTRY + 4, POLLIN);
        }
        pollStop = poll.duplicate().position(count * POLL_ENTRY).slice();
    }

    /** @param userFilters one for each interface, or none */
    static RingEngine open(LiveOptions options, List<long[]> userFilters) throws LiveException {
        return new RingEngine(options, userFilters);
    }

    private long[] effective(int i, long[] program) {
        return userFilters.isEmpty() ? program : SocketFilter.both(userFilters.get(i), program);
    }

    @Override
    public LiveOutcome run(LiveListener listener) {
        long tick = System.nanoTime();
        long drained = Long.MAX_VALUE;
        LiveOutcome outcome = null;
        PacketSink placed = raw -> {
            clock.place(raw);
            listener.packet(raw);
        };
        while (outcome == null) {
            long now = System.nanoTime();
            boolean due = now - tick >= 0;
            long wall = due ? clock.look(listener) : 0; // before looking: what came later is newer
            int earliest = earliest();
            long stamp = earliest < 0 ? 0 : rings.get(earliest).firstNanos();
            if (stamp != 0) {
                clock.packets(stamp, listener);
            }
            if (due) {
                tick = now + TICK_NANOS;
                listener.time(earliest < 0 ? clock.quiet(wall) : clock.busy(stamp, wall));
                outcome = look(listener, now);
            }
            if (stopped && drained == Long.MAX_VALUE) {
                drained = now + drainNanos;
            }
            boolean over = stopped && (now - drained >= 0 || (earliest < 0 && !filling()));
            if (earliest >= 0) {
                listener.beforePackets();
                rings.get(earliest).give(packet, clock.ahead() == 0 ? listener : placed);
            } else if (!over && outcome == null) {
                outcome = await(listener, stopped ? Math.min(tick - now, drained - now) : tick - now);
            }
            if (over) {
                outcome = new LiveOutcome(true, "Stopped.");
            }
        }
        packet.bytes = ByteBuffer.allocateDirect(0); // nobody looks into the rings from here on
        publish();
        return outcome;
    }

    private boolean filling() {
        boolean filling = false;
        for (int i = 0; i < rings.size(); i++) {
            filling |= rings.get(i).filling();
        }
        return filling;
    }

    /** The ring whose block is the oldest of those ready, or -1. */
    private int earliest() {
        int earliest = -1;
        long first = Long.MAX_VALUE;
        for (int i = 0; i < rings.size(); i++) {
            Ring ring = rings.get(i);
            if (ring.ready()) {
                long nanos = ring.firstNanos();
                if (nanos < first) {
                    first = nanos;
                    earliest = i;
                }
            }
        }
        return earliest;
    }

    /** Waits for blocks, a stop or the next tick; gives an outcome only when waiting is impossible. */
    private @Nullable LiveOutcome await(LiveListener listener, long nanos) {
        if (dense) {
            Libc.poll(pollStop, 1, PAUSE_MILLIS);
            dense = earliest() >= 0;
            return null;
        }
        int millis = (int) Math.max(1, Math.min(nanos, TICK_NANOS) / 1_000_000L);
        long began = System.nanoTime();
        int ready = Libc.poll(poll, sockets.size() + (stopped ? 0 : 1), millis); // a wake-up stays: it is heard once
        dense = ready > 0 && System.nanoTime() - began < DENSE_NANOS;
        if (ready < 0) {
            int errno = Libc.errno();
            return errno == Libc.EINTR || errno == Libc.EAGAIN
                    ? null
                    : new LiveOutcome(false, "Waiting for packets failed (error " + errno + ").");
        }
        for (int i = 0; ready > 0 && i < sockets.size(); i++) {
            RingSocket socket = sockets.get(i);
            if ((poll.getShort(i * POLL_ENTRY + 6) & POLLERR) != 0 && socket.failed()) {
                tell(listener, socket, socket.look(true));
            }
        }
        return null;
    }

    /** Looks after interfaces that are down or away. */
    private @Nullable LiveOutcome look(LiveListener listener, long now) {
        boolean all = true;
        for (RingSocket socket : sockets) {
            tell(listener, socket, socket.look(false));
            all &= socket.gone();
        }
        publish();
        return absence.over(all, now) ? Absence.outcome(sockets.get(0).name(), sockets.size()) : null;
    }

    private void tell(LiveListener listener, RingSocket socket, InterfaceChange.@Nullable Kind kind) {
        if (kind != null) {
            InterfaceChange change = new InterfaceChange(socket.name(), kind);
            interruptions += kind == InterfaceChange.Kind.DOWN || kind == InterfaceChange.Kind.GONE ? 1 : 0;
            listener.interfaceChanged(change);
        }
    }

    private void publish() {
        long received = 0;
        long dropped = 0;
        long freezes = 0;
        long foreign = 0;
        long interfaceDropped = 0;
        List<LiveInterface> each = new ArrayList<>(sockets.size());
        for (int i = 0; i < sockets.size(); i++) {
            RingSocket socket = sockets.get(i);
            socket.count();
            long passed = Math.max(0, socket.packets() - rings.get(i).duplicates());
            long before = interfaceDrops.sinceStart(i);
            each.add(new LiveInterface(socket.name(), passed, socket.drops(), before));
            received += passed;
            dropped += socket.drops();
            interfaceDropped += before;
            freezes += socket.freezes();
            foreign += rings.get(i).foreign();
        }
        statistics = new LiveStatistics(each, received, dropped, interfaceDropped, freezes, foreign, interruptions);
    }

    @Override
    public void stop() {
        stopped = true;
        wakeup.wake();
    }

    @Override
    public boolean attach(int interfaceIndex, long[] program) {
        boolean attached = true;
        for (int i = 0; i < sockets.size(); i++) {
            if (interfaceIndex == LiveCapture.ALL
                    || interfaceIndex == sockets.get(i).index()) {
                attached &= sockets.get(i).attach(effective(i, program));
            }
        }
        return attached;
    }

    @Override
    public LiveStatistics statistics() {
        return statistics;
    }

    @Override
    public String description() {
        StringBuilder text = new StringBuilder("kernel ring (TPACKET_V3):");
        for (int i = 0; i < sockets.size(); i++) {
            RingSocket socket = sockets.get(i);
            text.append(i == 0 ? " " : ", ").append(socket.name()).append(' ').append(socket.length() >> 20);
            text.append(" MiB");
        }
        return text.toString();
    }

    @Override
    public void close() {
        for (RingSocket socket : sockets) {
            socket.close();
        }
        wakeup.close();
        interfaceDrops.close();
    }
}
