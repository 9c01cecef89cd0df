// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The first message of a TLS client, as a reused view: {@link #parse} overwrites it, it owns no bytes and is valid as
 * long as the bytes that it was parsed from stay where they are. One thread.
 *
 * <p>The parse walks the lengths once and remembers positions; names, lists and fingerprints are made on demand. The one
 * bounds rule: a vector ends at the smallest of its own length, its enclosing vector's end and the bytes that are there;
 * nothing is read past that. What is cut off leaves the hello INCOMPLETE and gives what stood before it. (RFC 8446
 * §4.1.2; RFC 6066 §3 server_name; RFC 7301 ALPN; RFC 9849 ECH.)
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

    private static final int HEADER = 4;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    ByteBuffer bytes = NOTHING;
    private int start;
    private int messageLength;
    private boolean random;
    private int sessionIdLength;

    int legacyVersion;
    int ciphersOffset;
    int ciphersEnd;
    final HelloExtensions extensions = new HelloExtensions(NOTHING);

    /**
     * Reads the handshake message in [from, to) of {@code b}, whose first byte is the message type. Record headers are
     * already gone. Bytes behind the message are left alone.
     */
    public Outcome parse(ByteBuffer b, int from, int to) {
        clear(b, from);
        int there = to - from;
        if (there <= 0) {
            return Outcome.INCOMPLETE;
        }
        if (b.get(from) != 1) {
            return Outcome.NOT_A_HELLO;
        }
        if (there < HEADER) {
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
        int p = from + HEADER;
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
        extensions.walk(p, end, limit);
        return limit == end ? Outcome.COMPLETE : Outcome.INCOMPLETE;
    }

    private static boolean majorVersion(byte major) {
        return major == 3;
    }

    private void clear(ByteBuffer b, int from) {
        bytes = b;
        extensions.clear(b, from);
        start = from;
        messageLength = 0;
        random = false;
        sessionIdLength = 0;
        legacyVersion = 0;
        ciphersOffset = 0;
        ciphersEnd = 0;
    }

    /** The buffer that the offsets of this view belong to. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Length of the message with its header; 0 when the header is not there. */
    public int length() {
        return messageLength == 0 ? 0 : messageLength + HEADER;
    }

    /** True when a length inside the hello contradicts another one, or the server name cannot be a name. */
    public boolean malformed() {
        return extensions.malformed;
    }

    public boolean hasRandom() {
        return random;
    }

    /** Where the 32 bytes of the random begin; only meaningful with {@link #hasRandom}. */
    public int randomOffset() {
        return start + HEADER + 2;
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
        return extensions.nameLength != 0;
    }

    public int serverNameOffset() {
        return extensions.nameOffset;
    }

    public int serverNameLength() {
        return extensions.nameLength;
    }

    /** The name as sent, in its own case, bytes as ISO 8859-1, or "" when there is none. */
    public String serverName() {
        return text(extensions.nameOffset, extensions.nameLength);
    }

    /** True when an Encrypted ClientHello (also an empty, "GREASE" one) or the older encrypted SNI is offered. */
    public boolean ech() {
        return extensions.ech;
    }

    /** True when an extension with this number, below 64, is there. */
    public boolean hasExtension(int type) {
        return extensions.has(type);
    }

    public boolean offersAlpn() {
        return extensions.offersAlpn();
    }

    public boolean offersHttp2() {
        return extensions.offersHttp2();
    }

    /** Application data may follow before the server's answer (RFC 8446 section 4.2.10). */
    public boolean offersEarlyData() {
        return extensions.offersEarlyData();
    }

    /** The protocols offered, in the client's order; the registered ones are UTF-8, anything else shows as U+FFFD. */
    public List<String> alpn() {
        return extensions.alpn();
    }

    /** The highest version offered in supported_versions, 0 when the extension is absent or holds only GREASE. */
    public int supportedVersions() {
        return extensions.highestVersion();
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
        return extensions.versionEntries();
    }

    /** The MD5 of {@link #ja3Text} in hex. */
    public String ja3() {
        return Ja3.hash(this);
    }

    /** The JA4 TLS client fingerprint; {@code transport} is 't' for TCP, 'q' for QUIC. */
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

    /** As {@link #fingerprintKey}, over what JA4 depends on: equal for hellos that only shuffle their extensions. */
    public long ja4Key() {
        return FingerprintKey.ja4(this);
    }

    /** The sixteen values 0x0a0a … 0xfafa that mean nothing (RFC 8701). */
    static boolean grease(int value) {
        return (value & 0x0f0f) == 0x0a0a && (value >>> 8) == (value & 0xff);
    }

    private String text(int at, int length) {
        byte[] copy = new byte[length];
        bytes.get(at, copy, 0, length);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }
}
