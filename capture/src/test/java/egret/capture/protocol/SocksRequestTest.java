// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static egret.capture.protocol.HelloBuilder.ascii;
import static egret.capture.protocol.HelloBuilder.bytes;
import static egret.capture.protocol.HelloBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.protocol.SocksRequest.Outcome;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SocksRequestTest {
    private static final byte[] NAMED =
            join(bytes(5, 2, 0, 2, 5, 1, 0, 3, 20), ascii("registry-1.docker.io"), bytes(1, 0xbb));
    private static final byte[] WITH_PASSWORD = join(
            bytes(5, 1, 2, 1, 4),
            ascii("user"),
            bytes(6),
            ascii("secret"),
            bytes(5, 1, 0, 1, 198, 51, 100, 7, 1, 0xbb));
    private static final byte[] VERSION_4A =
            join(bytes(4, 1, 1, 0xbb, 0, 0, 0, 1), ascii("me"), bytes(0), ascii("registry-1.docker.io"), bytes(0));

    private final SocksRequest request = new SocksRequest();

    private Outcome parse(byte... stream) {
        return request.parse(Bytes.direct(stream), 0, stream.length);
    }

    @Test
    void readsVersion5WithAName() {
        assertThat(parse(join(NAMED, bytes(22, 3, 1)))).isEqualTo(Outcome.COMPLETE);
        assertThat(request.target()).isEqualTo("registry-1.docker.io:443");
        assertThat(request.named()).isTrue();
        assertThat(request.port()).isEqualTo(443);
        assertThat(request.command()).isEqualTo(1);
        assertThat(request.end()).isEqualTo(NAMED.length);
    }

    @Test
    void readsVersion5WithPasswordAndAddress() {
        assertThat(parse(WITH_PASSWORD)).isEqualTo(Outcome.COMPLETE);
        assertThat(request.target()).isEqualTo("198.51.100.7:443");
        assertThat(request.named()).isFalse();
        assertThat(request.end()).isEqualTo(WITH_PASSWORD.length);
    }

    @Test
    void writesIpv6AddressesShort() {
        assertThat(ipv6(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)).isEqualTo("[2001:db8::1]:443");
        assertThat(ipv6(0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1))
                .isEqualTo("[2001:db8:0:1:1:1:1:1]:443");
        assertThat(ipv6(new int[16])).isEqualTo("[::]:443");
        assertThat(ipv6(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).isEqualTo("[2001:db8::]:443");
        assertThat(ipv6(0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1)).isEqualTo("[2001:0:0:1::1]:443");
    }

    private String ipv6(int... address) {
        assertThat(parse(join(bytes(5, 1, 0, 5, 1, 0, 4), bytes(address), bytes(1, 0xbb))))
                .isEqualTo(Outcome.COMPLETE);
        return request.target();
    }

    @Test
    void readsVersion4AndItsNames() {
        assertThat(parse(bytes(4, 1, 0, 80, 203, 0, 113, 9, 'm', 'e', 0))).isEqualTo(Outcome.COMPLETE);
        assertThat(request.target()).isEqualTo("203.0.113.9:80");
        assertThat(request.end()).isEqualTo(11);
        assertThat(parse(VERSION_4A)).isEqualTo(Outcome.COMPLETE);
        assertThat(request.target()).isEqualTo("registry-1.docker.io:443");
        assertThat(request.end()).isEqualTo(VERSION_4A.length);
    }

    @Test
    void waitsForEveryPrefix() {
        for (byte[] stream : new byte[][] {NAMED, WITH_PASSWORD, VERSION_4A}) {
            for (int n = 0; n < stream.length; n++) {
                assertThat(parse(Arrays.copyOf(stream, n))).isEqualTo(Outcome.INCOMPLETE);
                assertThat(request.target()).isEmpty();
                assertThat(request.end()).isEqualTo(-1);
            }
        }
    }

    @Test
    void refusesWhatIsNotSocks() {
        assertThat(parse(bytes(22, 3, 1))).isEqualTo(Outcome.NOT_SOCKS);
        assertThat(parse(bytes(4, 9))).isEqualTo(Outcome.NOT_SOCKS);
        assertThat(parse(bytes(5, 0))).isEqualTo(Outcome.NOT_SOCKS);
        assertThat(parse(bytes(5, 1, 0, 6))).isEqualTo(Outcome.NOT_SOCKS);
        assertThat(parse(bytes(5, 1, 0, 5, 1, 0, 2, 1, 1))).isEqualTo(Outcome.NOT_SOCKS);
        assertThat(parse(bytes(5, 1, 1, 1, 1))).isEqualTo(Outcome.NOT_SOCKS);
        assertThat(parse(bytes(4, 1, 0, 80, 203, 0, 113, 9, 7, 0))).isEqualTo(Outcome.NOT_SOCKS);
    }

    @Test
    void survivesMutations() {
        long seed = 1928;
        Random random = new Random(seed);
        byte[][] originals = {NAMED, WITH_PASSWORD, VERSION_4A};
        for (int i = 0; i < 30_000; i++) {
            byte[] stream = Bytes.mutated(random, originals[i % 3]);
            String[] seen = new String[2];
            for (int poison = 0; poison < 2; poison++) {
                Outcome outcome = request.parse(
                        Bytes.poisoned(2L * i + poison, stream), Bytes.MARGIN, Bytes.MARGIN + stream.length);
                seen[poison] = outcome + request.target() + request.end();
            }
            assertThat(seen[0]).as("seed %d, round %d", seed, i).isEqualTo(seen[1]);
        }
    }
}
