// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the extensions of one ClientHello lie that somebody asks for: the part of {@link ClientHello} behind its
 * compression methods, under the same bounds rule.
 */
final class HelloExtensions {
    static final int SERVER_NAME = 0;
    static final int SUPPORTED_GROUPS = 10;
    static final int POINT_FORMATS = 11;
    static final int SIGNATURE_ALGORITHMS = 13;
    static final int APPLICATION_PROTOCOLS = 16;
    static final int SUPPORTED_VERSIONS = 43;
    private static final int EARLY_DATA = 42;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;
    private static final int ENCRYPTED_SERVER_NAME = 0xffce;

    /** A DNS name is at most 253 characters; anything longer is no name that a registry could have. */
    private static final int MAX_NAME = 255;

    private static final long EACH = 0x0101010101010101L;
    private static final long TOP_BITS = 0x8080808080808080L;

    ByteBuffer bytes;
    boolean malformed;
    boolean ech;
    int nameOffset;
    int nameLength;
    private long small;

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

    HelloExtensions(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    void clear(ByteBuffer b, int from) {
        bytes = b;
        malformed = false;
        ech = false;
        small = 0;
        nameOffset = from;
        nameLength = 0;
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

    /** Contradictions from here on do not take back that this is a hello: the walk stops and says so. */
    void walk(int at, int end, int limit) {
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
        if ((small & 1L << type) != 0) {
            return;
        }
        small |= 1L << type;
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

    /** True when an extension with this number, below 64, is there. */
    boolean has(int type) {
        return type >= 0 && type < 64 && (small & 1L << type) != 0;
    }

    boolean offersAlpn() {
        return listEnd(protocolsOffset, protocolsEnd, 2) - protocolsOffset >= 4;
    }

    boolean offersEarlyData() {
        return (small & 1L << EARLY_DATA) != 0;
    }

    boolean offersHttp2() {
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

    List<String> alpn() {
        List<String> protocols = new ArrayList<>(4);
        int p = listFrom(protocolsOffset, protocolsEnd, 2);
        int end = listEnd(protocolsOffset, protocolsEnd, 2);
        while (p < end) {
            int length = bytes.get(p) & 0xff;
            if (length > end - p - 1) {
                break;
            }
            protocols.add(text(p + 1, length));
            p += 1 + length;
        }
        return protocols;
    }

    int highestVersion() {
        int best = 0;
        int end = listEnd(versionsOffset, versionsEnd, 1);
        for (int p = listFrom(versionsOffset, versionsEnd, 1); end - p >= 2; p += 2) {
            int version = bytes.getShort(p) & 0xffff;
            if (!ClientHello.grease(version) && version > best) {
                best = version;
            }
        }
        return best;
    }

    int versionEntries() {
        int end = listEnd(versionsOffset, versionsEnd, 1);
        return Math.max(0, end - listFrom(versionsOffset, versionsEnd, 1)) / 2;
    }

    private String text(int at, int length) {
        byte[] copy = new byte[length];
        bytes.get(at, copy, 0, length);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
