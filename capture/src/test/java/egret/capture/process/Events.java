// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.socket.SocketEvent;

/** Socket events for tests, from 192.0.2.0/24 to 198.51.100.0/24. */
final class Events {
    private static final long IPV4 = 0x0000_ffff_0000_0000L;

    private Events() {}

    static long local(int host) {
        return IPV4 | 0xc000_0200L | host;
    }

    static long remote(int host) {
        return IPV4 | 0xc633_6400L | host;
    }

    static SocketEvent of(int pid, long nanos, int source, int sourcePort, int destination, int destinationPort) {
        SocketEvent event = new SocketEvent();
        event.pid = pid;
        event.uid = -1;
        event.monotonicNanos = nanos;
        event.sourceLow = local(source);
        event.sourcePort = sourcePort;
        event.destinationLow = remote(destination);
        event.destinationPort = destinationPort;
        return event;
    }

    static SocketEvent withSequence(SocketEvent event, int sequence) {
        event.initialSequence = sequence;
        event.initialSequenceKnown = true;
        return event;
    }

    static ConnectionQuery query(long openedNanos, int source, int sourcePort, int destination, int destinationPort) {
        ConnectionQuery query = new ConnectionQuery();
        query.openedNanos = openedNanos;
        query.sourceLow = local(source);
        query.sourcePort = sourcePort;
        query.destinationLow = remote(destination);
        query.destinationPort = destinationPort;
        return query;
    }

    static ConnectionQuery withSequence(ConnectionQuery query, int sequence) {
        query.sequence = sequence;
        query.sequenceKnown = true;
        return query;
    }
}
