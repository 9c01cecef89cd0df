// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A DNS message, as a reused view that owns no bytes: its first question, and the addresses in its Answer section. One
 * thread. (RFC 1035 §4; RFC 3596 AAAA.)
 *
 * <p>Every address of an answer belongs to the name that was asked for: a CNAME chain in between is the server's affair.
 * After {@link #parse}, {@link #next} steps through the addresses.
 */
public final class DnsMessage {
    /** What the bytes turned out to be. */
    public enum Outcome {
        /** Question and Answer section are there to their ends. */
        COMPLETE,
        /** The bytes end inside them; what stands before the cut is given. */
        CUT,
        /** A length or pointer contradicts the format. */
        NOT_DNS
    }

    public static final int A = 1;
    public static final int AAAA = 28;

    private static final int HEADER = 12;
    private static final int CUT_NAME = -1;
    private static final int BAD_NAME = -2;
    private static final int INTERNET = 1;
    private static final int MAX_NAME = 255;
    /** Pointers lead backwards only, so a chain ends; the bound keeps a hostile one short. */
    private static final int MAX_POINTERS = 32;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private int start;
    private int limit;
    private int questionOffset;
    private int questionType;
    private int answersOffset;
    private int answers;
    private int addressesA;
    private int addressesAaaa;

    private int cursor;
    private int left;
    private int addressOffset;
    private int addressLength;
    private int timeToLive;
    private final byte[] name = new byte[MAX_NAME];

    /** Reads the message in [from, to) of {@code b}: a UDP payload, or what follows the two bytes of length over TCP. */
    public Outcome parse(ByteBuffer b, int from, int to) {
        bytes = b;
        start = from;
        limit = to;
        questionOffset = -1;
        questionType = 0;
        answersOffset = to;
        answers = 0;
        addressesA = 0;
        addressesAaaa = 0;
        rewind();
        if (to - from < HEADER) {
            return Outcome.CUT;
        }
        int p = from + HEADER;
        int questions = b.getShort(from + 4) & 0xffff;
        for (int i = 0; i < questions; i++) {
            int after = skipName(p);
            if (after < 0) {
                return after == CUT_NAME ? Outcome.CUT : Outcome.NOT_DNS;
            }
            if (limit - after < 4) {
                return Outcome.CUT;
            }
            if (i == 0) {
                questionOffset = p;
                questionType = b.getShort(after) & 0xffff;
            }
            p = after + 4;
        }
        answersOffset = p;
        if (!response()) {
            return Outcome.COMPLETE;
        }
        answers = b.getShort(from + 6) & 0xffff;
        rewind();
        for (int i = 0; i < answers; i++) {
            int after = skipName(p);
            if (after < 0) {
                answers = i;
                rewind();
                return after == CUT_NAME ? Outcome.CUT : Outcome.NOT_DNS;
            }
            if (limit - after < 10 || limit - after - 10 < (b.getShort(after + 8) & 0xffff)) {
                answers = i;
                rewind();
                return Outcome.CUT;
            }
            int type = address(after);
            addressesA += type == A ? 1 : 0;
            addressesAaaa += type == AAAA ? 1 : 0;
            p = after + 10 + (b.getShort(after + 8) & 0xffff);
        }
        return Outcome.COMPLETE;
    }

    /** Position behind the name at {@code at}, or a negative reason. */
    private int skipName(int at) {
        int p = at;
        while (p < limit) {
            int length = bytes.get(p) & 0xff;
            if (length == 0) {
                return p + 1;
            }
            if (length >= 0xc0) {
                return limit - p < 2 ? CUT_NAME : p + 2;
            }
            if (length > 63) {
                return BAD_NAME;
            }
            // A name longer than 255 bytes is skipped like any other: it ends with the message at the latest.
            p += 1 + length;
        }
        return CUT_NAME;
    }

    /** The type of the record whose fixed part is at {@code at}, when it is a well-formed Internet address; else 0. */
    private int address(int at) {
        int type = bytes.getShort(at) & 0xffff;
        // The top bit of the class is mDNS's cache flush.
        if ((bytes.getShort(at + 2) & 0x7fff) != INTERNET) {
            return 0;
        }
        int length = bytes.getShort(at + 8) & 0xffff;
        return (type == A && length == 4) || (type == AAAA && length == 16) ? type : 0;
    }

    /** Puts {@link #next} back to the first address. */
    public void rewind() {
        cursor = answersOffset;
        left = answers;
        addressLength = 0;
    }

    /** Steps to the next address of the Answer section; false when there is no more. */
    public boolean next() {
        while (left > 0) {
            left--;
            int after = skipName(cursor);
            int length = bytes.getShort(after + 8) & 0xffff;
            cursor = after + 10 + length;
            if (address(after) != 0) {
                addressOffset = after + 10;
                addressLength = length;
                timeToLive = Math.max(0, bytes.getInt(after + 4));
                return true;
            }
        }
        return false;
    }

    /** Where the address that {@link #next} found lies. */
    public int addressOffset() {
        return addressOffset;
    }

    /** 4 for an A record, 16 for an AAAA record. */
    public int addressLength() {
        return addressLength;
    }

    /** Seconds for which the address may be kept. */
    public int timeToLive() {
        return timeToLive;
    }

    public int id() {
        return limit - start < HEADER ? 0 : bytes.getShort(start) & 0xffff;
    }

    public boolean response() {
        return limit - start >= HEADER && bytes.get(start + 2) < 0;
    }

    /** 0 for a standard query. */
    public int operation() {
        return limit - start < HEADER ? 0 : bytes.get(start + 2) >> 3 & 0x0f;
    }

    /** A records in the Answer section. */
    public int addressesA() {
        return addressesA;
    }

    /** AAAA records in the Answer section. */
    public int addressesAaaa() {
        return addressesAaaa;
    }

    public boolean hasQuestion() {
        return questionOffset >= 0;
    }

    /** Type asked for, 1 for A and 28 for AAAA. */
    public int questionType() {
        return questionType;
    }

    /**
     * Writes the name asked for, labels joined by dots, without a dot at the end, in its own case, into {@code into} (255
     * bytes suffice); its length, or -1 when there is none or it is not well-formed.
     */
    public int questionName(byte[] into) {
        int p = questionOffset;
        int length = 0;
        int pointers = 0;
        while (p >= 0 && p < limit) {
            int label = bytes.get(p) & 0xff;
            if (label == 0) {
                return length;
            }
            if (label >= 0xc0) {
                if (limit - p < 2 || ++pointers > MAX_POINTERS) {
                    return -1;
                }
                int target = start + (bytes.getShort(p) & 0x3fff);
                if (target >= p) {
                    return -1;
                }
                p = target;
                continue;
            }
            int dot = length == 0 ? 0 : 1;
            if (label > 63 || label > limit - p - 1 || length + dot + label > Math.min(into.length, MAX_NAME)) {
                return -1;
            }
            if (dot == 1) {
                into[length++] = '.';
            }
            bytes.get(p + 1, into, length, label);
            length += label;
            p += 1 + label;
        }
        return -1;
    }

    /**
     * The name asked for as text, "" for the root or none. Bytes that no host name has, and dots inside labels, come as
     * '?': the text is for showing and matching, not for asking again.
     */
    public String questionName() {
        int length = questionName(name);
        if (length <= 0) {
            return "";
        }
        for (int i = 0; i < length; i++) {
            if (name[i] <= ' ' || name[i] == 0x7f) {
                name[i] = '?';
            }
        }
        return new String(name, 0, length, StandardCharsets.US_ASCII);
    }
}
