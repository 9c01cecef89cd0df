// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * Guesses at the TLS records in payload that cannot be framed, of a connection of which some records can: where packets
 * were cut behind their headers, the header of the record that starts a packet is mostly still there, and what the packet
 * has beyond that record is taken for more of its size, or else for one more.
 */
final class SegmentRecords {
    private static final int HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    /** ChangeCipherSpec and Finished of TLS 1.2 with GCM, as bytes on the wire. */
    private static final int FINISHED_1_2 = 6 + 45;
    /** Finished of TLS 1.3 with SHA-256, as bytes on the wire. */
    private static final int FINISHED_1_3 = 58;

    private int clientHandshakes;
    private int clientType;
    private int clientLength;
    private long clientNanos;
    private int serverType;
    private int serverLength;
    private long serverNanos;

    void reset() {
        clientHandshakes = 0;
        clientType = 0;
        serverType = 0;
    }

    void helloSeen() {
        clientHandshakes = 1;
    }

    /** A record was framed: it starts what may follow in the same packet. */
    void head(boolean fromClient, int type, int length, long timestampNanos) {
        if (fromClient) {
            clientHandshakes += type == HANDSHAKE ? 1 : 0;
            clientType = type;
            clientLength = length;
            clientNanos = timestampNanos;
        } else {
            serverType = type;
            serverLength = length;
            serverNanos = timestampNanos;
        }
    }

    void rest(RequestEstimator target, boolean fromClient, int bytes, long timestampNanos) {
        int type = fromClient ? clientType : serverType;
        int left = bytes;
        if (timestampNanos == (fromClient ? clientNanos : serverNanos) && type != 0) {
            if (type == APPLICATION_DATA) {
                int length = fromClient ? clientLength : serverLength;
                if (left % (HEADER + length) == 0) {
                    for (; left > HEADER + length; left -= HEADER + length) {
                        target.framed(fromClient, type, length, timestampNanos);
                    }
                }
            } else {
                left = fromClient ? behindHandshake(target, type, left, timestampNanos) : 0;
            }
        }
        if (left > HEADER) {
            target.framed(fromClient, APPLICATION_DATA, left - HEADER, timestampNanos);
        }
    }

    /** @return how many of the bytes behind a record of the client's handshake lie behind the whole of it */
    private int behindHandshake(RequestEstimator target, int type, int left, long timestampNanos) {
        if (type == CHANGE_CIPHER_SPEC) {
            target.framed(true, APPLICATION_DATA, FINISHED_1_3 - HEADER, timestampNanos);
            return left - FINISHED_1_3;
        }
        if (clientHandshakes < 2) {
            return 0; // more of the hello
        }
        target.framed(true, CHANGE_CIPHER_SPEC, 1, timestampNanos);
        return left - FINISHED_1_2;
    }
}
