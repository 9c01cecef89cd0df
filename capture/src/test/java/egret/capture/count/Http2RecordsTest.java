// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import static egret.capture.count.Conversation.HANDSHAKE_H2;
import static egret.capture.count.Conversation.http2;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http2RecordsTest {

    /** Sequences of real clients before nginx; the counts are the server's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    curl, once                 | 1  | s266x2 s57 c81 s26 c84 s1171 c26
                    curl, SETTINGS late        | 1  | c81 c84 s266x2 s187 s1050 c26
                    curl, one after the other  | 5  | c81 c83 s266x2 s187 s1050 c26 c40 s1171 c40 s1171 c40 s1171 c40 s1171
                    curl, in parallel          | 9  | c81 s266 c83 s266 c40 s187 s1050 c26 s1171 c40 s1171 c40x2 s1171x2 c40 s1171 c40x3 s1171x3
                    curl, uploads              | 4  | s266x2 s57 c81 s26 c116 s30 c26 c5026 s77 c58 s30 c5026 s77 c58 s30 c5026 s77 c58 c5026 s30 s77
                    curl, downloads of 2 MB    | 2  | c81 c83 s266x2 s193 c26 s16401x40 s1178 c40 s16401x40 s180
                    Go, ten at once            | 20 | c81x2 c33x9 s266x2 s187 s1050 s1171x9 c26 c33x10 s1171x10
                    Go, downloads of 100 kB    | 3  | c81 c82 s266x2 s191 c26 s16401x6 s1722 c30x12 c33 s16401x2 s178 s16401x4 s1722 c30x12 c33 s16401x6 s178
                    Node, one after the other  | 4  | c111 s266x2 s187 s1050 c26 c39 s1171 c39 s1171 c39 s1171 c34 c19
                    Node, twelve at once       | 25 | s266x2 s57 c354 c26 s147 s1050 s1171x11 c39 s1171 c237 s1171x10 c61 s1171x2 c34 c19
                    nghttp, twenty in a record | 20 | s266x2 s57 c746 s147 s1050 s1171x19 c34 c19
                    h2load, acknowledgement in | 24 | c338 s266x2 s187 s1050 s1171x9 c246 s1171 c39 s1171 c39 s1171 c39 s1171 c39 s1171x10 c34 c19
                    httpx, a large preface     | 4  | s266x2 s57 c99 s26 c102 s1172 c26 c47 s1171 c47 s1171 c47 s1171
                    httpx, other paths         | 5  | s266x2 s57 c99 s26 c119 s99 c26 c71 s98 c72 s98 c74 s98 c75 s98
                    no tickets                 | 3  | s57 c81 c26 c83 s1171 c40 s1171 c40 s1171
                    a PING is no request       | 2  | c81 c83 s266x2 s187 s1050 c26 s34 c34 c40 s1171
                    """)
    void countsTheRequestsOfHttp2(String what, int requests, String records) {
        RequestEstimator estimator = http2(HANDSHAKE_H2 + records);

        assertThat(estimator.http2()).isTrue();
        assertThat(estimator.count()).as(what).isEqualTo(requests);
        assertThat(estimator.low()).as(what).isLessThanOrEqualTo(requests);
        assertThat(estimator.high()).as(what).isGreaterThanOrEqualTo(requests);
        assertThat(estimator.basis()).isEqualTo(Basis.ESTIMATED);
    }

    @Test
    void countsNothingWhereTheConnectionIsNotUsed() {
        RequestEstimator estimator = http2(HANDSHAKE_H2 + "c81 s266x2 s57 c26 s26");

        assertThat(estimator.count()).isZero();
        assertThat(estimator.high()).isZero();
    }

    @Test
    void boundsUploadsInParallel() {
        RequestEstimator estimator = http2(
                HANDSHAKE_H2
                        + "s266x2 s57 c5268 c26 s65 s77x3 c4745 s30 s77 c6245 s30 s77 c7745 s30 s77 c12245 c245 c1745 s56 s77x3 c34");

        assertThat(estimator.low()).isLessThanOrEqualTo(9);
        assertThat(estimator.high()).isGreaterThanOrEqualTo(9);
    }

    @Test
    void recognisesHttp2WithoutAlpnByTheServerSpeakingFirst() {
        RequestEstimator estimator =
                Conversation.segments("c517(22:512) s1448(22:122) s925 c64(20:1) s271(23:266) s271(23:266)"
                        + " s62(23:57) c86(23:81) c88(23:83) s1176(23:1171) c45(23:40) c45(23:40) s2352(23:1171)");

        assertThat(estimator.http2()).isTrue();
        assertThat(estimator.count()).isEqualTo(3);
    }

    @Test
    void countsOverTls12() {
        RequestEstimator estimator = Conversation.tls12(
                RequestEstimator.ALPN_HTTP_2,
                "s64 c88 s33 c122 c33 c533 s37 s84 c64 c533 s37 s84 c64 c533 s37 s84 c64 c533 s37 s84");

        assertThat(estimator.count()).isEqualTo(4);
    }
}
