// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;

/**
 * The long header of a QUIC packet, as a reused view that owns no bytes: enough to find Initial packets in a datagram and
 * their protected part. Loads no cryptography. (RFC 9000 §17.2; RFC 9369 §3.2 for version 2.)
 *
 * <pre>
 * 1|1|type(2)|protected(4)  version(32)  DCID length(8) DCID  SCID length(8) SCID
 * Initial only: token length(varint) token      then: length(varint) packet number and payload(length)
 * </pre>
 */
public final class QuicInitial {
    static final int VERSION_1 = 1;
    static final int VERSION_2 = 0x6b3343cf;
    private static final int MVFST_22 = 0xfaceb001;
    private static final int MVFST_27 = 0xfaceb002;
    private static final int MVFST_EXPERIMENTAL = 0xfaceb00e;
    private static final int GOOGLE_T050 = 0x54303530;
    private static final int GOOGLE_T051 = 0x54303531;
    private static final int MAX_CONNECTION_ID = 20;

    /** How a version derives its keys. */
    enum Salt {
        NONE,
        VERSION_1,
        VERSION_2,
        DRAFT_22,
        DRAFT_23,
        DRAFT_29,
        T050,
        T051;

        boolean google() {
            return this == T050 || this == T051;
        }
    }

    int version;
    Salt salt = Salt.NONE;
    boolean initial;
    int connectionIdOffset;
    int connectionIdLength;
    /** Position of the packet number, the first byte that counts in Length. */
    int numberOffset;
    /** End of the packet by its own length, perhaps behind the bytes that are there. */
    int end;

    QuicInitial() {}

    /**
     * True when [from, to) of {@code b} begins as an Initial packet of a version whose keys are known. Cheap enough for
     * every UDP datagram; about one random datagram in 2^32 passes.
     */
    public static boolean looksLikeInitial(ByteBuffer b, int from, int to) {
        if (to - from < 28) {
            return false;
        }
        int first = b.get(from);
        if ((first & 0x80) == 0) {
            return false;
        }
        int version = b.getInt(from + 1);
        if (salt(version) == Salt.NONE || type(first, version) != 0) {
            return false;
        }
        int connectionId = b.get(from + 5) & 0xff;
        if (connectionId > MAX_CONNECTION_ID || to - from < 7 + connectionId) {
            return false;
        }
        return (b.get(from + 6 + connectionId) & 0xff) <= MAX_CONNECTION_ID;
    }

    /** Reads the long header at {@code from}; false when there is none, or none that says where the packet ends. */
    boolean parse(ByteBuffer b, int from, int to) {
        if (to - from < 7) {
            return false;
        }
        int first = b.get(from);
        version = b.getInt(from + 1);
        salt = salt(version);
        if ((first & 0x80) == 0 || salt == Salt.NONE) {
            return false;
        }
        int type = type(first, version);
        initial = type == 0;
        connectionIdOffset = from + 6;
        connectionIdLength = b.get(from + 5) & 0xff;
        int p = connectionIdOffset + connectionIdLength;
        if (connectionIdLength > MAX_CONNECTION_ID || p >= to) {
            return false;
        }
        int sourceId = b.get(p) & 0xff;
        p += 1 + sourceId;
        // A Retry (type 3) has no length and is the last packet of its datagram.
        if (sourceId > MAX_CONNECTION_ID || type == 3) {
            return false;
        }
        if (initial) {
            long token = Varint.at(b, p, to);
            if (token < 0 || token > to - p) {
                return false;
            }
            p += Varint.width(b, p) + (int) token;
        }
        long length = Varint.at(b, p, to);
        if (length < 0 || length > 0xffff) {
            return false;
        }
        numberOffset = p + Varint.width(b, p);
        end = numberOffset + (int) length;
        return true;
    }

    /** 0 Initial, 1 0-RTT, 2 Handshake, 3 Retry; version 2 counts from Retry. */
    private static int type(int first, int version) {
        int bits = first >> 4 & 3;
        return version == VERSION_2 ? bits + 3 & 3 : bits;
    }

    /** Vendor versions and the reserved ones that force negotiation derive their keys as the draft they grew from. */
    private static Salt salt(int version) {
        Salt salt = switch (version) {
            case VERSION_1 -> Salt.VERSION_1;
            case VERSION_2 -> Salt.VERSION_2;
            case MVFST_22 -> Salt.DRAFT_22;
            case MVFST_27, MVFST_EXPERIMENTAL -> Salt.DRAFT_23;
            case GOOGLE_T050 -> Salt.T050;
            case GOOGLE_T051 -> Salt.T051;
            default -> Salt.NONE;
        };
        if (salt != Salt.NONE) {
            return salt;
        }
        if (version >>> 8 == 0xff0000) {
            int draft = version & 0xff;
            if (draft < 22 || draft > 34) {
                return Salt.NONE;
            }
            return draft == 22
                    ? Salt.DRAFT_22
                    : draft < 29 ? Salt.DRAFT_23 : draft < 33 ? Salt.DRAFT_29 : Salt.VERSION_1;
        }
        return (version & 0x0f0f0f0f) == 0x0a0a0a0a ? Salt.DRAFT_29 : Salt.NONE;
    }
}
