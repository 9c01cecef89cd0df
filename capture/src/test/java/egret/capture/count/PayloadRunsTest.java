// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import static egret.capture.count.Conversation.segments;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections whose records cannot be framed: with sizes alone, and with the headers that start the segments. */
class PayloadRunsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    dockerd, Finished and request together | 1 | c252 s2364 c341 s542 s415 s24 c24
                    dockerd, apart                         | 1 | c252 s2364 c64 s271 s271 c222 s415 c24 s24
                    tickets inside a request               | 1 | c252 s2364 c64 c1208 s271 s271 c1548 s425 s24 c24
                    a ticket each side                     | 1 | c252 s2364 c64 c1208 s271 c1548 s271 s425 s24 c24
                    TLS 1.2                                | 2 | c256 s2245 c93 s51 c228 s425 c228 s425 c31 s31
                    keep-alive                             | 3 | c517 s2373 c80 s303 s303 c133 s1293 c133 s1293 c133 s1293 c24
                    100 Continue                           | 1 | c517 s2373 c80 c259 s47 c4022 s183
                    a handshake alone                      | 0 | c252 s2364 c64 s542 c24 s24
                    """)
    void countsRunsOfTheClient(String what, int requests, String segments) {
        RequestEstimator estimator = segments(segments);

        assertThat(estimator.count()).as(what).isEqualTo(requests);
        assertThat(estimator.basis()).isEqualTo(Basis.ESTIMATED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    dockerd                      | 1 | c252(22:247) s2364(22:122) c64(20:1) c1208(23:1203) s271(23:266) s271(23:266) c1548(23:1543) s425(23:420) c24(23:19)
                    Finished and request         | 1 | c252(22:247) s2364(22:122) c286(20:1) s542(23:266) s415(23:410) s24(23:19)
                    aiohttp, 100 Continue        | 2 | c517(22:512) s1448(22:122) s932 c80(20:1) c259(23:254) s287(23:282) s287(23:282) s47(23:42) c72(23:67) s183(23:178) c262(23:257) s47(23:42) c2896(23:16401) c2896 c2896 c2896 c2896 c2896 s183(23:178)
                    TLS 1.2, Go                  | 1 | c256(22:251) s2245(22:93) c93(22:37) s51(20:1) c1208(23:1203) c1619(23:1614) s2010(23:2005) s31(21:26) c31(21:26)
                    TLS 1.2, resumed             | 2 | c688(22:683) s141(22:85) c6(20:1) c45(22:40) c142(23:137) s1300(23:1295) c142(23:137) s1300(23:1295)
                    """)
    void countsByTheHeadersThatStartSegments(String what, int requests, String segments) {
        assertThat(segments(segments).count()).as(what).isEqualTo(requests);
    }

    @Test
    void countsParallelHttp2ByTheHeadersThatStartSegments() {
        RequestEstimator estimator = segments(
                "c382(22:377) s1448(22:122) s941 c64(20:1) c86(23:81) c86(23:81) c38(23:33) c38(23:33)"
                        + " c38(23:33) c38(23:33) s271(23:266) s271(23:266) s192(23:187) s1055(23:1050) s4704(23:1171) c31(23:26) c38(23:33) s1176(23:1171)");

        assertThat(estimator.http2()).isTrue();
        assertThat(estimator.count()).isEqualTo(6);
    }

    @Test
    void saysAtLeastInMidStream() {
        RequestEstimator estimator = new RequestEstimator();
        estimator.segment(true, 300, 0);
        estimator.segment(false, 3_000, 1);

        assertThat(estimator.count()).isEqualTo(1);
        assertThat(estimator.basis()).isEqualTo(Basis.AT_LEAST);
    }
}
