// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * Estimates the requests of an HTTP/2 connection from the sizes of its records. Two witnesses: the client's records, since
 * a HEADERS frame mostly has a record of its own and control frames have fixed sizes (RFC 9113 §6), and the server's, since
 * like requests get answers of one size. Repeated HEADERS are small, because HPACK sends what was sent before as an index;
 * several of them in one record are told by their common size, or by the number of answers.
 */
final class Http2Records {
    private static final int SETTINGS_ACK = 9;
    private static final int WINDOW_UPDATE = 13;
    private static final int GOAWAY = 17;
    /** Preface (24), SETTINGS of up to 8 entries and a WINDOW_UPDATE: no more is sent before HEADERS. */
    private static final int MAX_PREFACE = 94;
    /** What Go and curl send as preface; up to {@link #MAX_PREFACE} what comes next tells whether HEADERS are in it. */
    private static final int USUAL_PREFACE = 75;
    /** The server's SETTINGS with acknowledgement and WINDOW_UPDATE. */
    private static final int MAX_SERVER_PREFACE = 64;
    /** Below this much data from the server a client opens no window anew; above, records of 26 bytes do that. */
    private static final int BULK = 8192;
    /** No client lets a server send this much, in bytes, before it opens the window anew. */
    private static final long RARE_UPDATES = 256 << 10;
    /** Most clients do it more often than this. */
    private static final long OFTEN_UPDATES = 64 << 10;
    /** What follows such a record of the client belongs to the same body. */
    private static final int FULL_RECORD = 16000;
    /** Sizes above are bodies. */
    private static final int MAX_HEADERS = 2000;
    /** Records of several HEADERS are below this. */
    private static final int MAX_MERGED = 3000;
    /** A HEADERS frame of six indexed fields has 15 bytes, of five 14. */
    private static final int MIN_HEADERS = 14;
    /** HEADERS and body of a request that shares the preface's record with others, at least. */
    private static final int MIN_UPLOAD = 100;
    /** Plain preface without HEADERS, and first HEADERS that are spelled out, at least. */
    private static final int LEAST_FIRST = 33 + 40;

    private final RecordSizes client = new RecordSizes();
    private final RecordSizes server = new RecordSizes();
    private boolean tickets;
    private int held;
    private int serverRecords;
    private int preface;
    private boolean undecided;
    private boolean merged;
    private int settingsAcks;
    private int candidates;
    private int doubtful;
    private int turns;
    private boolean clientSpoke;
    private int lastClient;
    private int lastServer;
    private int serverBytes;
    private int bulkUpdates;
    private int smallUpdates;
    private long allBytes;
    private int answers;
    private int firstAnswer;
    private boolean upload;

    void reset(boolean expectTickets) {
        client.reset();
        server.reset();
        tickets = expectTickets;
        held = 0;
        serverRecords = 0;
        preface = 0;
        undecided = false;
        merged = false;
        settingsAcks = 0;
        candidates = 0;
        doubtful = 0;
        turns = 0;
        clientSpoke = false;
        lastClient = 0;
        lastServer = 0;
        serverBytes = 0;
        bulkUpdates = 0;
        smallUpdates = 0;
        allBytes = 0;
        answers = 0;
        firstAnswer = 0;
        upload = false;
    }

    void client(int plain) {
        if (preface == 0) {
            preface = plain;
            undecided = plain > USUAL_PREFACE && plain <= MAX_PREFACE;
            if (plain > MAX_PREFACE) {
                mergePreface();
            }
            return;
        }
        boolean tail = lastClient >= FULL_RECORD;
        lastClient = plain;
        if (plain == SETTINGS_ACK || plain == WINDOW_UPDATE || (plain == GOAWAY && lastServer == GOAWAY)) {
            settingsAcks += plain == SETTINGS_ACK ? 1 : 0; // or the answer to a PING
            return;
        }
        boolean updater = bulkUpdates >= 3 && allBytes < bulkUpdates * RARE_UPDATES;
        if (updater && (plain == 3 * WINDOW_UPDATE || plain == 4 * WINDOW_UPDATE)) {
            return;
        }
        if (serverBytes >= BULK && plain == 2 * WINDOW_UPDATE) {
            bulkUpdates++;
            return;
        }
        if (serverBytes >= BULK
                && settingsAcks == 0
                && plain < 6 * WINDOW_UPDATE
                && (plain - SETTINGS_ACK) % WINDOW_UPDATE == 0) {
            settingsAcks++;
            return;
        }
        smallUpdates += plain == 2 * WINDOW_UPDATE ? 1 : 0;
        serverBytes = 0;
        undecided = false;
        candidates++;
        doubtful += plain == GOAWAY || plain == 2 * WINDOW_UPDATE || plain == 3 * WINDOW_UPDATE ? 1 : 0;
        if ((candidates > 1 || merged) && !tail && plain <= MAX_HEADERS) {
            client.add(plain); // the first HEADERS are spelled out: no unit, and no multiple of one
        }
        if (!clientSpoke) {
            turns++;
            clientSpoke = true;
        }
    }

    private void mergePreface() {
        merged = true;
        clientSpoke = true;
        turns = 1;
    }

