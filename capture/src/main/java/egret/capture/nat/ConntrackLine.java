// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import egret.rules.IpAddress;
import java.nio.charset.StandardCharsets;

/**
 * One connection as /proc/net/nf_conntrack writes it: a reused view. The first of each of {@code src= dst= sport= dport=}
 * in a line is of the original direction, the second of the reply.
 *
 * <pre>
 * ipv4 2 tcp 6 117 SYN_SENT src=10.0.1.11 dst=198.51.100.10 sport=40000 dport=443 [UNREPLIED]
 *     src=198.51.100.10 dst=203.0.113.5 sport=443 dport=1024 mark=0 zone=0 use=2
 * </pre>
 */
final class ConntrackLine {
    /** An IPv6 address in full has 39. */
    private static final int LONGEST_ADDRESS = 45;

    /** Family and its number, protocol, protocol's number. */
    private static final int PROTOCOL_FIELD = 3;

    private static final int FIELDS = 8;

    final Tuple original = new Tuple();
    final Tuple reply = new Tuple();
    private boolean damaged;

    /** Whether {@code bytes[from, to)} holds a TCP or UDP connection; {@link #damaged} tells others from broken lines. */
    boolean parse(byte[] bytes, int from, int to) {
        damaged = false;
        int field = 0;
        int found = 0;
        int at = from;
        while (at < to) {
            while (at < to && bytes[at] == ' ') {
                at++;
            }
            int end = at;
            while (end < to && bytes[end] != ' ') {
                end++;
            }
            if (field == PROTOCOL_FIELD) {
                int protocol = number(bytes, at, end, 255);
                if (protocol != Tuple.TCP && protocol != Tuple.UDP) {
                    damaged = protocol < 0;
                    return false;
                }
                original.protocol = protocol;
                reply.protocol = protocol;
            } else if (field > PROTOCOL_FIELD) {
                int value = valueOffset(bytes, at, end);
                if (value > 0 && !take(bytes, at, value, end, found++ < FIELDS / 2 ? original : reply)) {
                    damaged = true;
                    return false;
                }
            }
            field++;
            at = end;
        }
        damaged = found != FIELDS;
        return !damaged;
    }

    /** The line that was parsed last is not one of the kernel's. */
    boolean damaged() {
        return damaged;
    }

    /** Offset behind the equals sign of one of the four fields, 0 if it is another. */
    private static int valueOffset(byte[] bytes, int at, int end) {
        if (end - at > 6 && (bytes[at] == 's' || bytes[at] == 'd') && bytes[at + 1] == 'p' && bytes[at + 5] == '=') {
            return at + 6;
        }
        boolean source = end - at > 4 && bytes[at] == 's' && bytes[at + 1] == 'r' && bytes[at + 2] == 'c';
        boolean destination = end - at > 4 && bytes[at] == 'd' && bytes[at + 1] == 's' && bytes[at + 2] == 't';
        return (source || destination) && bytes[at + 3] == '=' ? at + 4 : 0;
    }

    private static boolean take(byte[] bytes, int at, int value, int end, Tuple into) {
        boolean source = bytes[at] == 's';
        if (bytes[at + 1] == 'p') {
            int port = number(bytes, value, end, 0xffff);
            if (source) {
                into.sourcePort = port;
            } else {
                into.destinationPort = port;
            }
            return port >= 0;
        }
        if (end - value > LONGEST_ADDRESS) {
            return false;
        }
        IpAddress address = IpAddress.parse(new String(bytes, value, end - value, StandardCharsets.ISO_8859_1));
        if (address == null) {
            return false;
        }
        if (source) {
            into.sourceHigh = address.high();
            into.sourceLow = address.low();
        } else {
            into.destinationHigh = address.high();
            into.destinationLow = address.low();
        }
        return true;
    }

    /** -1 if it is none or too large. */
    private static int number(byte[] bytes, int from, int to, int most) {
        int value = from == to ? -1 : 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || value > most) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value > most ? -1 : value;
    }
}
