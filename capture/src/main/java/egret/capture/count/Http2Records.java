// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * Estimates the requests of an HTTP/2 connection from the sizes of its records: a HEADERS frame mostly has a record of its
 * own, and the control frames have fixed sizes (RFC 9113 §6). Repeated HEADERS are small, because HPACK sends what was
 * sent before as an index.
 */
final class Http2Records {
    private static final int SETTINGS_ACK = 9;
    private static final int WINDOW_UPDATE = 13;
    private static final int GOAWAY = 17;
    /** The preface, SETTINGS and a WINDOW_UPDATE come to at most this much; a bigger first record holds HEADERS too. */
    private static final int MAX_PREFACE = 75;
    /** Sizes above are bodies. */
    private static final int MAX_HEADERS = 2000;
    /** Records of several HEADERS are below this. */
    private static final int MAX_MERGED = 3000;

    private final RecordSizes client = new RecordSizes();
    private final RecordSizes server = new RecordSizes();
    private int preface;
    private int settingsAcks;
    private int candidates;
    private int turns;
    private boolean merged;
    private boolean clientSpoke;
    private int lastClient;
    private int answers;
    private boolean upload;

    void reset() {
        client.reset();
        server.reset();
        preface = 0;
        settingsAcks = 0;
        candidates = 0;
        turns = 0;
        merged = false;
        clientSpoke = false;
        lastClient = 0;
        answers = 0;
        upload = false;
    }

    void client(int plain) {
        if (preface == 0) {
            preface = plain;
            if (plain > MAX_PREFACE) {
                merged = true;
                clientSpoke = true;
                turns = 1;
            }
            return;
        }
        lastClient = plain;
        if (plain == SETTINGS_ACK || plain == WINDOW_UPDATE) {
            settingsAcks += plain == SETTINGS_ACK ? 1 : 0;
            return;
        }
        candidates++;
        if (candidates > 1 || merged) {
            if (plain <= MAX_HEADERS) {
                client.add(plain); // the first HEADERS are spelled out: no unit, and no multiple of one
            }
        }
        if (!clientSpoke) {
            turns++;
            clientSpoke = true;
        }
    }

    void server(int plain) {
        if (plain == WINDOW_UPDATE || plain == 2 * WINDOW_UPDATE || plain == SETTINGS_ACK + WINDOW_UPDATE) {
            upload |= candidates > 0 || merged;
            return;
        }
        if (serverControl(plain)) {
            return;
        }
        server.add(plain);
        answers++;
        clientSpoke = false;
    }

    /** Sizes of SETTINGS, its acknowledgement, WINDOW_UPDATE and PING, alone and together. */
    private static boolean serverControl(int plain) {
        return switch (plain) {
            case SETTINGS_ACK, GOAWAY, 30, 39, 40, 49, 53, 62 -> true;
            default -> false;
        };
    }

    /** The client acknowledged SETTINGS: nothing else has nine bytes. */
    boolean settled() {
        return settingsAcks > 0;
    }

    int count() {
        int m = client.smallest(3);
        int goaway = lastClient == GOAWAY && (m != GOAWAY || answers < candidates) ? 1 : 0;
        if (upload) {
            int byTurn = turns - (turns > 1 ? goaway : 0);
            return m == 0 ? byTurn : Math.max(byTurn, client.near(m, 3) + 1);
        }
        int single = candidates - goaway + (merged ? 1 : 0);
        int more = mergedHeaders(m, candidates - goaway);
        return single + Math.max(0, Math.min(more, answers - single));
    }

    /** Requests beyond one per record: HEADERS of several streams that were written together. */
    private int mergedHeaders(int m, int single) {
        if (single == 0) {
            return merged && preface > 200 ? server.mode(WINDOW_UPDATE) : 0;
        }
        if (m == 0 || m > 60) {
            return 0;
        }
        int more = client.beyondOne(m, MAX_MERGED);
        if (settingsAcks == 0) {
            more += client.beyondOnePlus(SETTINGS_ACK, m, MAX_MERGED);
        }
        return merged ? more + Math.max(0, (2 * (preface - 64 - 70) + m) / (2 * m)) : more;
    }

    int low() {
        int count = count();
        return Math.min(count, count - count / 8);
    }

    int high() {
        int count = count();
        return count + count / 8;
    }
}
