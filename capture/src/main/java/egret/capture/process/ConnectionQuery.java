// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.flow.Connection;

/** A connection as its packets show it, put to {@link ConnectionOwners}: one mutable object that is filled for each question. */
final class ConnectionQuery {
    boolean udp;
    long sourceHigh;
    long sourceLow;
    int sourcePort;
    long destinationHigh;
    long destinationLow;
    int destinationPort;
    int sequence;
    boolean sequenceKnown;
    boolean midStream;

    /** Of its first packet, monotonic. */
    long openedNanos;

    /** @param monotonicOffset what is to be added to a time since the epoch to make it monotonic */
    void from(Connection connection, long monotonicOffset) {
        udp = connection.quic();
        sourceHigh = connection.clientHigh();
        sourceLow = connection.clientLow();
        sourcePort = connection.clientPort();
        destinationHigh = connection.serverHigh();
        destinationLow = connection.serverLow();
        destinationPort = connection.serverPort();
        sequence = connection.initialSequence();
        sequenceKnown = connection.initialSequenceKnown();
        midStream = connection.midStream();
        openedNanos = connection.openedNanos() + monotonicOffset;
    }
}
