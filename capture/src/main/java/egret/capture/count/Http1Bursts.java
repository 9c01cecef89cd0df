// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of an HTTP/1.1 connection: a client that does not pipeline sends a request only after the answer to
 * the one before, so each turn from server to client is one. Not turns are session tickets and {@code 100 Continue}.
 */
final class Http1Bursts {
    /** {@code HTTP/1.1 100 Continue} and two line ends. */
    private static final int CONTINUE = 25;
    /** Plain sizes of a NewSessionTicket (OpenSSL: 249, 265 and 281, in pairs). */
    private static final int MIN_TICKET = 150;

    private static final int MAX_TICKET = 400;
    /** What Go fills its first record with, and only that (crypto/tls, maxPayloadSizeForWrite); more of the request follows. */
    private static final int GO_FIRST_1_3 = 1186;

    private static final int GO_FIRST_1_2 = 1179;
    /** A request line and a Host header have more, an answer's status line and headers too. */
    private static final int TOO_SMALL_REQUEST = 26;

    private static final int TOO_SMALL_ANSWER = 50;
    /** Head of a request with a Host and a User-Agent header, at least. */
    private static final int MIN_REQUEST = 40;
    /** Heads of requests that are believed to be pipelined in one record are below this. */
    private static final int MAX_PIPELINED = 16384;

    private boolean tickets;
    private boolean ticketsSettled;
    private int turns;
    private boolean clientSpoke;
    private int first;
    private int serverRecords;
    /** Size of a first server record that may be a ticket or an answer, 0 if that is settled. */
    private int held;

    private int ticket;
    private boolean goRecord;
    private boolean otherProtocol;
    private long heldAt;
    private boolean clientAfterHeld;
    private int burstRecords;
    private int burstBytes;
    private @Nullable RecordSizes bursts;
    private boolean burstsUsed;

    void reset() {
        tickets = false;
        ticketsSettled = false;
        turns = 0;
        clientSpoke = false;
        first = 0;
        serverRecords = 0;
        held = 0;
        ticket = 0;
        goRecord = false;
        otherProtocol = false;
        heldAt = 0;
        clientAfterHeld = false;
        burstRecords = 0;
        burstBytes = 0;
        burstsUsed = false;
    }

    /** Under TLS 1.3 tickets look like application data; before, they have a type of their own. */
    void expectTickets(boolean expected) {
        tickets = expected && !ticketsSettled;
    }

    void client(int plain) {
        boolean continued = goRecord;
        goRecord = first == 0 && (plain == GO_FIRST_1_3 || plain == GO_FIRST_1_2);
        if (first == 0) {
            first = plain;
        }
        if (!clientSpoke && !continued) {
            endBurst();
            otherProtocol |= turns > 0 && plain <= TOO_SMALL_REQUEST;
            turns++;
        } else if (held != 0 && !continued) {
            clientAfterHeld = true;
        }
        clientSpoke = true;
        burstRecords++;
        burstBytes += plain;
    }

    void server(int plain, long timestampNanos, long roundTripNanos) {
        if (plain == CONTINUE) {
            return;
        }
        otherProtocol |= serverRecords == 0 && plain <= TOO_SMALL_ANSWER;
        if (tickets && ticketSize(plain)) {
            if (turns == 0) {
                ticket = plain; // nothing was asked yet
                return;
            }
            if (plain == ticket) {
                ticketsSettled = true;
                return;
            }
            if (serverRecords == 0 && held == 0 && ticket == 0) {
                held = plain;
                heldAt = timestampNanos;
                return;
            }
        }
        if (held != 0) {
            boolean pair = plain == held && (!clientAfterHeld || timestampNanos - heldAt < roundTripNanos / 2);
            boolean missedTurn = clientAfterHeld && !pair;
            held = 0;
            clientAfterHeld = false;
            ticketsSettled = true;
            if (pair) {
                return;
            }
            serverRecords++;
            if (missedTurn) {
                turns++;
            }
        }
        serverRecords++;
        clientSpoke = false;
    }

    static boolean ticketSize(int plain) {
        return plain >= MIN_TICKET && plain <= MAX_TICKET;
    }

    private void endBurst() {
        if (turns == 0) {
            return;
        }
        RecordSizes sizes = bursts;
        if (sizes == null) {
            sizes = new RecordSizes();
            bursts = sizes;
        }
        if (!burstsUsed) {
            sizes.reset();
            burstsUsed = true;
        }
        if (burstRecords == 1) {
            sizes.add(burstBytes);
        }
        burstRecords = 0;
        burstBytes = 0;
    }

    /** The sizes cannot be those of HTTP/1.1: a server that speaks before it is asked (SETTINGS), tiny requests. */
    boolean otherProtocol() {
        return otherProtocol;
    }

    int turns() {
        return turns;
    }

    /** Requests beyond one per turn, where heads of equal size came several in a record. */
    int pipelined() {
        RecordSizes sizes = bursts;
        if (sizes == null || !burstsUsed) {
            return 0;
        }
        int part = sizes.divisorOf(sizes.mostFrequent(), MIN_REQUEST);
        int unit = part > 0 ? part : sizes.smallest(3);
        if (unit < MIN_REQUEST) {
            return 0;
        }
        int extra = sizes.beyondOne(unit, MAX_PIPELINED);
        if (burstRecords == 1 && burstBytes >= 2 * unit && burstBytes % unit == 0 && burstBytes < MAX_PIPELINED) {
            extra += burstBytes / unit - 1;
        }
        return serverRecords >= turns + extra ? extra : 0;
    }

    /** A turn that depends on whether the one server record before it was a ticket or an answer. */
    int doubtful() {
        return held != 0 && clientAfterHeld ? 1 : 0;
    }

    int firstRequestSize() {
        return first;
    }
}
