// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import org.jspecify.annotations.Nullable;

/** The text forms of addresses: dotted quads, RFC 4291 section 2.2 in, RFC 5952 out. */
final class AddressText {
    private static final int LONGEST = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length();

    private AddressText() {}

    static @Nullable IpAddress parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return null;
        }
        if (text.indexOf(':') >= 0) {
            return parseIpv6(text);
        }
        long address = parseQuad(text, 0);
        return address < 0 ? null : IpAddress.ofIpv4((int) address);
    }

    /** The dotted quad from {@code at} to the end, -1 if it is none. A leading zero is refused: some read it as octal. */
    private static long parseQuad(String text, int at) {
        long address = 0;
        int parts = 0;
        int digits = 0;
        int part = 0;
        for (int i = at; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (digits == 0 || parts == 4) {
                    return -1;
                }
                address = address << 8 | part;
                parts++;
                digits = 0;
                part = 0;
            } else if (c >= '0' && c <= '9') {
                if (digits > 0 && part == 0) {
                    return -1;
                }
                part = part * 10 + (c - '0');
                digits++;
                if (part > 255) {
                    return -1;
                }
            } else {
                return -1;
            }
        }
        return parts == 4 ? address : -1;
    }

    private static @Nullable IpAddress parseIpv6(String text) {
        int[] groups = new int[8];
        int count = 0;
        int gap = -1; // how many groups stand before "::"
        int at = 0;
        int end = text.length();
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        } else if (text.charAt(0) == ':') {
            return null;
        }
        while (at < end) {
            int stop = at;
            int group = 0;
            while (stop < end && hex(text.charAt(stop)) >= 0) {
                group = group << 4 | hex(text.charAt(stop));
                stop++;
                if (stop - at > 4) {
                    return null;
                }
            }
            if (stop < end && text.charAt(stop) == '.') {
                long quad = parseQuad(text, at);
                if (quad < 0 || count > 6) {
                    return null;
                }
                groups[count++] = (int) (quad >>> 16);
                groups[count++] = (int) (quad & 0xffff);
                break;
            }
            if (stop == at || count == 8) {
                return null;
            }
            groups[count++] = group;
            at = stop;
            if (at == end) {
                break;
            }
            if (text.charAt(at) != ':' || at + 1 == end) {
                return null;
            }
            at++;
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at++;
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return null;
        }
        return join(groups, count, gap);
    }

    private static IpAddress join(int[] groups, int count, int gap) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            int group;
            if (gap < 0 || i < gap) {
                group = groups[i];
            } else {
                int fromEnd = i - (8 - count);
                group = fromEnd < gap ? 0 : groups[fromEnd];
            }
            if (i < 4) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
        return new IpAddress(high, low);
    }

    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }

    static String of(IpAddress address) {
        StringBuilder text = new StringBuilder(LONGEST);
        if (address.isIpv4()) {
            long quad = address.low();
            text.append(quad >>> 24 & 255).append('.').append(quad >>> 16 & 255);
            text.append('.').append(quad >>> 8 & 255).append('.').append(quad & 255);
            return text.toString();
        }
        int longestAt = -1;
        int longest = 1; // a single zero group is written out
        int run = 0;
        for (int i = 0; i < 8; i++) {
            run = group(address, i) == 0 ? run + 1 : 0;
            if (run > longest) {
                longest = run;
                longestAt = i + 1 - run;
            }
        }
        for (int i = 0; i < 8; i++) {
            if (i == longestAt) {
                text.append("::");
                i += longest - 1;
                continue;
            }
            if (i > 0 && i != longestAt + longest) {
                text.append(':');
            }
            text.append(Integer.toHexString(group(address, i)));
        }
        return text.toString();
    }

    private static int group(IpAddress address, int index) {
        long half = index < 4 ? address.high() : address.low();
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }
}
