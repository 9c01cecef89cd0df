// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * Guesses at the TLS records of a connection whose packets were cut behind their headers: the header of the record that
 * starts a segment is mostly still there, and what the segment has beyond it is taken for one more record.
 */
final class SegmentRecords {
    private static final int HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    /** ChangeCipherSpec and Finished of TLS 1.2 with GCM, as bytes on the wire. */
    private static final int FINISHED_1_2 = 6 + 45;
    /** Finished of TLS 1.3 with SHA-256, with SHA-384, and with SHA-384 and Java's padding. */
    private static final int[] FINISHED_1_3 = {58, 74, 90};

    private boolean helloSeen;
    private boolean finished;
    private int clientRest;
    private int serverRest;

    void reset() {
        helloSeen = false;
        finished = false;
        clientRest = 0;
        serverRest = 0;
    }

    void finished() {
        helloSeen = true;
        finished = true;
    }

    void hello() {
        helloSeen = true;
    }

    void segment(
            RequestEstimator target,
            boolean fromClient,
            int newBytes,
            int headType,
            int headLength,
            long timestampNanos) {
        int rest = fromClient ? clientRest : serverRest;
        int left = newBytes - Math.min(rest, newBytes);
        rest -= newBytes - left;
        if (left > 0) {
            int type = APPLICATION_DATA;
            if (rest == 0 && left == newBytes && headType != 0) {
                type = headType;
                target.framed(fromClient, headType, headLength, timestampNanos);
                rest = Math.max(0, HEADER + headLength - left);
                left -= HEADER + headLength;
            }
            if (fromClient && type != APPLICATION_DATA) {
                left = handshake(target, type, left, timestampNanos);
            } else if (type != APPLICATION_DATA) {
                left = 0; // the server's flight, or its Finished
            }
            int total = HEADER + headLength;
            if (type == APPLICATION_DATA && headType != 0 && left > total && left % total == 0) {
                for (; left > total; left -= total) {
                    target.framed(fromClient, type, headLength, timestampNanos); // answers of one size
                }
            }
            if (left > HEADER) {
                target.framed(fromClient, APPLICATION_DATA, left - HEADER, timestampNanos);
            }
        }
        if (fromClient) {
            clientRest = rest;
        } else {
            serverRest = rest;
        }
    }

    /** @return how many bytes lie behind the client's handshake, of the {@code left} behind its first record */
    private int handshake(RequestEstimator target, int type, int left, long timestampNanos) {
        if (!helloSeen) {
            helloSeen = true;
            return 0;
        }
        if (finished || left <= 0) {
            return left;
        }
        if (type == CHANGE_CIPHER_SPEC) {
            finished = true;
            int length = FINISHED_1_3[0];
            for (int known : FINISHED_1_3) {
                length = left == known ? known : length;
            }
            target.framed(true, APPLICATION_DATA, length - HEADER, timestampNanos);
            return left - length;
        }
        if (type == HANDSHAKE) {
            finished = true;
            target.framed(true, CHANGE_CIPHER_SPEC, 1, timestampNanos);
            return left - FINISHED_1_2;
        }
        return left;
    }
}
