// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/**
 * What processes do, from the kernel's tracing, beside a source that tells of sockets: new ones, ended ones, and the
 * paths of executables, also of processes that are gone before /proc could be read. Tells of no connection. Needs what
 * {@link TraceSource} needs.
 */
public final class TraceExecs implements SocketSource {
    private final TraceReader reader;
    private final TraceProcesses processes;
    private final Taker taker = new Taker();

    private TraceExecs(TraceReader reader) {
        this.reader = reader;
        processes = new TraceProcesses(reader.tellsLastExit());
    }

    public static TraceExecs open() throws SocketSourceException {
        return new TraceExecs(TraceReader.open(false));
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
        return reader.lost();
    }

    @Override
    public void close() {
        reader.close();
    }

    private final class Taker implements TraceOrder.Taker {
        private SocketEvents events = NoSocketEvents.INSTANCE;

        @Override
        public void take(TraceEvent event) {
            processes.take(event, events);
        }
    }
}
