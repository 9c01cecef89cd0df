// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client says to a proxy or in clear: HTTP and SOCKS. */
class ProxyRequestFuzz {
    private final HttpRequest http = new HttpRequest();
    private final SocksRequest socks = new SocksRequest();

    static Stream<byte[]> seeds() {
        return Stream.of(
                HelloBuilder.ascii(
                        "CONNECT registry-1.docker.io:443 HTTP/1.1\r\nHost: registry-1.docker.io:443\r\n\r\n"),
                HelloBuilder.ascii("GET http://[2001:db8::7]:8080/v2/ HTTP/1.1\r\nUser-Agent: docker/20.10\r\n\r\n"),
                HelloBuilder.join(
                        HelloBuilder.bytes(5, 2, 0, 2, 1, 2),
                        HelloBuilder.ascii("me"),
                        HelloBuilder.bytes(6),
                        HelloBuilder.ascii("secret"),
                        HelloBuilder.bytes(5, 1, 0, 1, 198, 51, 100, 7, 1, 0xbb)),
                HelloBuilder.join(
                        HelloBuilder.bytes(4, 1, 1, 0xbb, 0, 0, 0, 1),
                        HelloBuilder.ascii("me"),
                        HelloBuilder.bytes(0),
                        HelloBuilder.ascii("registry-1.docker.io"),
                        HelloBuilder.bytes(0)));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void parses(byte[] bytes) {
        ByteBuffer buffer = Bytes.direct(bytes);
        boolean whole = http.parse(buffer, 0, bytes.length) == HttpRequest.Outcome.COMPLETE;
        http.method();
        http.target();
        http.host();
        if (whole) {
            within(http.end(), bytes.length);
        }
        if (socks.parse(buffer, 0, bytes.length) == SocksRequest.Outcome.COMPLETE) {
            socks.target();
            within(socks.end(), bytes.length);
        }
    }

    private static void within(int end, int length) {
        if (end < 0 || end > length) {
            throw new AssertionError("ends at " + end + " of " + length);
        }
    }
}
