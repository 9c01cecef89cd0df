// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import egret.rules.IpAddress;
import org.junit.jupiter.api.Test;

class EgressAddressesTest {
    private final EgressAddresses egress = new EgressAddresses();

    private static IpAddress address(String text) {
        return requireNonNull(IpAddress.parse(text));
    }

    @Test
    void hostsOfOnePrefixCountTogether() {
        IpAddress prefix = address("2001:db8:0:12::");

        assertThat(egress.of(address("2001:db8:0:12:a00:27ff:fe4e:66a1"), null)).isEqualTo(prefix);
        assertThat(egress.of(address("2001:db8:0:12::7"), null)).isEqualTo(prefix);
        assertThat(egress.of(address("2001:db8:0:13::7"), null)).isNotEqualTo(prefix);
        assertThat(egress.of(address("10.0.1.11"), address("2001:db8:0:12::9"))).isEqualTo(prefix);
    }

    @Test
    void localAddressesSayNothingOfTheEgress() {
        assertThat(egress.of(address("fd00::7"), null)).isNull();
        assertThat(egress.of(address("fe80::7"), null)).isNull();
        assertThat(egress.of(address("10.0.1.11"), null)).isNull();
        assertThat(egress.of(address("198.51.100.7"), null)).isNull();
    }

    @Test
    void whatWasSeenGoesBeforeTheOwnPrefix() {
        IpAddress source = address("2001:db8:0:12::7");

        assertThat(egress.of(source, address("2001:db8:9::1"))).isEqualTo(address("2001:db8:9::"));
        assertThat(egress.of(source, null)).isEqualTo(address("2001:db8:9::"));
    }
}
