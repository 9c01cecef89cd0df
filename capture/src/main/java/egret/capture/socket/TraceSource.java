// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/**
 * The kernel's tracing, where BPF is refused: exact for every process that connects by TCP, however short its life, in
 * every container, and with the paths of what is executed. Told when the SYN is answered or given up. Needs tracefs
 * (CAP_DAC_OVERRIDE), Linux 4.16; a machine on which it is not mounted stays so.
 *
 * <p>UDP is not told: no event has its addresses.
 */
public final class TraceSource implements SocketSource {
    private final TraceReader reader;
    private final TraceProcesses processes;
    private final TraceSockets sockets;
    private final Taker taker = new Taker();

    TraceSource(TraceReader reader) {
        this.reader = reader;
        processes = new TraceProcesses(reader.tellsLastExit());
        sockets = new TraceSockets(method(), processes);
    }

    public static TraceSource open() throws SocketSourceException {
        return new TraceSource(TraceReader.open(true));
    }

    @Override
    public String method() {
        return "tracefs";
    }

    @Override
    public void poll(SocketEvents events) {
        taker.events = events;
        reader.poll(taker);
    }

    @Override
    public long lost() {
        return reader.lost() + sockets.unjoined();
    }

    @Override
    public void close() {
        reader.close();
    }

    private final class Taker implements TraceOrder.Taker {
        private SocketEvents events = NoSocketEvents.INSTANCE;

        @Override
        public void take(TraceEvent event) {
            sockets.take(event, events);
            processes.take(event, events);
        }
    }
}
