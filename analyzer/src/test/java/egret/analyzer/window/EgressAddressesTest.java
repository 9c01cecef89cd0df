// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static egret.analyzer.Intervals.ip;
import static org.assertj.core.api.Assertions.assertThat;

import egret.rules.IpAddress;
import egret.rules.Measure;
import egret.rules.Rules;
import egret.rules.RulesException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EgressAddressesTest {
    private EgressAddresses egress = new EgressAddresses(Rules.builtin());

    private @Nullable IpAddress of(Measure measure, String source, @Nullable String seen) {
        return egress.of("docker-hub", measure, ip(source), seen == null ? null : ip(seen));
    }

    private @Nullable IpAddress of(String source, @Nullable String seen) {
        return of(Measure.REQUESTS, source, seen);
    }

    @Test
    void hostsOfOnePrefixCountTogether() {
        IpAddress prefix = ip("2001:db8:0:12::");

        assertThat(of("2001:db8:0:12:a00:27ff:fe4e:66a1", null)).isEqualTo(prefix);
        assertThat(of("2001:db8:0:12::7", null)).isEqualTo(prefix);
        assertThat(of("2001:db8:0:13::7", null)).isNotEqualTo(prefix);
        assertThat(of("10.0.1.11", "2001:db8:0:12::9")).isEqualTo(prefix);
    }

    @Test
    void theLimitsOwnPrefixDecides() throws RulesException {
        egress = new EgressAddresses(Rules.parse("test.yaml", """
                endpoints:
                  - name: docker-hub
                    limits:
                      abuse: {ipv6-prefix: 56}
                      pull: {ipv6-prefix: 80}
                """));

        assertThat(of(Measure.REQUESTS, "2001:db8:0:12:1:2:3:4", null)).isEqualTo(ip("2001:db8::"));
        assertThat(of(Measure.PULLS, "2001:db8:0:12:1:2:3:4", null)).isEqualTo(ip("2001:db8:0:12:1::"));
        assertThat(of(Measure.CONNECTIONS, "2001:db8:0:12:1:2:3:4", null)).isEqualTo(ip("2001:db8::"));
        assertThat(of(Measure.PULLS, "10.0.1.11", "2001:db8:9:1:7::9")).isEqualTo(ip("2001:db8:9:1:7::"));
        assertThat(of(Measure.REQUESTS, "10.0.1.11", null)).isEqualTo(ip("2001:db8:9::"));
        assertThat(of(Measure.REQUESTS, "10.0.1.11", "203.0.113.5")).isEqualTo(ip("203.0.113.5"));
        assertThat(egress.of("quay", Measure.REQUESTS, ip("2001:db8:0:12:1::7"), null))
                .isEqualTo(ip("2001:db8:0:12::"));
        assertThat(egress.of("unknown", Measure.PULLS, ip("2001:db8:0:12:1::7"), null))
                .isEqualTo(ip("2001:db8:0:12::"));
    }

    @Test
    void localAddressesSayNothingOfTheEgress() {
        assertThat(of("fd00::7", null)).isNull();
        assertThat(of("fe80::7", null)).isNull();
        assertThat(of("10.0.1.11", null)).isNull();
        assertThat(of("198.51.100.7", null)).isNull();
    }

    @Test
    void whatWasSeenGoesBeforeTheOwnPrefix() {
        assertThat(of("2001:db8:0:12::7", "2001:db8:9::1")).isEqualTo(ip("2001:db8:9::"));
        assertThat(of("2001:db8:0:12::7", null)).isEqualTo(ip("2001:db8:9::"));
    }
}
