// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import static egret.capture.count.Conversation.HANDSHAKE;
import static egret.capture.count.Conversation.HANDSHAKE_H1;
import static egret.capture.count.Conversation.http1;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestEstimatorTest {

    @Test
    void countsNothingForAHandshakeAlone() {
        RequestEstimator estimator = http1(HANDSHAKE + "s266x2 c19 s19");

        assertThat(estimator.count()).isZero();
        assertThat(estimator.high()).isZero();
        assertThat(estimator.basis()).isEqualTo(Basis.EXACT);
    }

    /** Sequences of real clients; the counts are the server's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    dockerd, GET /v2/            | 1  | c217 s266x2 s410 s19 c19
                    dockerd, GET of a token      | 1  | c329 s266x2 s4580 c19 s19
                    dockerd, HEAD in two records | 1  | c1203 c1543 s266x2 s420 c19 s19
                    tickets between the two      | 1  | c1203 s266 c1543 s266 s420 s19 c19
                    a ticket before the first    | 1  | s266 c1203 c1565 s266 s947 c19 s19
                    containerd, HEAD twice       | 2  | s266x2 c335 s362 c2389 c152 s426
                    curl, keep-alive             | 5  | s298x2 c128 s1288 c128 s1288 c128 s1288 c128 s1288 c128 s1288 c19
                    uploads of 100 kB            | 2  | c205 s298 c16401 s298 c16401x5 c1713 s178 c205 c16401x6 c1713 s178 c19
                    100 Continue                 | 2  | s282x2 c254 s42 c4017 s178 c254 s42 c4017 s178
                    small answers, no tickets    | 4  | c133 +2ms s260 c133 +2ms s260 c133 +2ms s260 c133 +2ms s260
                    one ticket                   | 2  | c133 s230 s1288 c133 s1288
                    an answer without an end     | 1  | c133 s1288 s16401x9
                    another record as Go's first | 2  | c324 c16401 c1203 +1ms s3309 s16401 c601 s4980 s16401 c19 s19
                    Go, uploads in pieces        | 3  | c1203 c2389 c555 c4761 s282x2 s178 c4113 c9505 c6575 s178 c4113 c16063 s178
                    pipelining                   | 25 | c1037 s282x2 s1288x10 c1037 s1288 c119 s1288 c119 s1288 c119 s1288 c119 s1288 c119 s1288x10
                    """)
    void countsTheRequestsOfHttp1(String what, int requests, String records) {
        RequestEstimator estimator = http1(HANDSHAKE_H1 + records);

        assertThat(estimator.count()).as(what).isEqualTo(requests);
        assertThat(estimator.low()).isLessThanOrEqualTo(requests);
        assertThat(estimator.high()).isGreaterThanOrEqualTo(requests);
        assertThat(estimator.http2()).isFalse();
    }

    @Test
    void countsOverTls12WhereTicketsAndAlertsHaveTypesOfTheirOwn() {
        RequestEstimator estimator = Conversation.tls12(
                RequestEstimator.ALPN_HTTP_1, "c135 s273 c135 s273 c1203 s49 c900 s273 c21:26 s21:26");

        assertThat(estimator.count()).isEqualTo(3);
        assertThat(estimator.basis()).isEqualTo(Basis.EXACT);
    }

    @Test
    void takesJavasPaddingOffTheClientsRecords() {
        RequestEstimator estimator = Conversation.tls13(
                true,
                false,
                false,
                Conversation.AES_256,
                "s27 s1850 s281 s69 c85 s282x2 c145 s1288 c145 s1288 c35 s19");

        assertThat(estimator.count()).isEqualTo(2);
        assertThat(estimator.firstRequestSize()).isEqualTo(145 - 33);
    }

    @Test
    void countsEarlyData() {
        RequestEstimator estimator = new RequestEstimator();
        new Conversation(estimator)
                .play("c22:600 c20:1 c217")
                .hellos(false, false, false, Conversation.TLS_1_3, Conversation.AES_128, 0)
                .play("s27 s53 c21 c53 s410");

        assertThat(estimator.count()).isEqualTo(1);
        assertThat(estimator.firstRequestSize()).isEqualTo(200);
    }

    @Test
    void takesTheFinishedForNoRequestWhereTheServersFlightWasNotSeen() {
        RequestEstimator estimator = new RequestEstimator();
        new Conversation(estimator)
                .hellos(false, false, false, Conversation.TLS_1_3, Conversation.AES_256, 0)
                .play("c20:1");
        estimator.noEarlyData();
        new Conversation(estimator).play("c85 s678 c82 s100 s35x2 c35");

        assertThat(estimator.count()).isEqualTo(1);
        assertThat(estimator.low()).isEqualTo(1);
    }

    @Test
    void isExactForAClientOfOneRequestPerConnection() {
        RequestEstimator estimator = Conversation.dockerd(HANDSHAKE + "c217 s266x2 s410 s19 c19");

        assertThat(estimator.count()).isEqualTo(1);
        assertThat(estimator.basis()).isEqualTo(Basis.EXACT);
        assertThat(estimator.firstRequestSize()).isEqualTo(200);
    }

    @Test
    void doesNotBelieveTheFingerprintAgainstTheEvidence() {
        RequestEstimator estimator = Conversation.dockerd(HANDSHAKE + "s266x2 c217 s410 c217 s410 c217 s410 c217 s410");

        assertThat(estimator.count()).isEqualTo(4);
    }

    @Test
    void sumsClearTextRequests() {
        RequestEstimator estimator = new RequestEstimator();
        estimator.opened();
        estimator.clearRequest();
        estimator.clearRequest();

        assertThat(estimator.count()).isEqualTo(2);
        assertThat(estimator.low()).isEqualTo(2);
        assertThat(estimator.basis()).isEqualTo(Basis.EXACT);
    }

    @Test
    void saysAtLeastWhereBytesAreMissing() {
        RequestEstimator estimator = http1(HANDSHAKE_H1 + "c128 s1288 c128 s1288");
        estimator.gap(false);
        estimator.segment(false, 900, 1);
        estimator.segment(true, 128, 2);

        assertThat(estimator.count()).isEqualTo(3);
        assertThat(estimator.basis()).isEqualTo(Basis.AT_LEAST);
    }

    @Test
    void saysAtLeastForQuic() {
        RequestEstimator estimator = new RequestEstimator();
        estimator.quic();

        assertThat(estimator.count()).isEqualTo(1);
        assertThat(estimator.basis()).isEqualTo(Basis.AT_LEAST);
    }

    @Test
    void countsWhatARandomHttp1ClientDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RequestEstimator pooled = new RequestEstimator();
        for (int run = 0; run < 500; run++) {
            StringBuilder text = new StringBuilder(HANDSHAKE_H1);
            int requests = random.nextInt(12);
            boolean tickets = random.nextBoolean();
            for (int i = 0; i < requests; i++) {
                int head = 70 + random.nextInt(900);
                text.append('c').append(head).append(' ');
                if (i == 0 && tickets) {
                    text.append("s266x2 ");
                }
                if (random.nextInt(4) == 0) {
                    text.append(random.nextBoolean() ? "s42 " : "")
                            .append("c16401 c")
                            .append(30 + random.nextInt(9000))
                            .append(' ');
                }
                text.append("+1ms s")
                        .append(450 + random.nextInt(9000))
                        .append(random.nextBoolean() ? " s16401 " : " ");
            }
            text.append("c19 s19");
            pooled.reset();
            new Conversation(pooled)
                    .hellos(true, true, false, Conversation.TLS_1_3, Conversation.AES_128, 0)
                    .play(text.toString());
            assertThat(pooled.low()).as("seed %d run %d: %s", seed, run, text).isLessThanOrEqualTo(requests);
            assertThat(pooled.low()).as("seed %d run %d: %s", seed, run, text).isEqualTo(requests);
            assertThat(pooled.high()).isGreaterThanOrEqualTo(requests);
        }
    }

    @Test
    void neverAnswersAnythingButABand() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RequestEstimator pooled = new RequestEstimator();
        for (int run = 0; run < 3_000; run++) {
            pooled.reset();
            for (int i = random.nextInt(60); i > 0; i--) {
                boolean client = random.nextBoolean();
                int size = random.nextInt(random.nextInt(8) == 0 ? 17_000 : 300);
                switch (random.nextInt(12)) {
                    case 0 -> pooled.opened();
                    case 1 -> pooled.clientHello(random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
                    case 2 ->
                        pooled.serverHello(
                                0x0303 + random.nextInt(2), 0x1301 + random.nextInt(3), random.nextInt(4) - 1);
                    case 3 -> pooled.segment(client, size - 10, i);
                    case 4 -> pooled.record(client, 20 + random.nextInt(4), random.nextInt(17_000), i);
                    case 5 -> pooled.gap(client);
                    case 6 -> pooled.record(client, random.nextInt(256), size, -i);
                    default -> pooled.record(client, 23, size, i);
                }
                // throws where it is no band
                RequestCount count = new RequestCount(pooled.count(), pooled.low(), pooled.high(), pooled.basis());
                assertThat(count.count()).as("seed %d", seed).isLessThan(100_000);
            }
            pooled.end();
        }
    }

    @Test
    void allocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        RequestEstimator estimator = new RequestEstimator();
        long counted = 0;
        long before = 0;
        for (int i = 0; i < 120_000; i++) {
            if (i == 20_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            if (i % 200 == 0) {
                estimator.reset();
                estimator.opened();
                estimator.clientHello(true, true, false);
                estimator.serverHello(0x0304, 0x1301, 0);
            }
            estimator.record(i % 2 == 0, 23, 20 + i % 97, i);
            counted += estimator.count() + estimator.high();
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4_096);
        assertThat(counted).isPositive();
    }
}
