// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;

/**
 * The record layer in front of the first handshake message of one direction, as a reused view: where the message's bytes
 * lie without their record headers. One thread. (RFC 8446 §5.1, appendix D.)
 *
 * <p>A message inside one record is given in place. One that is split over several records is copied into a buffer of
 * this object, at most 64 kB, and is valid until the next {@link #parse}. ChangeCipherSpec and alert records before the
 * message are skipped: behind a HelloRetryRequest the second hello follows a ChangeCipherSpec.
 */
public final class TlsRecords {
    /** What the bytes turned out to be. */
    public enum Outcome {
        /** The whole ClientHello or ServerHello is there. */
        COMPLETE,
        /** All bytes so far agree with one; more are missing. What is there is given. */
        INCOMPLETE,
        /** Not the record layer of TLS, or another message comes first. */
        NOT_TLS
    }

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int HEADER = 5;
    /** 2^14 plain bytes and what TLS 1.2 may add; no hello is longer, being plain. */
    private static final int MAX_RECORD = (1 << 14) + 2048;
    /** Header and body of the longest message that {@link ClientHello} reads. */
    private static final int MAX_MESSAGE = 4 + 0xffff;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private ByteBuffer joined = NOTHING;
    private int from;
    private int to;
    private int end;
    private int records;
    private int version;

    /** Reads contiguous stream bytes in [from, to) of {@code b}; the first is the content type of a record. */
    public Outcome parse(ByteBuffer b, int start, int limit) {
        bytes = b;
        from = start;
        to = start;
        end = start;
        records = 0;
        version = 0;
        int need = -1;
        int p = start;
        while (p < limit) {
            int type = b.get(p) & 0xff;
            boolean handshake = type == HANDSHAKE;
            if (!handshake && ((type != CHANGE_CIPHER_SPEC && type != ALERT) || records > 0)) {
                return Outcome.NOT_TLS;
            }
            if (!header(b, p, limit)) {
                return Outcome.NOT_TLS;
            }
            if (limit - p < HEADER) {
                return Outcome.INCOMPLETE;
            }
            int length = b.getShort(p + 3) & 0xffff;
            if (length > (handshake ? MAX_RECORD : 2) || length == 0) {
                return Outcome.NOT_TLS;
            }
            int body = p + HEADER;
            p = body + length;
            end = Math.min(p, limit);
            if (!handshake) {
                continue;
            }
            if (records == 0) {
                version = b.getShort(body - 4) & 0xffff;
            }
            if (!take(b, body, end)) {
                return Outcome.NOT_TLS;
            }
            if (need < 0) {
                need = need();
            }
            if (need >= 0 && to - from >= need) {
                return Outcome.COMPLETE;
            }
            if (need > MAX_MESSAGE) {
                return Outcome.NOT_TLS;
            }
        }
        return Outcome.INCOMPLETE;
    }

    /** Checks as much of a record header as is there. */
    private static boolean header(ByteBuffer b, int p, int limit) {
        return (limit - p < 2 || b.get(p + 1) == 3) && (limit - p < 3 || (b.get(p + 2) & 0xff) <= 4);
    }

    /** Adds the bytes of a handshake record; false when they do not begin a hello. */
    private boolean take(ByteBuffer b, int body, int stop) {
        if (records++ == 0) {
            from = body;
            to = stop;
            return stop == body || b.get(body) == 1 || b.get(body) == 2;
        }
        if (records == 2) {
            if (joined.capacity() == 0) {
                joined = ByteBuffer.allocateDirect(MAX_MESSAGE + MAX_RECORD);
            }
            int first = to - from;
            joined.put(0, b, from, first);
            bytes = joined;
            from = 0;
            to = first;
        }
        // There is room: a message that is whole or too long has ended the walk before.
        joined.put(to, b, body, stop - body);
        to += stop - body;
        return bytes.get(from) == 1 || bytes.get(from) == 2;
    }

    /** Length of the message with its header, or -1 when that is not there. */
    private int need() {
        return to - from < 4 ? -1 : 4 + (bytes.getInt(from) & 0xffffff);
    }

    /** The buffer that {@link #from} and {@link #to} belong to. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Position of the handshake type byte. */
    public int from() {
        return from;
    }

    /** End of the handshake bytes that are there; other messages may follow the first. */
    public int to() {
        return to;
    }

    /** Position in the stream's own buffer behind the last record that was used, at most the limit given. */
    public int end() {
        return end;
    }

    /** Handshake records that were used; more than one when the message is split. */
    public int records() {
        return records;
    }

    /** Version in the header of the first handshake record. */
    public int version() {
        return version;
    }
}
