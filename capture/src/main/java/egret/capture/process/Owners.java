// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.flow.Connection;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import egret.capture.socket.SocketEvent;
import egret.capture.socket.SocketEvents;
import egret.capture.socket.SocketSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who opened which connection: what sources tell, kept by connection, process and owner, and asked by those who count. All
 * on the thread that captures. Asking blocks never and, for an owner that is known, allocates nothing; names of containers
 * are found by a thread of its own and are there when an owner is asked for again.
 */
public final class Owners implements SocketEvents, AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long TICK_NANOS = 100_000_000L;

    /** A name that is not known is asked for again after this long, then after ever longer. */
    private static final long ASK_NANOS = 500_000_000L;

    private static final int MAX_ASK_SHIFT = 7;

    /** The method that reads from /proc who holds a connection, perhaps long after it began. */
    private static final String AFTERWARDS = "proc";

    private final List<SocketSource> sources;
    private final Clock clock;
    private final ConnectionOwners connections = new ConnectionOwners();
    private final ProcessTable processes;
    private final Methods methods = new Methods();
    private final OwnerTable owners;
    private final Containers containers;
    private final ConnectionQuery query = new ConnectionQuery();
    private final SocketEvent seen = new SocketEvent();
    private long nowNanos;
    private long tickNanos;
    private long monotonicOffset;
    private long aheadNanos;
    private long lost;
    private long exact;
    private long inferred;
    private long unknown;

    /** The machine's two clocks, in nanoseconds. */
    interface Clock {
        Clock SYSTEM = new Clock() {
            @Override
            public long monotonic() {
                return System.nanoTime(); // CLOCK_MONOTONIC, in which the kernel's events are told.
            }

            @Override
            public long epoch() {
                return System.currentTimeMillis() * NANOS_PER_MILLI;
            }
        };

        long monotonic();

        long epoch();
    }

    /** @param sources polled here, closed by the caller */
    public Owners(List<SocketSource> sources, Places places) {
        this(sources, places, Clock.SYSTEM);
        containers.start();
    }

    /** Without the lookup thread running. */
    Owners(List<SocketSource> sources, Places places, Clock clock) {
        this.sources = List.copyOf(sources);
        this.clock = clock;
        this.processes = new ProcessTable(new ProcessReader(places.proc()));
        this.owners = new OwnerTable(methods, new Users(places.passwd()), BootClock.of(places.proc(), clock.epoch()));
        this.containers = new Containers(places);
        this.nowNanos = clock.monotonic();
        this.tickNanos = nowNanos;
        this.monotonicOffset = nowNanos - clock.epoch();
    }

    Containers containers() {
        return containers;
    }

    /** Takes what happened since the last call: to be called before packets are looked at. */
    public void poll() {
        time();
        long total = 0;
        for (int i = 0; i < sources.size(); i++) {
            SocketSource source = sources.get(i);
            source.poll(this);
            total += source.lost();
        }
        if (total > lost) {
            lost = total;
            connections.lost(nowNanos);
        }
    }

    private void time() {
        nowNanos = clock.monotonic();
        if (nowNanos - tickNanos >= TICK_NANOS) {
            tickNanos = nowNanos;
            monotonicOffset = nowNanos - clock.epoch() - aheadNanos; // The clock may have been set.
            processes.tick(nowNanos);
        }
    }

    /** The times of connections are so far ahead of the machine's clock from here on. */
    public void clockSet(long ahead) {
        aheadNanos = ahead;
        monotonicOffset = clock.monotonic() - clock.epoch() - aheadNanos;
    }

    @Override
    public void connection(SocketEvent event, String method) {
        ProcessRecord process = processes.of(event, nowNanos);
        long nanos = event.monotonicNanos == 0 ? nowNanos : event.monotonicNanos;
        boolean weak = event.inferred || method.equals(AFTERWARDS);
        connections.put(event, process, methods.number(method), nanos, weak);
    }

    @Override
    public void forked(int parentPid, int childPid) {
        processes.forked(parentPid, childPid, nowNanos);
    }

    @Override
    public void executed(int pid, String path) {
        processes.executed(pid, path, nowNanos);
    }

    @Override
    public void exited(int pid) {
        processes.exited(pid, nowNanos);
    }

    /** As {@link egret.capture.origin.Origins#opened}: sources that must ask the kernel are told of it, unless it is known. */
    public void opened(Connection connection) {
        query.from(connection, monotonicOffset);
        ask();
    }

    /** Likewise of a connection that was translated, by the address and port that its socket has. */
    public void opened(Connection connection, long sourceHigh, long sourceLow, int sourcePort) {
        query.from(connection, monotonicOffset);
        query.sourceHigh = sourceHigh;
        query.sourceLow = sourceLow;
        query.sourcePort = sourcePort;
        ask();
    }

    private void ask() {
        if (connections.find(query) >= 0) {
            return;
        }
        for (int i = 0; i < sources.size(); i++) {
            SocketEvent event = seen;
            event.monotonicNanos = query.midStream ? 0 : query.openedNanos;
            event.pid = 0;
            event.tid = 0;
            event.uid = -1;
            event.cgroupId = 0;
            event.command = "";
            event.inferred = false;
            event.udp = query.udp;
            event.sourceHigh = query.sourceHigh;
            event.sourceLow = query.sourceLow;
            event.sourcePort = query.sourcePort;
            event.destinationHigh = query.destinationHigh;
            event.destinationLow = query.destinationLow;
            event.destinationPort = query.destinationPort;
            event.initialSequence = query.sequence;
            event.initialSequenceKnown = query.sequenceKnown;
            sources.get(i).opened(event, this);
        }
    }

    /** The number of the owner of a connection, for {@link #owner}; 0 if nobody told of it. */
    public int find(Connection connection) {
        query.from(connection, monotonicOffset);
        return answer(connection);
    }

    /** Likewise of a connection that was translated, by the addresses and ports that its socket has. */
    public int find(
            Connection connection,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long destinationHigh,
            long destinationLow,
            int destinationPort) {
        query.from(connection, monotonicOffset);
        query.sourceHigh = sourceHigh;
        query.sourceLow = sourceLow;
        query.sourcePort = sourcePort;
        query.destinationHigh = destinationHigh;
        query.destinationLow = destinationLow;
        query.destinationPort = destinationPort;
        return answer(connection);
    }

    private int answer(Connection connection) {
        int at = connections.find(query);
        boolean first = !connection.unnamedBefore() && !connection.failedBefore();
        ProcessRecord process = at < 0 ? null : connections.process(at);
        if (process == null) {
            unknown += first ? 1 : 0;
            return 0;
        }
        Quality quality = connections.quality();
        int method = connections.method(at);
        if (first) {
            methods.attributed(method);
            if (quality == Quality.EXACT) {
                exact++;
            } else {
                inferred++;
            }
        }
        int id = owners.id(process, quality, method, nowNanos);
        Identity identity = process.identity;
        if (identity != null && identity.asked == 0) {
            complete(identity); // So that its name is there when somebody wants to read it.
        }
        return id;
    }

    /** As far as it is known by now; {@link Owner#UNKNOWN} for a number that was given up. */
    public Owner owner(int id) {
        Identity.Face face = id == 0 ? null : owners.face(id);
        if (face == null) {
            return Owner.UNKNOWN;
        }
        Identity identity = face.identity;
        complete(identity);
        Owner made = face.made;
        if (made == null || face.madeVersion != identity.version) {
            made = new Owner(
                    id,
                    identity.process,
                    identity.processes,
                    Descriptions.container(identity),
                    Descriptions.service(identity),
                    face.quality,
                    methods.name(face.method));
            face.made = made;
            face.madeVersion = identity.version;
        }
        return made;
    }

    /** Takes over what was found of its cgroup and container, and asks for what is missing. */
    private void complete(Identity identity) {
        Cgroup cgroup = identity.cgroup;
        if (cgroup == null && identity.cgroupId != 0) {
            cgroup = processes.cgroup(identity.cgroupId);
            cgroup = cgroup == null ? containers.cgroup(identity.cgroupId) : cgroup;
            if (cgroup == null) {
                if (mayAsk(identity)) {
                    containers.askCgroup(identity.cgroupId);
                }
            } else {
                identity.cgroup = cgroup;
                identity.asked = 0;
                identity.version++;
            }
        }
        if (cgroup == null || cgroup.container().isEmpty()) {
            identity.asked = Math.max(1, identity.asked);
            return;
        }
        ContainerNames names = containers.names(cgroup.container());
        if (names == null && !cgroup.outer().isEmpty()) {
            names = containers.names(cgroup.outer()); // Nobody outside knows the inner one.
        }
        if (names != null && !names.equals(identity.names)) {
            identity.names = names;
            identity.version++;
        } else if (identity.names == null && mayAsk(identity)) {
            containers.ask(cgroup.container(), cgroup.runtime());
            if (!cgroup.outer().isEmpty()) {
                containers.ask(cgroup.outer(), cgroup.runtime());
            }
        }
    }

    private boolean mayAsk(Identity identity) {
        if (identity.asked > 0 && nowNanos - identity.askNanos < 0) {
            return false;
        }
        identity.askNanos = nowNanos + (ASK_NANOS << Math.min(identity.asked, MAX_ASK_SHIFT));
        identity.asked++;
        return true;
    }

    /** The figures so far. */
    public Coverage coverage() {
        Map<String, Long> byMethod = new TreeMap<>();
        for (int i = 0; i < methods.count(); i++) {
            byMethod.put(methods.name(i), methods.attributions(i));
        }
        Map<String, Long> shed = new TreeMap<>();
        put(shed, "owner-connections", connections.shed());
        put(shed, "processes", processes.shed());
        put(shed, "owners", owners.shed());
        put(shed, "containers", containers.shed());
        put(shed, "lookups", containers.refused());
        put(shed, "engine-events", containers.unreadableEvents());
        put(shed, "engine-failures", containers.engineFailures());
        return new Coverage(
                exact + inferred + unknown, exact, inferred, unknown, byMethod, lost, processes.unread(), shed);
    }

    private static void put(Map<String, Long> counts, String name, long count) {
        if (count > 0) {
            counts.put(name, count);
        }
    }

    /** What ended the lookup thread before its time, a bug; null while all is well. */
    public @Nullable Throwable failure() {
        return containers.failure();
    }

    /** Ends the lookup thread; what is known stays. */
    @Override
    public void close() {
        containers.close();
    }
}