    void server(int plain) {
        if (tickets) {
            if (held == 0 && serverRecords == 0 && Http1Bursts.ticketSize(plain)) {
                held = plain;
                return;
            }
            tickets = false;
            if (held != 0 && plain == held) {
                return;
            }
            if (held != 0 && plain > MAX_SERVER_PREFACE) {
                answer(held);
            }
        }
        lastServer = plain;
        serverBytes += plain;
        allBytes += plain;
        if (serverRecords++ == 0 && plain <= MAX_SERVER_PREFACE) {
            return;
        }
        if (windowUpdates(plain) || windowUpdates(plain - SETTINGS_ACK)) {
            upload |= (candidates > 0 || merged) && serverBytes < BULK; // else the rest of a chunk
        } else if (!serverControl(plain)) {
            answer(plain);
        }
    }

    private void answer(int plain) {
        if (undecided) {
            undecided = false;
            mergePreface();
        }
        if (answers++ == 0) {
            firstAnswer = plain;
        }
        server.add(plain);
        clientSpoke = false;
    }

    private static boolean windowUpdates(int plain) {
        return plain == WINDOW_UPDATE || plain == 2 * WINDOW_UPDATE || plain == 3 * WINDOW_UPDATE;
    }

    /** Sizes of SETTINGS, its acknowledgement and PING, alone and with WINDOW_UPDATE. */
    private static boolean serverControl(int plain) {
        return switch (plain) {
            case SETTINGS_ACK, GOAWAY, 30, 40, 49, 53, 62 -> true;
            default -> false;
        };
    }

    /** The client acknowledged SETTINGS: nothing else has nine bytes. */
    boolean settled() {
        return settingsAcks > 0;
    }

    private int unit() {
        return client.smallest(3);
    }

    private int goaway() {
        return lastClient == GOAWAY && candidates + (merged ? 1 : 0) > 1 && (unit() != GOAWAY || answers < candidates)
                ? 1
                : 0;
    }

    private int single() {
        int single = candidates - goaway() + (merged ? 1 : 0);
        if (allBytes > bulkUpdates * RARE_UPDATES) {
            return single + bulkUpdates; // HEADERS that happen to have that size
        }
        return bulkUpdates > 2 * smallUpdates ? Math.max(1, single - smallUpdates) : single;
    }

    int count() {
        int single = single();
        int answered = uniformAnswers();
        if (upload) {
            int m = unit();
            int byTurn = turns - (turns > 1 ? goaway() : 0);
            int bySize = m == 0 ? byTurn : Math.max(byTurn, client.near(m, 3) + 1);
            return answered >= byTurn && answered <= single + preface / MIN_UPLOAD ? answered : bySize;
        }
        int bySize = single + mergedHeaders();
        if (answered > bySize) {
            return Math.max(bySize, Math.min(answered, most(MIN_HEADERS)));
        }
        return Math.max(single, answered > 0 ? Math.min(bySize, answered) : Math.min(bySize, answers));
    }

    /** Requests beyond one per record: HEADERS of several streams that were written together. */
    private int mergedHeaders() {
        int m = unit();
        if (m == 0 || m > 60) {
            return 0;
        }
        int more = client.beyondOne(m, MAX_MERGED);
        if (settingsAcks == 0) {
            more += client.beyondOnePlus(SETTINGS_ACK, m, MAX_MERGED);
        }
        return merged ? more + Math.max(0, (2 * (preface - 64 - 70) + m) / (2 * m)) : more;
    }

    /** Requests that the client's records can hold if one has {@code headers} bytes. */
    private int most(int headers) {
        int inPreface = merged ? 1 + Math.max(0, preface - LEAST_FIRST) / headers : 0;
        return inPreface + (merged ? 0 : Math.min(1, candidates)) + client.fits(headers, MAX_MERGED);
    }

    /**
     * Answers, where nearly all have one size and so one record each; else 0. Sizes that servers cut a long answer into
     * (one segment's worth, whole records) do not count.
     */
    private int uniformAnswers() {
        int size = server.mostFrequent();
        int times = server.times(size);
        if (times < 3 || size > 2500 || (size >= 1170 && size <= 1460) || answers - times > 3 + times / 8) {
            return 0;
        }
        return times + (firstAnswer == size ? 0 : 1);
    }

    int low() {
        int count = count();
        return Math.max(
                Math.min(1, Math.min(count, answers)),
                Math.min(count, Math.max(count - slack(count), Math.min(turns, count) - doubtful)));
    }

    int high() {
        int count = count();
        int high = count + slack(count);
        if (upload) {
            return Math.max(high, Math.min(uniformAnswers(), count + single()));
        }
        int m = unit();
        int smallest = Math.max(MIN_HEADERS, m > 0 && m <= 60 ? m : 2 * MIN_HEADERS);
        if (candidates + (merged ? 1 : 0) <= 1 || allBytes > bulkUpdates * OFTEN_UPDATES) {
            high += bulkUpdates;
        } else if (bulkUpdates > 2 * smallUpdates) {
            high += smallUpdates;
        }
        return candidates > 0 || preface > 200 ? Math.max(high, Math.min(answers, most(smallest))) : high;
    }

    /** Both witnesses agree, or each record was answered before the next: little is left to doubt. */
    private int slack(int count) {
        boolean agree = !upload && (uniformAnswers() == count || (turns == count && single() == count));
        return agree ? Math.min(doubtful, count / 8) : Math.max(1, count / 8);
    }
}
