// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The first message of a TLS client, as a reused view: {@link #parse} overwrites it, it owns no bytes and is valid as
 * long as the bytes that it was parsed from stay where they are. One thread.
 *
 * <p>The parse walks the lengths once and remembers positions; names, lists and fingerprints are made on demand. The one
 * bounds rule: a vector ends at the smallest of its own length, its enclosing vector's end and the bytes that are there;
 * nothing is read past that. What is cut off leaves the hello INCOMPLETE and gives what stood before it. (RFC 8446
 * §4.1.2; RFC 6066 §3 server_name; RFC 7301 ALPN; RFC 9849 ECH; RFC 6347 §4.2.1 for the DTLS cookie.)
 */
public final class ClientHello {
    /** What the bytes turned out to be. */
    public enum Outcome {
        /** Every byte of the message is there. */
        COMPLETE,
        /** All bytes so far agree with a hello; more are missing, by the message's own length. */
        INCOMPLETE,
        /** The bytes contradict a hello. */
        NOT_A_HELLO
    }

    static final int SERVER_NAME = 0;
    static final int SUPPORTED_GROUPS = 10;
    static final int POINT_FORMATS = 11;
    static final int SIGNATURE_ALGORITHMS = 13;
    static final int APPLICATION_PROTOCOLS = 16;
    static final int SUPPORTED_VERSIONS = 43;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;
    private static final int ENCRYPTED_SERVER_NAME = 0xffce;

    private static final int TLS_HEADER = 4;
    private static final int DTLS_HEADER = 12;
    private static final int DTLS_RECORD = 13;

    /** A DNS name is at most 253 characters; anything longer is no name that a registry could have. */
    private static final int MAX_NAME = 255;

    private static final long EACH = 0x0101010101010101L;
    private static final long TOP_BITS = 0x8080808080808080L;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    ByteBuffer bytes = NOTHING;
    private int start;
    private int messageLength;
    private boolean dtls;
    private boolean random;
    private boolean malformed;
    private boolean ech;
    private long smallExtensions;
    private int sessionIdLength;
    private int nameOffset;
    private int nameLength;

    int legacyVersion;
    int ciphersOffset;
    int ciphersEnd;
    int extensionsOffset;
    /** End of the last extension whose header is there, cut to the bytes that are there. */
    int extensionsEnd;

    /** From here on: the whole value of an extension, its own length field in front. */
    int groupsOffset;

    int groupsEnd;
    int formatsOffset;
    int formatsEnd;
    int signaturesOffset;
    int signaturesEnd;
    int protocolsOffset;
    int protocolsEnd;
    int versionsOffset;
    int versionsEnd;

    /**
     * Reads the handshake message in [from, to) of {@code b}, whose first byte is the message type. Record headers are
     * already gone. Bytes behind the message are left alone.
     */
    public Outcome parse(ByteBuffer b, int from, int to) {
        return parse(b, from, to, TLS_HEADER, false);
    }

    /**
     * Reads a DTLS datagram, [from, to) of {@code b}, that begins with the record of a ClientHello. Only a message in one
     * fragment is read; any other datagram is NOT_A_HELLO.
     */
    public Outcome parseDtls(ByteBuffer b, int from, int to) {
        int message = from + DTLS_RECORD;
        if (to - message < DTLS_HEADER) {
            clear(b, from);
            return Outcome.NOT_A_HELLO;
        }
        // Handshake record of epoch 0, and a fragment that is the whole message.
        boolean whole = b.get(from) == 22
                && b.getShort(from + 3) == 0
                && b.getShort(message + 6) == 0
                && b.get(message + 8) == 0
                && b.getShort(message + 9) == b.getShort(message + 1)
                && b.get(message + 11) == b.get(message + 3);
        if (!whole) {
            clear(b, from);
            return Outcome.NOT_A_HELLO;
        }
        return parse(b, message, Math.min(to, message + (b.getShort(from + 11) & 0xffff)), DTLS_HEADER, true);
    }

