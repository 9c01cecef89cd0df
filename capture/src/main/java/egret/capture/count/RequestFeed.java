// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.flow.Connection;
import egret.capture.protocol.ClientHello;
import egret.capture.protocol.ServerHello;
import org.jspecify.annotations.Nullable;

/** Translates what is seen of a connection into the words of a {@link RequestEstimator}. */
public final class RequestFeed {
    private RequestFeed() {}

    /** The connection was named and will be followed. */
    public static void begin(
            RequestEstimator estimator, Connection connection, @Nullable ClientHello hello, boolean onePerConnection) {
        if (connection.quic()) {
            estimator.quic();
        }
        if (!connection.midStream() || hello != null) {
            estimator.opened();
        }
        boolean cut = connection.helloCut() || connection.snapped(); // what it offers is not known then
        if (cut) {
            estimator.packetsAreCut();
        }
        if (hello != null && (!cut || hello.offersAlpn())) {
            estimator.clientHello(hello.offersAlpn(), hello.offersHttp2(), onePerConnection);
            if (!cut && !hello.offersEarlyData()) {
                estimator.noEarlyData();
            }
        }
    }

    public static void serverHello(RequestEstimator estimator, ServerHello hello) {
        if (hello.helloRetryRequest() || hello.version() == 0) {
            return;
        }
        int alpn = RequestEstimator.ALPN_UNKNOWN;
        if (hello.choseHttp2()) {
            alpn = RequestEstimator.ALPN_HTTP_2;
        } else if (!hello.alpn().isEmpty()) {
            alpn = RequestEstimator.ALPN_HTTP_1;
        } else if (hello.version() < 0x0304) {
            alpn = RequestEstimator.ALPN_NONE;
        }
        estimator.serverHello(hello.version(), hello.cipherSuite(), alpn);
    }
}
