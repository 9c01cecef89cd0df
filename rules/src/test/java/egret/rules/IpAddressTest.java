// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IpAddressTest {
    @Test
    void writesIpv6AsRfc5952Says() {
        // section 4: no leading zeros, the longest run of zeros, the first of equal runs, never a single group, lower
        // case
        String[][] pairs = {
            {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
            {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
            {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
            {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
            {"2001:DB8::ABCD", "2001:db8::abcd"},
            {"0:0:0:0:0:0:0:0", "::"},
            {"::1", "::1"},
            {"1::", "1::"},
            {"2001:db8::192.0.2.1", "2001:db8::c000:201"},
            {"::ffff:192.0.2.1", "192.0.2.1"},
            {"::ffff:c000:0201", "192.0.2.1"},
            {"192.0.2.255", "192.0.2.255"},
            {"0.0.0.0", "0.0.0.0"},
        };
        for (String[] pair : pairs) {
            assertThat(IpAddress.parse(pair[0])).as(pair[0]).hasToString(pair[1]);
        }
    }

    @Test
    void refusesWhatIsNoAddress() {
        List<String> texts = List.of(
                "",
                ".",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4 ",
                "1.2.3.x",
                "localhost",
                "example.org",
                ":",
                ":::",
                "1:",
                ":1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4:5:6:7::8",
                "::12345",
                "::g",
                "fe80::1%eth0",
                "::1.2.3",
                "::1.2.3.4:1",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1:2:3:4:5:6:7:8:",
                "::ffff:999.0.2.1",
                "12345678901234567890123456789012345678901234567890");
        for (String text : texts) {
            assertThat(IpAddress.parse(text)).as(text).isNull();
        }
    }

    @Test
    void readsBackWhatItWritesAndAgreesWithTheJdk() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            // Groups are zero half of the time, so that runs of zeros occur.
            byte[] bytes = new byte[16];
            for (int group = 0; group < 8; group++) {
                if (random.nextBoolean()) {
                    bytes[2 * group] = (byte) random.nextInt(1 << random.nextInt(9));
                    bytes[2 * group + 1] = (byte) random.nextInt();
                }
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            IpAddress address = new IpAddress(buffer.getLong(0), buffer.getLong(8));
            String jdk = InetAddress.getByAddress(bytes).getHostAddress();
            assertThat(IpAddress.parse(address.toString()))
                    .as("seed %d: %s", seed, jdk)
                    .isEqualTo(address);
            assertThat(IpAddress.parse(jdk)).as("seed %d: %s", seed, jdk).isEqualTo(address);
        }
    }

    @Test
    void neverThrowsOnAnyText() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "0123456789abcdefABF:::...:/%g ";
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(50); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            IpAddress address = IpAddress.parse(text.toString());
            if (address != null) {
                assertThat(IpAddress.parse(address.toString()))
                        .as("seed %d: %s", seed, text)
                        .isEqualTo(address);
            }
            IpPrefix.parse(text.toString());
        }
    }

    @Test
    void masksWithinItsFamily() {
        IpAddress ipv4 = IpAddress.ofIpv4(0xc0000281);
        assertThat(ipv4.masked(24)).hasToString("192.0.2.0");
        assertThat(ipv4.masked(32)).isEqualTo(ipv4);
        assertThat(ipv4.masked(0)).hasToString("0.0.0.0");
        IpAddress ipv6 = IpAddress.parse("2001:db8:1:2:ffff:ffff:ffff:ffff");
        assertThat(ipv6.masked(0)).hasToString("::");
        assertThat(ipv6.masked(33)).hasToString("2001:db8::");
        assertThat(ipv6.masked(65)).hasToString("2001:db8:1:2:8000::");
        assertThat(ipv6.masked(128)).isEqualTo(ipv6);
        assertThatThrownBy(() -> ipv4.masked(33)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void prefixesHoldTheirAddressesOnly() {
        assertThat(IpPrefix.parse("192.0.2.77/24")).hasToString("192.0.2.0/24");
        assertThat(IpPrefix.parse("192.0.2.77")).hasToString("192.0.2.77/32");
        assertThat(IpPrefix.parse("2001:db8::/32")).hasToString("2001:db8::/32");
        assertThat(IpPrefix.parse("::ffff:192.0.2.0/120")).hasToString("192.0.2.0/24");
        assertThat(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("203.0.113.1")))
                .isTrue();
        assertThat(IpPrefix.parse("::/0").contains(IpAddress.parse("203.0.113.1")))
                .isFalse();
        assertThat(IpPrefix.parse("::/0").contains(IpAddress.parse("2001:db8::1")))
                .isTrue();
        assertThat(IpPrefix.parse("192.0.2.128/25").contains(IpAddress.parse("192.0.2.127")))
                .isFalse();
        for (String text : List.of(
                "192.0.2.0/33",
                "192.0.2.0/",
                "192.0.2.0/x",
                "/24",
                "2001:db8::/129",
                "::ffff:1.2.3.4/8",
                "x/8",
                "1.2.3.4/0024")) {
            assertThat(IpPrefix.parse(text)).as(text).isNull();
        }
    }

    @Test
    void guessesPrivateNetworksAsInside() {
        InsideNetworks inside = InsideNetworks.guess();
        assertThat(inside.guessed()).isTrue();
        for (String text : List.of(
                "10.255.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.1.1",
                "127.0.0.1",
                "::1",
                "fe80::1",
                "fd00::1",
                "fc00::1")) {
            assertThat(inside.contains(IpAddress.parse(text))).as(text).isTrue();
        }
        for (String text : List.of(
                "11.0.0.0",
                "172.32.0.0",
                "192.169.0.0",
                "100.128.0.0",
                "203.0.113.5",
                "2001:db8::1",
                "::",
                "::2",
                "fe00::1")) {
            assertThat(inside.contains(IpAddress.parse(text))).as(text).isFalse();
        }
        InsideNetworks given = InsideNetworks.of(List.of(IpPrefix.parse("::/0")));
        assertThat(given.guessed()).isFalse();
        assertThat(given.contains(IpAddress.parse("2001:db8::1"))).isTrue();
        assertThat(given.contains(IpAddress.parse("203.0.113.5"))).isFalse();
    }
}