    private Outcome parse(ByteBuffer b, int from, int to, int header, boolean datagram) {
        clear(b, from);
        dtls = datagram;
        int there = to - from;
        if (there <= 0) {
            return Outcome.INCOMPLETE;
        }
        if (b.get(from) != 1) {
            return Outcome.NOT_A_HELLO;
        }
        if (there < header) {
            return there > 1 && b.get(from + 1) != 0 ? Outcome.NOT_A_HELLO : Outcome.INCOMPLETE;
        }
        // 64 kB bounds the message: the largest hellos (several post-quantum shares) stay below 16 kB.
        if (b.get(from + 1) != 0) {
            return Outcome.NOT_A_HELLO;
        }
        int length = b.getShort(from + 2) & 0xffff;
        // version, random, session id, one cipher suite, one compression method
        if (length < 41) {
            return Outcome.NOT_A_HELLO;
        }
        messageLength = length;
        int p = from + header;
        int end = p + length;
        int limit = Math.min(to, end);
        if (limit - p < 2) {
            return limit - p == 1 && !majorVersion(b.get(p)) ? Outcome.NOT_A_HELLO : Outcome.INCOMPLETE;
        }
        legacyVersion = b.getShort(p) & 0xffff;
        if (!majorVersion(b.get(p))) {
            return Outcome.NOT_A_HELLO;
        }
        if (limit - p < 34) {
            return Outcome.INCOMPLETE;
        }
        random = true;
        p += 34;
        if (p >= limit) {
            return Outcome.INCOMPLETE;
        }
        int sessionId = b.get(p) & 0xff;
        p += 1 + sessionId;
        sessionIdLength = p <= limit ? sessionId : 0;
        if (sessionId > 32 || p > end) {
            return Outcome.NOT_A_HELLO;
        }
        if (datagram) {
            if (p >= limit) {
                return Outcome.INCOMPLETE;
            }
            p += 1 + (b.get(p) & 0xff);
            if (p > end) {
                return Outcome.NOT_A_HELLO;
            }
        }
        if (end - p < 2) {
            return Outcome.NOT_A_HELLO;
        }
        if (limit - p < 2) {
            return Outcome.INCOMPLETE;
        }
        int ciphers = b.getShort(p) & 0xffff;
        p += 2;
        if ((ciphers & 1) != 0 || ciphers >= end - p) {
            return Outcome.NOT_A_HELLO;
        }
        ciphersOffset = p;
        ciphersEnd = Math.min(p + ciphers, limit);
        p += ciphers;
        if (p >= limit) {
            return Outcome.INCOMPLETE;
        }
        p += 1 + (b.get(p) & 0xff);
        if (p > end) {
            return Outcome.NOT_A_HELLO;
        }
        extensions(p, end, limit);
        return limit == end ? Outcome.COMPLETE : Outcome.INCOMPLETE;
    }

    /** Contradictions from here on do not take back that this is a hello: the walk stops and says so. */
    private void extensions(int at, int end, int limit) {
        if (at == end) {
            return;
        }
        if (limit - at < 2) {
            malformed = limit == end;
            return;
        }
        ByteBuffer b = bytes;
        int p = at + 2;
        int last = p + (b.getShort(at) & 0xffff);
        if (last > end) {
            malformed = true;
            last = end;
        }
        extensionsOffset = p;
        extensionsEnd = p;
        int there = Math.min(last, limit);
        while (there - p >= 4) {
            int head = b.getInt(p);
            int type = head >>> 16;
            int value = p + 4;
            int next = value + (head & 0xffff);
            if (next > last) {
                malformed = true;
                next = last;
            }
            int stop = Math.min(next, there);
            extensionsEnd = stop;
            if (type < 64) {
                known(type, value, stop);
            } else if (type == ENCRYPTED_CLIENT_HELLO || type == ENCRYPTED_SERVER_NAME) {
                ech = true;
            }
            p = next;
        }
        if (last == there && p != last) {
            malformed = true;
        }
    }

