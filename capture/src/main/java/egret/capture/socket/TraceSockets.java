// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/**
 * Joins the two events of a TCP connection, which come in the order of time: it begins in the process that connects, but
 * has no port yet; it leaves SYN_SENT anywhere, with its port. The key is the address of the kernel's socket, which is
 * used again within milliseconds: where events are missing, nothing is joined.
 */
final class TraceSockets {
    /** Connections whose SYN is not answered yet: 30 s of 1,000 a second. */
    private static final int SOCKETS_BITS = 15;

    private static final int SYN_SENT = 2;

    private final String method;
    private final TraceProcesses processes;
    private final KeySlots sockets = new KeySlots(SOCKETS_BITS);
    private final int[] threads = new int[sockets.capacity()];
    private final int[] pids = new int[sockets.capacity()];
    private final int[] ports = new int[sockets.capacity()];
    private final long[] highs = new long[sockets.capacity()];
    private final long[] lows = new long[sockets.capacity()];
    private final SocketEvent connection = new SocketEvent();
    private long gapUntil = Long.MIN_VALUE;
    private long unjoined;

    TraceSockets(String method, TraceProcesses processes) {
        this.method = method;
        this.processes = processes;
    }

    /** Connections that left SYN_SENT without having been seen to begin, or that had to make room for others. */
    long unjoined() {
        return unjoined + sockets.shed();
    }

    void take(TraceEvent event, SocketEvents events) {
        switch (event.kind) {
            case GAP -> {
                sockets.clear();
                gapUntil = event.until;
            }
            case STATE -> {
                if (event.newState == SYN_SENT) {
                    begin(event, events);
                } else if (event.oldState == SYN_SENT) {
                    end(event, events);
                }
            }
            case NEW_TASK, EXECUTED, EXITED -> {}
        }
    }

    private void begin(TraceEvent event, SocketEvents events) {
        int pid = processes.process(event.thread);
        if (event.sourcePort != 0) {
            // Bound before: all is known already.
            tell(event, pid, event.thread, events);
        }
        if (event.time > gapUntil) {
            int slot = sockets.claim(event.socket);
            threads[slot] = event.thread;
            pids[slot] = pid;
            ports[slot] = event.destinationPort;
            highs[slot] = event.destinationHigh;
            lows[slot] = event.destinationLow;
        }
    }

    private void end(TraceEvent event, SocketEvents events) {
        int slot = sockets.find(event.socket);
        if (slot < 0
                || ports[slot] != event.destinationPort
                || highs[slot] != event.destinationHigh
                || lows[slot] != event.destinationLow) {
            unjoined++;
            return;
        }
        sockets.free(slot);
        if (event.sourcePort != 0) {
            tell(event, pids[slot], threads[slot], events);
        }
    }

    private void tell(TraceEvent event, int pid, int thread, SocketEvents events) {
        connection.monotonicNanos = event.time;
        connection.pid = pid;
        connection.tid = thread;
        connection.uid = -1;
        connection.cgroupId = 0;
        connection.command = "";
        connection.udp = false;
        connection.sourceHigh = event.sourceHigh;
        connection.sourceLow = event.sourceLow;
        connection.sourcePort = event.sourcePort;
        connection.destinationHigh = event.destinationHigh;
        connection.destinationLow = event.destinationLow;
        connection.destinationPort = event.destinationPort;
        connection.initialSequence = 0;
        connection.initialSequenceKnown = false;
        connection.inferred = false;
        events.connection(connection, method);
    }
}
