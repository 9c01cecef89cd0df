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

    private final RecordSizes client = new RecordSizes();
    private final RecordSizes server = new RecordSizes();
    private int preface;
    private int settingsAcks;
    private int candidates;
    private int turns;
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
        clientSpoke = false;
        lastClient = 0;
        answers = 0;
        upload = false;
    }

    void client(int plain) {
        if (preface == 0) {
            preface = plain;
            return;
        }
        lastClient = plain;
        if (plain == SETTINGS_ACK || plain == WINDOW_UPDATE) {
            settingsAcks += plain == SETTINGS_ACK ? 1 : 0;
            return;
        }
        candidates++;
        if (plain <= MAX_HEADERS) {
            client.add(plain);
        }
        if (!clientSpoke) {
            turns++;
            clientSpoke = true;
        }
    }

    void server(int plain) {
        if (plain == WINDOW_UPDATE) {
            upload |= candidates > 0;
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
            case SETTINGS_ACK, WINDOW_UPDATE, GOAWAY, 22, 26, 39, 40 -> true;
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
        int merged = preface > MAX_PREFACE ? 1 : 0;
        if (merged == 1 && m > 0 && m <= 60) {
            merged += Math.max(0, (2 * (preface - 64 - 70) + m) / (2 * m));
        }
        if (upload) {
            int byTurn = turns + (preface > MAX_PREFACE ? 1 : 0) - goaway;
            return m == 0 ? byTurn : Math.max(byTurn, client.near(m, 3) + 1);
        }
        int single = candidates - goaway;
        if (single == 0 && merged == 1 && preface > 200) {
            return Math.max(1, server.mode(WINDOW_UPDATE) + 1);
        }
        return single + merged + (m > 0 && m <= 60 ? client.beyondOne(m, 3000) : 0);
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
