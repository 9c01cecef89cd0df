// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The first message of a TLS server, as a reused view that owns no bytes. One thread. Bounds as in {@link ClientHello}.
 * (RFC 8446 §4.1.3; under TLS 1.3 the chosen ALPN is encrypted and not here.)
 */
public final class ServerHello {
    /** What the bytes turned out to be. */
    public enum Outcome {
        /** Every byte of the message is there. */
        COMPLETE,
        /** All bytes so far agree with a ServerHello; more are missing. */
        INCOMPLETE,
        /** The bytes contradict a ServerHello. */
        NOT_A_HELLO
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private int version;
    private int cipherSuite;
    private boolean retry;
    private int protocolOffset;
    private int protocolLength;
    private int randomOffset;

    /** Reads the handshake message in [from, to) of {@code b}, whose first byte is the message type. */
    public Outcome parse(ByteBuffer b, int from, int to) {
        bytes = b;
        version = 0;
        cipherSuite = 0;
        retry = false;
        protocolOffset = from;
        protocolLength = 0;
        randomOffset = from + 6;
        int there = to - from;
        if (there <= 0) {
            return Outcome.INCOMPLETE;
        }
        if (b.get(from) != 2 || (there > 1 && b.get(from + 1) != 0)) {
            return Outcome.NOT_A_HELLO;
        }
        if (there < 4) {
            return Outcome.INCOMPLETE;
        }
        int end = from + 4 + (b.getShort(from + 2) & 0xffff);
        int limit = Math.min(end, to);
        // version, random, session id, cipher suite, compression method
        if (end - from < 4 + 38) {
            return Outcome.NOT_A_HELLO;
        }
        if (there > 4 && b.get(from + 4) != 3) {
            return Outcome.NOT_A_HELLO;
        }
        if (limit - from < 39) {
            return Outcome.INCOMPLETE;
        }
        version = b.getShort(from + 4) & 0xffff;
        retry = isRetry(b, from + 6);
        int sessionId = b.get(from + 38) & 0xff;
        int p = from + 39 + sessionId;
        if (sessionId > 32 || end - p < 3) {
            return Outcome.NOT_A_HELLO;
        }
        if (limit - p < 3) {
            return Outcome.INCOMPLETE;
        }
        cipherSuite = b.getShort(p) & 0xffff;
        p += 3;
        if (limit - p >= 2) {
            extensions(p + 2, Math.min(limit, p + 2 + (b.getShort(p) & 0xffff)));
        }
        return limit == end ? Outcome.COMPLETE : Outcome.INCOMPLETE;
    }

    private void extensions(int at, int limit) {
        int p = at;
        while (limit - p >= 4) {
            int type = bytes.getShort(p) & 0xffff;
            int value = p + 4;
            int next = value + (bytes.getShort(p + 2) & 0xffff);
            int stop = Math.min(next, limit);
            if (type == HelloExtensions.SUPPORTED_VERSIONS && stop - value >= 2) {
                version = bytes.getShort(value) & 0xffff;
            } else if (type == HelloExtensions.APPLICATION_PROTOCOLS && stop - value >= 3) {
                int length = bytes.get(value + 2) & 0xff;
                if (length <= stop - value - 3) {
                    protocolOffset = value + 3;
                    protocolLength = length;
                }
            }
            p = next;
        }
    }

    /** SHA-256 of "HelloRetryRequest" in place of a random. */
    private static boolean isRetry(ByteBuffer b, int at) {
        return b.getLong(at) == 0xcf21ad74e59a6111L
                && b.getLong(at + 8) == 0xbe1d8c021e65b891L
                && b.getLong(at + 16) == 0xc2a211167abb8c5eL
                && b.getLong(at + 24) == 0x079e09e2c8a8339cL;
    }

    /** The version chosen, 0x0304 for TLS 1.3; 0 when its bytes are not there. */
    public int version() {
        return version;
    }

    public int cipherSuite() {
        return cipherSuite;
    }

    public boolean helloRetryRequest() {
        return retry;
    }

    /** Where the 32 bytes of the random begin; they are there when {@link #version} is not 0. */
    public int randomOffset() {
        return randomOffset;
    }

    public boolean choseHttp2() {
        return protocolLength == 2 && bytes.getShort(protocolOffset) == 0x6832;
    }

    /** The protocol chosen in clear (up to TLS 1.2), or "". */
    public String alpn() {
        byte[] copy = new byte[protocolLength];
        bytes.get(protocolOffset, copy, 0, protocolLength);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
