// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import org.jspecify.annotations.Nullable;

/**
 * A block of addresses of one family (CIDR, RFC 4632).
 *
 * @param address the first address; bits behind the length are cleared
 * @param length 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) {
    public IpPrefix {
        address = address.masked(length);
    }

    /** The block in a text like {@code 10.0.0.0/8}; an address alone is a block of one. Null if it is neither. */
    public static @Nullable IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int most = address.isIpv4() ? 32 : 128;
        if (slash < 0) {
            return new IpPrefix(address, most);
        }
        int length = 0;
        int digits = text.length() - slash - 1;
        if (digits < 1 || digits > 3) {
            return null;
        }
        for (int i = slash + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            length = length * 10 + (c - '0');
        }
        if (address.isIpv4() && text.indexOf(':') >= 0) {
            length -= 96; // ::ffff:192.0.2.0/120 is 192.0.2.0/24
        }
        return length < 0 || length > most ? null : new IpPrefix(address, length);
    }

    /** Whether the address is of the same family and lies in the block. */
    public boolean contains(IpAddress other) {
        return other.isIpv4() == address.isIpv4() && other.masked(length).equals(address);
    }

    // Written out for the start, as in IpAddress.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpPrefix prefix && length == prefix.length && address.equals(prefix.address);
    }

    @Override
    public int hashCode() {
        return address.hashCode() * 31 + length;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
