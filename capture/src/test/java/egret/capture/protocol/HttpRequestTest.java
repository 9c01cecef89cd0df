// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static egret.capture.protocol.HelloBuilder.ascii;
import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.protocol.HttpRequest.Outcome;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HttpRequestTest {
    private static final String CONNECT =
            "CONNECT registry-1.docker.io:443 HTTP/1.1\r\nHost: registry-1.docker.io:443\r\n"
                    + "User-Agent: Go-http-client/1.1\r\n\r\n";

    private final HttpRequest request = new HttpRequest();

    private Outcome parse(String text) {
        byte[] bytes = ascii(text);
        return request.parse(Bytes.direct(bytes), 0, bytes.length);
    }

    @Test
    void readsConnectAndWhereTheTunnelBegins() {
        assertThat(parse(CONNECT + "\u0016\u0003\u0001")).isEqualTo(Outcome.COMPLETE);
        assertThat(request.connect()).isTrue();
        assertThat(request.method()).isEqualTo("CONNECT");
        assertThat(request.target()).isEqualTo("registry-1.docker.io:443");
        assertThat(request.host()).isEqualTo("registry-1.docker.io:443");
        assertThat(request.end()).isEqualTo(CONNECT.length());
    }

    @Test
    void readsHostWhateverItsCaseAndBlanks() {
        assertThat(parse("GET /v2/ HTTP/1.1\r\nAccept: */*\r\nHOST:example.org \t\r\n\r\n"))
                .isEqualTo(Outcome.COMPLETE);
        assertThat(request.connect()).isFalse();
        assertThat(request.target()).isEqualTo("/v2/");
        assertThat(request.host()).isEqualTo("example.org");
    }

    @Test
    void takesTheHostOfAWholeUri() {
        parse("GET http://example.org:8080/v2/ HTTP/1.1\r\nHost: other.example.org\r\n\r\n");
        assertThat(request.host()).isEqualTo("example.org:8080");
    }

    @Test
    void readsLinesThatEndWithoutCarriageReturn() {
        assertThat(parse("CONNECT example.org:443 HTTP/1.0\n\n")).isEqualTo(Outcome.COMPLETE);
        assertThat(request.target()).isEqualTo("example.org:443");
        assertThat(request.host()).isEmpty();
    }

    @Test
    void waitsForEveryPrefix() {
        int line = CONNECT.indexOf('\n');
        for (int n = 0; n < CONNECT.length(); n++) {
            assertThat(parse(CONNECT.substring(0, n))).isEqualTo(Outcome.INCOMPLETE);
            assertThat(request.end()).isEqualTo(-1);
            assertThat(request.hasRequestLine()).isEqualTo(n > line);
        }
    }

    @Test
    void refusesOtherTextProtocols() {
        for (String text : new String[] {
            "EHLO example.org\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n",
            "HTTP/1.1 200 OK\r\n",
            "GET /\r\n",
            "get / HTTP/1.1\r\n",
            " GET / HTTP/1.1\r\n",
            "\u0016\u0003\u0001",
            "PRI * HTTP/2.0\r\n\r\n",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        }) {
            assertThat(parse(text)).as(text).isEqualTo(Outcome.NOT_HTTP);
        }
    }

    @Test
    void givesUpWaitingPastItsBound() {
        String head = "CONNECT example.org:443 HTTP/1.1\r\nX: " + "y".repeat(HttpRequest.MAX_HEAD);
        assertThat(parse(head)).isEqualTo(Outcome.TOO_LONG);
        assertThat(request.target()).isEqualTo("example.org:443");
    }

    @Test
    void survivesMutations() {
        long seed = 9112;
        Random random = new Random(seed);
        for (int i = 0; i < 30_000; i++) {
            byte[] bytes = Bytes.mutated(random, ascii(CONNECT));
            int length = random.nextInt(3) == 0 ? random.nextInt(bytes.length) : bytes.length;
            String[] seen = new String[2];
            for (int poison = 0; poison < 2; poison++) {
                Outcome outcome = request.parse(
                        Bytes.poisoned(2L * i + poison, Arrays.copyOf(bytes, length)),
                        Bytes.MARGIN,
                        Bytes.MARGIN + length);
                seen[poison] = outcome + request.method() + request.target() + request.host() + request.end();
            }
            assertThat(seen[0]).as("seed %d, round %d", seed, i).isEqualTo(seen[1]);
        }
    }
}
