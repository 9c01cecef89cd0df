// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.rules.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The address that the remote side last saw of each source: what a connection is counted under whose copy behind the NAT
 * was not seen. At most {@value #MOST} sources.
 */
public final class EgressAddresses {
    static final int MOST = 131_072;

    private AddressTable<IpAddress[]> known = new AddressTable<>();

    /** Forgets all if there are many: sources come and go for as long as an agent runs. */
    public void forgetIfMany() {
        if (known.size() > MOST / 2) {
            known = new AddressTable<>();
        }
    }

    /**
     * The address to count under, of IPv6 the /64; null if none was ever seen. A global IPv6 address of which no
     * translation was seen is what the remote side sees.
     *
     * @param seen by this very connection, null if it was not
     */
    public @Nullable IpAddress of(IpAddress source, @Nullable IpAddress seen) {
        IpAddress[] last = known.get(source);
        if (seen == null) {
            return last != null ? last[0] : isGlobal(source) ? source.prefix64() : null;
        }
        IpAddress counted = seen.isIpv4() ? seen : seen.prefix64();
        if (last != null) {
            last[0] = counted;
        } else if (known.size() < MOST) {
            known.add(source, new IpAddress[] {counted});
        }
        return counted;
    }

    /** In 2000::/3 (RFC 4291 section 2.5.4). */
    private static boolean isGlobal(IpAddress address) {
        return address.high() >>> 61 == 1;
    }
}