    /** Remembers where the first extension of a type lies; a second one is against the RFC and does not count. */
    private void known(int type, int value, int stop) {
        if ((smallExtensions & 1L << type) != 0) {
            return;
        }
        smallExtensions |= 1L << type;
        switch (type) {
            case SERVER_NAME -> serverName(value, stop);
            case SUPPORTED_GROUPS -> {
                groupsOffset = value;
                groupsEnd = stop;
            }
            case POINT_FORMATS -> {
                formatsOffset = value;
                formatsEnd = stop;
            }
            case SIGNATURE_ALGORITHMS -> {
                signaturesOffset = value;
                signaturesEnd = stop;
            }
            case APPLICATION_PROTOCOLS -> {
                protocolsOffset = value;
                protocolsEnd = stop;
            }
            case SUPPORTED_VERSIONS -> {
                versionsOffset = value;
                versionsEnd = stop;
            }
            default -> {}
        }
    }

    /** Begin of the vector at {@code value}, behind its length field of {@code width} bytes. */
    static int listFrom(int value, int stop, int width) {
        return Math.min(value + width, stop);
    }

    /** End of that vector, cut to {@code stop}. */
    int listEnd(int value, int stop, int width) {
        if (stop - value < width) {
            return stop;
        }
        int length = width == 1 ? bytes.get(value) & 0xff : bytes.getShort(value) & 0xffff;
        return Math.min(value + width + length, stop);
    }

    private void serverName(int value, int stop) {
        int end = listEnd(value, stop, 2);
        int p = value + 2;
        while (end - p >= 3) {
            int length = bytes.getShort(p + 1) & 0xffff;
            int name = p + 3;
            if (length > end - name) {
                return;
            }
            if (bytes.get(p) == 0) {
                if (printable(name, length)) {
                    nameOffset = name;
                    nameLength = length;
                } else {
                    malformed |= length != 0;
                }
                return;
            }
            p = name + length;
        }
    }

