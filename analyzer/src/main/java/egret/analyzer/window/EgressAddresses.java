// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.rules.IpAddress;
import egret.rules.Measure;
import egret.rules.Rules;
import org.jspecify.annotations.Nullable;

/**
 * The address that the remote side last saw of each source: what a connection is counted under whose copy behind the NAT
 * was not seen. At most {@value #MOST} sources.
 */
public final class EgressAddresses {
    static final int MOST = 131_072;

    private final Rules rules;
    private AddressTable<IpAddress[]> known = new AddressTable<>();

    /** @param rules whose limits tell which addresses are counted as one */
    public EgressAddresses(Rules rules) {
        this.rules = rules;
    }

    /** Forgets all if there are many: sources come and go for as long as an agent runs. */
    public void forgetIfMany() {
        if (known.size() > MOST / 2) {
            known = new AddressTable<>();
        }
    }

    /**
     * The address that an endpoint counts a measure under, of IPv6 the prefix that its limit goes by; null if none was ever
     * seen. A global IPv6 address of which no translation was seen is what the remote side sees.
     *
     * @param seen by this very connection, null if it was not
     */
    public @Nullable IpAddress of(String endpoint, Measure measure, IpAddress source, @Nullable IpAddress seen) {
        IpAddress[] last = known.get(source);
        IpAddress address = seen != null ? seen : last != null ? last[0] : isGlobal(source) ? source : null;
        if (seen != null && last != null) {
            last[0] = seen;
        } else if (seen != null && known.size() < MOST) {
            known.add(source, new IpAddress[] {seen});
        }
        return address == null ? null : rules.counted(endpoint, measure, address);
    }

    /** In 2000::/3 (RFC 4291 section 2.5.4). */
    private static boolean isGlobal(IpAddress address) {
        return address.high() >>> 61 == 1;
    }
}
