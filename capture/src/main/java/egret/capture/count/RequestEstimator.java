// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of one connection from the shape of its TLS records, or of its segments where records cannot be
 * framed; nothing is decrypted. Fed in capture order, with what is new in each direction only. The answer is good at any
 * time and grows; a handshake without application data counts 0. Pooled: {@link #reset} makes it new. One thread; 0 B per
 * call.
 *
 * <p>HTTP/1.1: turns from server to client ({@link Http1Bursts}). HTTP/2: sizes ({@link Http2Records}). Unframed: runs
 * of payload ({@link PayloadRuns}).
 */
public final class RequestEstimator {
    public static final int ALPN_NONE = -1;
    public static final int ALPN_UNKNOWN = 0;
    public static final int ALPN_HTTP_1 = 1;
    public static final int ALPN_HTTP_2 = 2;

    private static final int RECORD_HEADER = 5;
    private static final byte OFFER_UNKNOWN = 0;
    private static final byte OFFERS_HTTP_1 = 1;
    private static final byte OFFERS_HTTP_2 = 2;

    private final ApplicationRecords records = new ApplicationRecords();
    private final Http1Bursts http1 = new Http1Bursts();
    private final PayloadRuns runs = new PayloadRuns();
    private final SegmentRecords segments = new SegmentRecords();
    private @Nullable Http2Records http2;
    private boolean http2Used;
    private byte offer;
    private boolean onePerConnection;
    private boolean started;
    private boolean unframed;
    private boolean heads;
    private boolean gap;
    private boolean cut;
    private boolean quic;
    private int clearRequests;
    private long helloNanos;
    private long roundTripNanos;

    public RequestEstimator() {
        reset();
    }

    public void reset() {
        records.reset();
        http1.reset();
        runs.reset();
        segments.reset();
        http2Used = false;
        offer = OFFER_UNKNOWN;
        onePerConnection = false;
        started = false;
        unframed = false;
        heads = false;
        gap = false;
        cut = false;
        quic = false;
        clearRequests = 0;
        helloNanos = 0;
        roundTripNanos = 0;
    }

    /** The connection's beginning is in the capture: the SYN was seen, or a tunnel's first byte inside CONNECT. */
    public void opened() {
        started = true;
        runs.expectHello();
    }

    /** The snaplen cuts packets: a ServerHello that does not say TLS 1.3 may be one whose extensions are not there. */
    public void packetsAreCut() {
        cut = true;
    }

    /**
     * A ClientHello was read.
     *
     * @param oneRequest the client, by its fingerprint, is known to send one request per connection
     */
    public void clientHello(boolean offersAlpn, boolean offersHttp2, boolean oneRequest) {
        started = true;
        offer = offersAlpn && offersHttp2 ? OFFERS_HTTP_2 : OFFERS_HTTP_1;
        onePerConnection = oneRequest;
    }

    /** The ClientHello is whole and does not offer early data. */
    public void noEarlyData() {
        records.noEarlyData();
    }

    /**
     * A ServerHello was read, not a HelloRetryRequest.
     *
     * @param version negotiated: 0x0303, 0x0304
     * @param alpn chosen in clear, one of the constants; {@link #ALPN_UNKNOWN} under TLS 1.3
     */
    public void serverHello(int version, int cipherSuite, int alpn) {
        if (!cut || version == 0x0304) {
            records.serverHello(version, cipherSuite, alpn);
        }
    }

    /** One TLS record whose header is complete; the body may still be arriving. {@code length} is the record's own field. */
    public void record(boolean fromClient, int contentType, int length, long timestampNanos) {
        if (unframed && !heads) {
            if (!started || runs.requests() > 0) {
                runs.add(fromClient, RECORD_HEADER + length);
                return;
            }
            records.helloSeen(); // it was cut, and is all that went by so far
            segments.helloSeen();
            runs.reset();
        }
        heads = true;
        segments.head(fromClient, contentType, length, timestampNanos);
        framed(fromClient, contentType, length, timestampNanos);
    }

    void framed(boolean fromClient, int contentType, int length, long timestampNanos) {
        if (ApplicationRecords.handshake(contentType)) {
            handshake(fromClient, timestampNanos);
        }
        int plain = records.plainSize(fromClient, contentType, length);
        if (plain < 0) {
            return;
        }
        if (!knownHttp2()) {
            http1.expectTickets(records.tls13());
            if (fromClient) {
                http1.client(plain);
            } else {
                http1.server(plain, timestampNanos, roundTripNanos);
            }
        }
        if (!knownHttp1()) {
            Http2Records shape = shape();
            if (fromClient) {
                shape.client(plain);
            } else {
                shape.server(plain);
            }
        }
    }

    private void handshake(boolean fromClient, long timestampNanos) {
        if (fromClient && helloNanos == 0) {
            helloNanos = timestampNanos;
        } else if (!fromClient && roundTripNanos == 0 && helloNanos != 0) {
            roundTripNanos = Math.max(1, timestampNanos - helloNanos);
        }
    }

    private Http2Records shape() {
        Http2Records shape = http2;
        if (shape == null) {
            shape = new Http2Records();
            http2 = shape;
        }
        if (!http2Used) {
            shape.reset(records.tls13());
            http2Used = true;
        }
        return shape;
    }

    /**
     * Payload whose records cannot be framed: cut by the snaplen, behind a gap, or of a connection whose beginning is not
     * in the capture. Records may be found again behind it; what is in records is not in segments.
     *
     * @param newBytes beyond the highest sequence number seen in that direction
     */
    public void segment(boolean fromClient, int newBytes, long timestampNanos) {
        if (newBytes <= 0) {
            return;
        }
        unframed = true;
        if (heads) {
            segments.rest(this, fromClient, newBytes, timestampNanos);
        } else {
            runs.add(fromClient, newBytes);
        }
    }

    /** Bytes of that direction are missing for good. */
    public void gap(boolean fromClient) {
        gap = true;
    }

    /** A request line in clear text, not the CONNECT of a tunnel. */
    public void clearRequest() {
        clearRequests++;
    }

    /** The connection is QUIC: all of it but its hello is out of sight. */
    public void quic() {
        quic = true;
    }

    /** The connection is over: nothing more comes. */
    public void end() {}

    private boolean knownHttp1() {
        int alpn = records.alpn();
        return offer == OFFERS_HTTP_1 || alpn == ALPN_HTTP_1 || alpn == ALPN_NONE;
    }

    private boolean knownHttp2() {
        return offer != OFFERS_HTTP_1 && records.alpn() == ALPN_HTTP_2;
    }

    /** The connection is HTTP/2, by what the server chose or by the shape of its records. */
    public boolean http2() {
        Http2Records shape = http2;
        return !knownHttp1()
                && http2Used
                && shape != null
                && (knownHttp2() || shape.settled() || http1.otherProtocol());
    }

    /**
     * The application protocol that the server chose, as it names it, null while it cannot be told: said in clear up to TLS
     * 1.2, told by the length of the first encrypted record under TLS 1.3; "" if it chose none.
     */
    public @Nullable String alpnChosen() {
        return switch (records.alpn()) {
            case ALPN_HTTP_2 -> "h2";
            case ALPN_HTTP_1 -> "http/1.1";
            case ALPN_NONE -> "";
            default -> null;
        };
    }

    public int count() {
        return clearRequests + inside(0);
    }

    public int low() {
        return clearRequests + inside(-1);
    }

    public int high() {
        return clearRequests + inside(1);
    }

    private int inside(int bound) {
        if (quic) {
            return 1;
        }
        Http2Records shape = http2;
        int framed;
        if (http2() && shape != null) {
            framed = bound == 0 ? shape.count() : bound < 0 ? shape.low() : shape.high();
        } else {
            int turns = http1.turns();
            int extra = http1.pipelined();
            framed = bound == 0 ? turns + extra : bound < 0 ? turns : turns + extra + http1.doubtful();
            if (unframed && turns > 2 && shape != null && http2Used && !knownHttp1()) { // may be HTTP/2 unrecognised
                framed =
                        bound < 0 ? Math.min(framed, shape.low()) : bound > 0 ? Math.max(framed, shape.high()) : framed;
            }
        }
        if (unframed && bound != 0 && framed > 4 && http2()) {
            framed = Math.max(
                    0, framed + bound * Math.max(1, framed / 16)); // what lies behind a record's start is a guess
        }
        int unseen = runs.requests();
        int sum = framed + unseen;
        if (onePerConnection && sum > 0 && sum <= 2) {
            return 1;
        }
        if (unseen > 0 && bound > 0 && !knownHttp1()) {
            return Math.max(sum, framed + runs.clientSegments());
        }
        return sum;
    }

    public Basis basis() {
        if (quic || gap || (unframed && !started)) {
            return Basis.AT_LEAST;
        }
        if (onePerConnection && inside(0) <= 1) {
            return Basis.EXACT;
        }
        if (unframed || http2() || http1.pipelined() > 0 || http1.doubtful() > 0) {
            return Basis.ESTIMATED;
        }
        return Basis.EXACT;
    }

    /** Plain size of the first request's first record, 0 if unknown. Tells the kinds of a registry client's requests apart. */
    public int firstRequestSize() {
        return http1.firstRequestSize() != 0 ? http1.firstRequestSize() : runs.firstRequestSize();
    }
}