    /** Control bytes and blanks never stand in a name and would spoil whatever shows it. */
    private boolean printable(int at, int length) {
        if (length > MAX_NAME) {
            return false;
        }
        int i = at;
        for (; i <= at + length - 8; i += 8) {
            long eight = bytes.getLong(i);
            long deletes = eight ^ EACH * 0x7f;
            // The top bit of a byte is set when it is below 0x21 (first term) or is 0x7f (second).
            if (((((eight - EACH * 0x21) & ~eight) | ((deletes - EACH) & ~deletes)) & TOP_BITS) != 0) {
                return false;
            }
        }
        for (; i < at + length; i++) {
            int c = bytes.get(i) & 0xff;
            if (c <= ' ' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private boolean majorVersion(byte major) {
        // OpenSSL before 0.9.8f spoke DTLS as 0x0100.
        return dtls ? major == (byte) 0xfe || major == 1 : major == 3;
    }

    private void clear(ByteBuffer b, int from) {
        bytes = b;
        start = from;
        messageLength = 0;
        dtls = false;
        random = false;
        malformed = false;
        ech = false;
        smallExtensions = 0;
        sessionIdLength = 0;
        nameOffset = from;
        nameLength = 0;
        legacyVersion = 0;
        ciphersOffset = 0;
        ciphersEnd = 0;
        extensionsOffset = 0;
        extensionsEnd = 0;
        groupsOffset = 0;
        groupsEnd = 0;
        formatsOffset = 0;
        formatsEnd = 0;
        signaturesOffset = 0;
        signaturesEnd = 0;
        protocolsOffset = 0;
        protocolsEnd = 0;
        versionsOffset = 0;
        versionsEnd = 0;
    }

    /** The buffer that the offsets of this view belong to. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Length of the message with its header; 0 when the header is not there. */
    public int length() {
        return messageLength == 0 ? 0 : messageLength + (dtls ? DTLS_HEADER : TLS_HEADER);
    }

    /** True when a length inside the hello contradicts another one, or the server name cannot be a name. */
    public boolean malformed() {
        return malformed;
    }

    public boolean hasRandom() {
        return random;
    }

    /** Where the 32 bytes of the random begin; only meaningful with {@link #hasRandom}. */
    public int randomOffset() {
        return start + (dtls ? DTLS_HEADER : TLS_HEADER) + 2;
    }

    /** Where the session id begins; it has {@link #sessionIdLength} bytes. */
    public int sessionIdOffset() {
        return randomOffset() + 33;
    }

    /** Bytes of the session id, 0 when it is empty or not all there. */
    public int sessionIdLength() {
        return sessionIdLength;
    }

    /** The version in the hello's own field, 0x0303 from TLS 1.2 on. */
    public int legacyVersion() {
        return legacyVersion;
    }

    /** True when all bytes of a name of type host_name are there. */
    public boolean hasServerName() {
        return nameLength != 0;
    }

    public int serverNameOffset() {
        return nameOffset;
    }

    public int serverNameLength() {
        return nameLength;
    }

    /** The name as sent, in its own case, bytes as ISO 8859-1, or "" when there is none. */
    public String serverName() {
        return nameLength == 0 ? "" : text(nameOffset, nameLength, StandardCharsets.ISO_8859_1);
    }

    /** True when an Encrypted ClientHello (also an empty, "GREASE" one) or the older encrypted SNI is offered. */
    public boolean ech() {
        return ech;
    }

    /** True when an extension with this number, below 64, is there. */
    public boolean hasExtension(int type) {
        return type >= 0 && type < 64 && (smallExtensions & 1L << type) != 0;
    }

    public boolean offersAlpn() {
        return listEnd(protocolsOffset, protocolsEnd, 2) - protocolsOffset >= 4;
    }

    public boolean offersHttp2() {
        int p = listFrom(protocolsOffset, protocolsEnd, 2);
        int end = listEnd(protocolsOffset, protocolsEnd, 2);
        while (p < end) {
            int length = bytes.get(p) & 0xff;
            if (length == 2 && end - p >= 3 && bytes.getShort(p + 1) == 0x6832) {
                return true;
            }
            p += 1 + length;
        }
        return false;
    }

    /** The protocols offered, in the client's order; the registered ones are UTF-8, anything else shows as U+FFFD. */
    public List<String> alpn() {
        List<String> protocols = new ArrayList<>(4);
        int p = listFrom(protocolsOffset, protocolsEnd, 2);
        int end = listEnd(protocolsOffset, protocolsEnd, 2);
        while (p < end) {
            int length = bytes.get(p) & 0xff;
            if (length > end - p - 1) {
                break;
            }
            protocols.add(text(p + 1, length, StandardCharsets.UTF_8));
            p += 1 + length;
        }
        return protocols;
    }

    /** The highest version offered in supported_versions, 0 when the extension is absent or holds only GREASE. */
    public int supportedVersions() {
        int best = 0;
        int end = listEnd(versionsOffset, versionsEnd, 1);
        for (int p = listFrom(versionsOffset, versionsEnd, 1); end - p >= 2; p += 2) {
            int version = bytes.getShort(p) & 0xffff;
            // DTLS counts downwards: 0xfefd is 1.2, 0xfefc 1.3.
            if (!grease(version) && (best == 0 || (dtls ? version < best : version > best))) {
                best = version;
            }
        }
        return best;
    }

    /**
     * The JA3 text: version, ciphers, extensions, groups and point formats in decimal. This and the fingerprints below
     * mean something only for a COMPLETE hello.
     */
    public String ja3Text() {
        return Ja3.text(this);
    }

    /** Entries of the supported_versions extension, 0 without it. */
    public int supportedVersionEntries() {
        return Math.max(0, versionsEnd - versionsOffset) / 2;
    }

    /** The MD5 of {@link #ja3Text} in hex. */
    public String ja3() {
        return Ja3.hash(this);
    }

    /** The JA4 TLS client fingerprint; {@code transport} is 't' for TCP, 'q' for QUIC, 'd' for DTLS. */
    public String ja4(char transport) {
        return Ja4.text(this, transport);
    }

    /**
     * A 64-bit hash over all that JA3 and JA4 depend on except the transport, so that their strings can be kept by this
     * key. It is no defence against a client that wants to collide: a fingerprint is a hint in any case.
     */
    public long fingerprintKey() {
        return FingerprintKey.of(this);
    }

    boolean serverNameExtension() {
        return hasExtension(SERVER_NAME);
    }

    /** The sixteen values 0x0a0a … 0xfafa that mean nothing (RFC 8701). */
    static boolean grease(int value) {
        return (value & 0x0f0f) == 0x0a0a && (value >>> 8) == (value & 0xff);
    }

    private String text(int at, int length, Charset charset) {
        byte[] copy = new byte[length];
        bytes.get(at, copy, 0, length);
        return new String(copy, charset);
    }
}
