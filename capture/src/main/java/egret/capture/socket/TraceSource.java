// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import org.jspecify.annotations.Nullable;

/**
 * The kernel's tracing, where BPF is refused: exact for every process that connects by TCP, however short its life, in
 * every container, and with the paths of what is executed. Told when the SYN is answered or given up. Needs tracefs
 * (CAP_DAC_OVERRIDE), Linux 4.16; a machine on which it is not mounted stays so.
 *
 * <p>UDP is not told: no event has its addresses.
 *
 * <p>Beside a source that tells of sockets it serves for processes alone: new ones, ended ones, and the paths of
 * executables, also of processes that are gone before /proc could be read.
 */
final class TraceSource implements SocketSource {
    private static final String METHOD = "tracefs";

    private final TraceReader reader;
    private final TraceProcesses processes;
    /** Null if only processes are asked for. */
    private final @Nullable TraceSockets sockets;

    private final Taker taker = new Taker();

    TraceSource(TraceReader reader, boolean connections) {
        this.reader = reader;
        processes = new TraceProcesses(reader.tellsLastExit());
        sockets = connections ? new TraceSockets(METHOD, processes) : null;
    }

    public static TraceSource open() throws SocketSourceException {
        return new TraceSource(TraceReader.open(true), true);
    }

    /** Tells of processes only. */
    static TraceSource ofProcesses() throws SocketSourceException {
        return new TraceSource(TraceReader.open(false), false);
    }

    @Override
    public String method() {
        return METHOD;
    }

    @Override
    public void poll(SocketEvents events) {
        taker.events = events;
        reader.poll(taker);
    }

    @Override
    public long lost() {
        return reader.lost() + (sockets == null ? 0 : sockets.unjoined());
    }

    @Override
    public void close() {
        reader.close();
    }

    private final class Taker implements TraceOrder.Taker {
        private SocketEvents events = NoSocketEvents.INSTANCE;

        @Override
        public void take(TraceEvent event) {
            if (sockets != null) {
                sockets.take(event, events);
            }
            processes.take(event, events);
        }
    }
}
