// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * Counts requests from payload sizes and directions alone, where TLS records cannot be framed: payload is merged into runs
 * per direction, and each run of the client is one request unless its size tells that it is part of the handshake or an
 * alert. Exact for a client that waits for each answer; too low where requests of one connection overlap.
 */
final class PayloadRuns {
    private static final int RECORD_HEADER = 5;
    /** A record that Go fills up (crypto/tls, tcpMSSEstimate); more of the same request follows. */
    private static final int GO_FIRST = 1208;

    private boolean helloExpected;
    private boolean keysExpected;
    private boolean open;
    private boolean openFromClient;
    private int openBytes;
    private boolean goRecord;
    private int requests;
    private int first;
    private int clientSegments;

    void reset() {
        helloExpected = false;
        keysExpected = false;
        open = false;
        openFromClient = false;
        openBytes = 0;
        goRecord = false;
        requests = 0;
        first = 0;
        clientSegments = 0;
    }

    /** The connection's first bytes are in the capture: the first run of the client is its hello. */
    void expectHello() {
        helloExpected = true;
        keysExpected = true;
    }

    void add(boolean fromClient, int bytes) {
        if (!fromClient && (bytesOfContinue(bytes) || (goRecord && ticket(bytes)))) {
            return;
        }
        if (!open || openFromClient != fromClient) {
            close();
            open = true;
            openFromClient = fromClient;
            openBytes = 0;
        }
        openBytes += bytes;
        goRecord = fromClient
                && requests == 0
                && (bytes == GO_FIRST || (keysExpected && endOfHandshake(bytes - GO_FIRST)));
        clientSegments += fromClient ? 1 : 0;
    }

    /** One or two session tickets of OpenSSL, TLS 1.3: nothing else comes between the two records of a request of Go. */
    private static boolean ticket(int bytes) {
        return switch (bytes) {
            case 271, 287, 303, 542, 574, 606 -> true;
            default -> false;
        };
    }

    private void close() {
        if (!open || !openFromClient || openBytes == 0) {
            return;
        }
        if (helloExpected) {
            helloExpected = false;
        } else if (keysExpected && endOfHandshake(openBytes)) {
            keysExpected = false;
        } else if (!alert(openBytes)) {
            keysExpected = false;
            requests++;
            if (first == 0) {
                first = Math.max(1, openBytes - RECORD_HEADER - 17);
            }
        }
    }

    int requests() {
        boolean counts = open
                && openFromClient
                && openBytes > 0
                && !helloExpected
                && !(keysExpected && endOfHandshake(openBytes))
                && !alert(openBytes);
        return counts ? requests + 1 : requests;
    }

    int clientSegments() {
        return clientSegments;
    }

    int firstRequestSize() {
        return first;
    }

    /**
     * TLS 1.3: ChangeCipherSpec (6, or none) and Finished (58 with SHA-256, 74 with SHA-384, 90 where padded). TLS 1.2:
     * ClientKeyExchange (X25519 42, P-256 75, P-384 107, RSA 2048 267), ChangeCipherSpec and Finished (GCM 45, ChaCha20
     * 37).
     */
    static boolean endOfHandshake(int bytes) {
        return switch (bytes) {
            case 58, 74, 90, 64, 80, 96, 93, 126, 158, 318, 85, 118, 150, 310 -> true;
            default -> false;
        };
    }

    /** An alert in a record: TLS 1.3, TLS 1.2 with GCM. */
    private static boolean alert(int bytes) {
        return bytes == 24 || bytes == 31;
    }

    /** {@code 100 Continue} in a record: TLS 1.3, TLS 1.2 with GCM. */
    private static boolean bytesOfContinue(int bytes) {
        return bytes == RECORD_HEADER + 25 + 17 || bytes == RECORD_HEADER + 25 + 24;
    }
}
