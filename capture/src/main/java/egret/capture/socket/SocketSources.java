// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The best source that works here, with what belongs beside it: who tells of new programs, sock_diag for UDP if the source
 * does not tell of it, and the inventory of the connections that exist. One poll over all. Used by one thread.
 */
public final class SocketSources implements SocketSource {
    /** The best one that works. */
    public static final String AUTO = "auto";
    /** Nobody is asked. */
    public static final String OFF = "off";

    private final String method;
    private final Probe probe;
    private final @Nullable SocketSource primary;
    private final @Nullable SocketSource programs;
    /** Who is asked about UDP only, beside another source. */
    private final @Nullable SockDiag datagrams;

    private final @Nullable Inventory inventory;

    private SocketSources(Builder built) {
        method = built.method;
        probe = new Probe(built.methods);
        primary = built.primary;
        programs = built.programs;
        datagrams = built.datagrams;
        inventory = built.inventory;
    }

    /**
     * Tries one after the other, best first, by loading each.
     *
     * @param choice {@link #AUTO}, {@link #OFF}, or a method's name: then no other one
     * @throws SocketSourceException if the choice is none, or the chosen one does not work here
     */
    public static SocketSources open(String choice) throws SocketSourceException {
        Builder builder = new Builder();
        if (!OFF.equals(choice)) {
            builder.choose(choice);
            builder.addBeside();
        }
        return new SocketSources(builder);
    }

    /** The names that {@link #open} takes. */
    public static List<String> choices() {
        List<String> choices = new ArrayList<>();
        choices.add(AUTO);
        for (Way way : Way.values()) {
            choices.add(way.method());
        }
        choices.add(OFF);
        return choices;
    }

    /** What was tried, and what is used. */
    public Probe probe() {
        return probe;
    }

    /** Of the source that tells of connections; {@link #OFF} if there is none. */
    @Override
    public String method() {
        return method;
    }

    /** Whether the kernel must be asked about a connection while its socket lasts. */
    public boolean asks() {
        return primary instanceof SockDiag || primary instanceof Inventory || datagrams != null;
    }

    /** Whether it opens sockets in the network namespaces of others while it is polled, which takes CAP_SYS_ADMIN. */
    public boolean entersNamespaces() {
        return primary instanceof SockDiag || datagrams != null;
    }

    @Override
    public void poll(SocketEvents events) {
        SocketEvents heard = datagrams == null ? events : datagrams.hearing(events);
        if (programs != null) {
            programs.poll(heard);
        }
        if (primary != null) {
            primary.poll(heard);
        }
        if (datagrams != null) {
            datagrams.poll(events);
        }
        if (inventory != null) {
            inventory.poll(events);
        }
    }

    @Override
    public void opened(SocketEvent seen, SocketEvents events) {
        if (primary != null) {
            primary.opened(seen, events);
        }
        if (datagrams != null && seen.udp) {
            datagrams.opened(seen, events);
        }
    }

    @Override
    public long lost() {
        return lost(primary) + lost(programs) + lost(datagrams) + lost(inventory);
    }

    @Override
    public String silence() {
        return primary == null ? "" : primary.silence();
    }

    private static long lost(@Nullable SocketSource source) {
        return source == null ? 0 : source.lost();
    }

    @Override
    public void close() {
        close(primary);
        close(programs);
        close(datagrams);
        close(inventory);
    }

    private static void close(@Nullable SocketSource source) {
        if (source != null) {
            source.close();
        }
    }

    private static final class Builder {
        private final List<Probe.Method> methods = new ArrayList<>();
        private String method = OFF;
        private @Nullable SocketSource primary;
        private @Nullable SocketSource programs;
        private @Nullable SockDiag datagrams;
        private @Nullable Inventory inventory;

        private void choose(String choice) throws SocketSourceException {
            boolean auto = AUTO.equals(choice);
            boolean known = auto;
            for (Way way : Way.values()) {
                boolean chosen = auto || way.method().equals(choice);
                known |= chosen;
                if (!chosen || primary != null) {
                    methods.add(new Probe.Method(way.method(), Probe.State.NOT_TRIED, ""));
                    continue;
                }
                try {
                    primary = way.open();
                    method = way.method();
                    methods.add(new Probe.Method(method, Probe.State.USED, way.limits()));
                } catch (SocketSourceException e) {
                    if (!auto) {
                        throw e;
                    }
                    methods.add(new Probe.Method(way.method(), Probe.State.FAILED, Probe.sentence(e)));
                }
            }
            if (!known) {
                throw new SocketSourceException(
                        "\"" + choice + "\" is no way to find owners: one of " + String.join(", ", choices()) + ".");
            }
        }

        private void addBeside() {
            if (primary instanceof BpfSource bpf) {
                addPrograms();
                if (!bpf.datagrams()) {
                    addDatagrams();
                }
            } else if (primary instanceof TraceSource) {
                addDatagrams();
            }
            if (primary != null && !(primary instanceof Inventory)) {
                inventory = Inventory.once();
            }
        }

        private void addPrograms() {
            try {
                programs = TraceSource.ofProcesses();
            } catch (SocketSourceException notByTracing) {
                try {
                    programs = ProcessConnector.open();
                } catch (SocketSourceException notAtAll) {
                    programs = null; // processes are read from /proc when they connect; those that ended stay without a
                    // path
                }
            }
        }

        private void addDatagrams() {
            try {
                datagrams = SockDiag.open(null);
            } catch (SocketSourceException ignored) {
                datagrams = null; // UDP stays without an owner, which each answer counts
            }
        }
    }
}
