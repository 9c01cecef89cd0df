// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a SOCKS client asks its proxy for, read from the client's side alone, as a reused view that owns no bytes.
 * SOCKS4, 4a, and 5 with no authentication or user and password. One thread. (RFC 1928, RFC 1929; SOCKS 4A.)
 *
 * <p>The server's choice of a method is not seen; the client's next byte tells it: 5 begins the request, 1 the password.
 */
public final class SocksRequest {
    /** What the bytes turned out to be. */
    public enum Outcome {
        /** The request is there; {@link #target} and {@link #end} are set. */
        COMPLETE,
        /** All bytes so far agree with one; more are missing. */
        INCOMPLETE,
        /** The bytes contradict SOCKS, or ask for a method that is not read here. */
        NOT_SOCKS
    }

    private static final int MAX_TEXT = 255;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private ByteBuffer bytes = NOTHING;
    private int addressType;
    private int addressOffset;
    private int addressLength;
    private int port;
    private int command;
    private int end;

    /** Reads [from, to) of {@code b}: what the client has sent, from its first byte on. */
    public Outcome parse(ByteBuffer b, int from, int to) {
        bytes = b;
        addressType = 0;
        addressOffset = from;
        addressLength = 0;
        port = 0;
        command = 0;
        end = -1;
        if (from >= to) {
            return Outcome.INCOMPLETE;
        }
        return switch (b.get(from)) {
            case 4 -> version4(from, to);
            case 5 -> version5(from, to);
            default -> Outcome.NOT_SOCKS;
        };
    }

    /** 4, command, port(2), address(4), user id, 0; for 4a the address is 0.0.0.x and a name follows, 0. */
    private Outcome version4(int from, int to) {
        ByteBuffer b = bytes;
        if (to - from >= 2 && b.get(from + 1) != 1 && b.get(from + 1) != 2) {
            return Outcome.NOT_SOCKS;
        }
        if (to - from < 8) {
            return Outcome.INCOMPLETE;
        }
        int user = from + 8;
        int zero = text(user, to);
        if (zero == to) {
            return Outcome.INCOMPLETE;
        }
        if (zero < 0) {
            return Outcome.NOT_SOCKS;
        }
        int address = b.getInt(from + 4);
        addressType = IPV4;
        addressOffset = from + 4;
        addressLength = 4;
        int after = zero + 1;
        if (address > 0 && address < 256) {
            int stop = text(after, to);
            if (stop == to) {
                return Outcome.INCOMPLETE;
            }
            if (stop <= after) {
                return Outcome.NOT_SOCKS;
            }
            addressType = NAME;
            addressOffset = after;
            addressLength = stop - after;
            after = stop + 1;
        }
        command = b.get(from + 1);
        port = b.getShort(from + 2) & 0xffff;
        end = after;
        return Outcome.COMPLETE;
    }

    /** Position of the 0 behind printable text, {@code to} when it is still missing, -1 when this is no text. */
    private int text(int from, int to) {
        int p = from;
        while (p < to) {
            int c = bytes.get(p) & 0xff;
            if (c == 0) {
                return p;
            }
            if (c < ' ' || p - from >= MAX_TEXT) {
                return -1;
            }
            p++;
        }
        return to;
    }

    private Outcome version5(int from, int to) {
        ByteBuffer b = bytes;
        if (to - from < 2) {
            return Outcome.INCOMPLETE;
        }
        int methods = b.get(from + 1) & 0xff;
        if (methods == 0) {
            return Outcome.NOT_SOCKS;
        }
        int p = from + 2;
        boolean none = false;
        boolean password = false;
        for (int i = 0; i < methods && p + i < to; i++) {
            none |= b.get(p + i) == 0;
            password |= b.get(p + i) == 2;
        }
        p += methods;
        if (p >= to) {
            return Outcome.INCOMPLETE;
        }
        if (b.get(p) == 1 && password) {
            if (to - p < 2) {
                return Outcome.INCOMPLETE;
            }
            p += 2 + (b.get(p + 1) & 0xff);
            if (p >= to) {
                return Outcome.INCOMPLETE;
            }
            p += 1 + (b.get(p) & 0xff);
        } else if (!none) {
            return Outcome.NOT_SOCKS;
        }
        return request5(p, to);
    }

    /** 5, command, 0, address type, address, port(2). */
    private Outcome request5(int p, int to) {
        ByteBuffer b = bytes;
        int there = to - p;
        if ((there > 0 && b.get(p) != 5)
                || (there > 1 && (b.get(p + 1) < 1 || b.get(p + 1) > 3))
                || (there > 2 && b.get(p + 2) != 0)) {
            return Outcome.NOT_SOCKS;
        }
        if (there < 5) {
            return Outcome.INCOMPLETE;
        }
        int type = b.get(p + 3);
        int address = p + 4;
        int length;
        switch (type) {
            case IPV4 -> length = 4;
            case IPV6 -> length = 16;
            case NAME -> {
                length = b.get(address) & 0xff;
                address++;
            }
            default -> {
                return Outcome.NOT_SOCKS;
            }
        }
        if (length == 0) {
            return Outcome.NOT_SOCKS;
        }
        if (to - address < length + 2) {
            return Outcome.INCOMPLETE;
        }
        addressType = type;
        addressOffset = address;
        addressLength = length;
        command = b.get(p + 1);
        port = b.getShort(address + length) & 0xffff;
        end = address + length + 2;
        return Outcome.COMPLETE;
    }

    /** 1 connect, 2 bind, 3 UDP; 0 until COMPLETE. */
    public int command() {
        return command;
    }

    /** True when the target is a name, false when it is an address. */
    public boolean named() {
        return addressType == NAME;
    }

    /** Where the name, or the 4 or 16 bytes of the address, begin. */
    public int addressOffset() {
        return addressOffset;
    }

    public int addressLength() {
        return addressLength;
    }

    public int port() {
        return port;
    }

    /** Position behind the request in the client's stream, -1 until COMPLETE. */
    public int end() {
        return end;
    }

    /** Target as {@code host:port}, an IPv6 address in brackets; "" until COMPLETE. */
    public String target() {
        if (end < 0) {
            return "";
        }
        StringBuilder s = new StringBuilder(48);
        if (addressType == NAME) {
            byte[] name = new byte[addressLength];
            bytes.get(addressOffset, name, 0, addressLength);
            s.append(new String(name, StandardCharsets.ISO_8859_1));
        } else if (addressType == IPV4) {
            for (int i = 0; i < 4; i++) {
                s.append(i == 0 ? "" : ".").append(bytes.get(addressOffset + i) & 0xff);
            }
        } else {
            ipv6(s.append('['));
            s.append(']');
        }
        return s.append(':').append(port).toString();
    }

    /** RFC 5952: the longest run of two or more zero groups becomes "::". */
    private void ipv6(StringBuilder s) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = i;
            while (run < 8 && group(run) == 0) {
                run++;
            }
            if (run - i > bestLength) {
                best = i;
                bestLength = run - i;
            }
        }
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                s.append("::");
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && i != best + bestLength) {
                s.append(':');
            }
            s.append(Integer.toHexString(group(i)));
        }
    }

    private int group(int i) {
        return bytes.getShort(addressOffset + 2 * i) & 0xffff;
    }
}
