// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The head of an HTTP/1.x request in clear, as a reused view that owns no bytes: request line, Host, and where the
 * header block ends. One thread. (RFC 9112 §3, §5; RFC 9110 §9.3.6 CONNECT.)
 *
 * <p>A line ends at LF, with or without a CR before it. Positions are those of the buffer given; a length of 0 means
 * absent. The first header of a name counts.
 */
public final class HttpRequest {
    /** What the bytes turned out to be. */
    public enum Outcome {
        /** The header block is there to its end. */
        COMPLETE,
        /** All bytes so far agree with a request; the header block's end is missing. What is there is given. */
        INCOMPLETE,
        /** As INCOMPLETE, but already longer than {@value #MAX_HEAD} bytes: not worth waiting for. */
        TOO_LONG,
        /** No request line of HTTP/1.x. */
        NOT_HTTP
    }

    /** What common servers accept at most is 8 to 16 kB. */
    public static final int MAX_HEAD = 16 << 10;

    private static final int MAX_METHOD = 20;
    private static final byte[] CONNECT = "CONNECT".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HOST = "host".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION = " HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private int methodOffset;
    private int methodLength;
    private int targetOffset;
    private int targetLength;
    private int hostOffset;
    private int hostLength;
    private int end;
    private boolean connect;

    /** Reads [from, to) of {@code b}, which begins where a request may begin. */
    public Outcome parse(ByteBuffer b, int from, int to) {
        bytes = b;
        methodOffset = from;
        methodLength = 0;
        targetOffset = from;
        targetLength = 0;
        hostOffset = from;
        hostLength = 0;
        end = -1;
        connect = false;
        int limit = Math.min(to, from + MAX_HEAD);
        Outcome more = to - from > MAX_HEAD ? Outcome.TOO_LONG : Outcome.INCOMPLETE;
        int space = method(from, limit);
        if (space < 0) {
            return Outcome.NOT_HTTP;
        }
        if (space == limit) {
            return more;
        }
        int line = lineEnd(space, limit);
        if (line < 0) {
            return more;
        }
        if (!requestLine(from, space, textEnd(space, line))) {
            return Outcome.NOT_HTTP;
        }
        int p = line + 1;
        while (p < limit) {
            line = lineEnd(p, limit);
            if (line < 0) {
                return more;
            }
            int stop = textEnd(p, line);
            if (stop == p) {
                end = line + 1;
                return Outcome.COMPLETE;
            }
            header(p, stop);
            p = line + 1;
        }
        return more;
    }

    /** Position of the blank behind the method, {@code limit} when it is still missing, -1 when this is no method. */
    private int method(int from, int limit) {
        int p = from;
        while (p < limit) {
            int c = bytes.get(p);
            if (c == ' ') {
                return p == from ? -1 : p;
            }
            if ((c < 'A' || c > 'Z') && (c != '-' || p == from)) {
                return -1;
            }
            if (++p - from > MAX_METHOD) {
                return -1;
            }
        }
        return p;
    }

    private boolean requestLine(int from, int space, int stop) {
        int version = stop - VERSION.length - 1;
        if (version <= space || !same(VERSION, version, stop - 1)) {
            return false;
        }
        methodLength = space - from;
        targetOffset = space + 1;
        targetLength = Math.max(0, version - targetOffset);
        connect = methodLength == CONNECT.length && same(CONNECT, from, space);
        if (!connect) {
            absoluteForm(targetOffset, version);
        }
        return true;
    }

    /** {@code GET http://example.org/path}: sent to a proxy, and stronger than Host (RFC 9112 §3.2.2). */
    private void absoluteForm(int from, int to) {
        int p = from;
        while (p < to && letter(bytes.get(p))) {
            p++;
        }
        if (p == from || to - p < 4 || bytes.get(p) != ':' || bytes.getShort(p + 1) != 0x2f2f) {
            return;
        }
        int host = p + 3;
        int stop = host;
        while (stop < to && bytes.get(stop) != '/' && bytes.get(stop) != '?') {
            stop++;
        }
        hostOffset = host;
        hostLength = stop - host;
    }

    private void header(int from, int to) {
        int colon = from;
        while (colon < to && bytes.get(colon) != ':') {
            colon++;
        }
        if (colon == to) {
            return;
        }
        int length = colon - from;
        if (length == HOST.length && hostLength == 0 && equalsIgnoringCase(HOST, from)) {
            hostOffset = valueStart(colon + 1, to);
            hostLength = to - hostOffset;
        }
    }

    private int valueStart(int from, int to) {
        int p = from;
        while (p < to && bytes.get(p) <= ' ' && bytes.get(p) >= 0) {
            p++;
        }
        return p;
    }

    private int lineEnd(int from, int limit) {
        for (int p = from; p < limit; p++) {
            if (bytes.get(p) == '\n') {
                return p;
            }
        }
        return -1;
    }

    /** End of the line's text, blanks and CR at its end gone. */
    private int textEnd(int from, int lineEnd) {
        int p = lineEnd;
        while (p > from && (bytes.get(p - 1) == '\r' || bytes.get(p - 1) == ' ' || bytes.get(p - 1) == '\t')) {
            p--;
        }
        return p;
    }

    private boolean same(byte[] text, int from, int to) {
        for (int i = 0; i < to - from; i++) {
            if (bytes.get(from + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean equalsIgnoringCase(byte[] lower, int from) {
        for (int i = 0; i < lower.length; i++) {
            int c = bytes.get(from + i);
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean letter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** True when the request line is there and its method is CONNECT. */
    public boolean connect() {
        return connect;
    }

    /** True when the whole request line is there. */
    public boolean hasRequestLine() {
        return methodLength != 0;
    }

    public String method() {
        return text(methodOffset, methodLength);
    }

    public int targetOffset() {
        return targetOffset;
    }

    public int targetLength() {
        return targetLength;
    }

    /** The request target as sent: {@code host:port} for CONNECT. */
    public String target() {
        return text(targetOffset, targetLength);
    }

    public int hostOffset() {
        return hostOffset;
    }

    public int hostLength() {
        return hostLength;
    }

    /** Host as sent, perhaps with a port; that of the target when the target is a whole URI; "" when absent. */
    public String host() {
        return text(hostOffset, hostLength);
    }

    /** Position behind the empty line that ends the header block, or -1 while it is not there. */
    public int end() {
        return end;
    }

    private String text(int at, int length) {
        byte[] copy = new byte[length];
        bytes.get(at, copy, 0, length);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }
}
