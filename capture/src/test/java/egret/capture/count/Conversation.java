// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import java.util.Locale;

/**
 * Plays a connection to an estimator from a line of text: {@code c217} is a record of type 23 and length 217 from the
 * client, {@code s410x3} three from the server, {@code c22:512} one of another type, {@code +5ms} time that passes.
 */
final class Conversation {
    static final int TLS_1_2 = 0x0303;
    static final int TLS_1_3 = 0x0304;
    static final int AES_128 = 0x1301;
    static final int AES_256 = 0x1302;
    /** The server's flight of TLS 1.3 with no ALPN, h2 and http/1.1, and the client's Finished. */
    static final String HANDSHAKE = "s27 s1850 s281 s53 c53 ";

    static final String HANDSHAKE_H2 = "s36 s1850 s281 s53 c53 ";
    static final String HANDSHAKE_H1 = "s42 s1850 s281 s53 c53 ";

    private final RequestEstimator estimator;
    private long nanos = 1_000_000_000L;

    Conversation(RequestEstimator estimator) {
        this.estimator = estimator;
    }

    static RequestEstimator http1(String records) {
        return tls13(true, false, false, AES_128, records);
    }

    static RequestEstimator dockerd(String records) {
        return tls13(false, false, true, AES_128, records);
    }

    static RequestEstimator http2(String records) {
        return tls13(true, true, false, AES_128, records);
    }

    static RequestEstimator tls13(boolean alpn, boolean http2, boolean one, int suite, String records) {
        RequestEstimator estimator = new RequestEstimator();
        new Conversation(estimator).hellos(alpn, http2, one, TLS_1_3, suite, 0).play(records);
        return estimator;
    }

    static RequestEstimator tls12(int chosenAlpn, String records) {
        RequestEstimator estimator = new RequestEstimator();
        new Conversation(estimator)
                .hellos(true, true, false, TLS_1_2, 0xc02f, chosenAlpn)
                .play("c22:37 c20:1 c22:40 s20:1 s22:40 " + records);
        return estimator;
    }

    Conversation hellos(boolean alpn, boolean http2, boolean one, int version, int suite, int chosenAlpn) {
        estimator.opened();
        estimator.clientHello(alpn, http2, one);
        play("c22:512 +2ms");
        estimator.serverHello(version, suite, chosenAlpn);
        return play("s22:122");
    }

    Conversation play(String records) {
        for (String word : records.strip().split("\\s+")) {
            if (word.startsWith("+")) {
                nanos += 1_000_000L * Long.parseLong(word.substring(1, word.length() - 2));
                continue;
            }
            boolean client = word.toLowerCase(Locale.ROOT).charAt(0) == 'c';
            int times = word.indexOf('x') < 0 ? 1 : Integer.parseInt(word.substring(word.indexOf('x') + 1));
            String record = word.substring(1, word.indexOf('x') < 0 ? word.length() : word.indexOf('x'));
            int colon = record.indexOf(':');
            int type = colon < 0 ? 23 : Integer.parseInt(record.substring(0, colon));
            for (int i = 0; i < times; i++) {
                nanos += 10_000;
                estimator.record(client, type, Integer.parseInt(record.substring(colon + 1)), nanos);
            }
        }
        return this;
    }

    /**
     * The same for packets that are cut: {@code c217} are bytes, {@code c64(20:1)} bytes that start with a record's header.
     * Bodies that go on in the next packet are followed, as the flow stage does.
     */
    static RequestEstimator segments(String segments) {
        RequestEstimator estimator = new RequestEstimator();
        estimator.opened();
        long nanos = 0;
        int[] rest = new int[2];
        for (String word : segments.strip().split("\\s+")) {
            int open = word.indexOf('(');
            boolean client = word.charAt(0) == 'c';
            int side = client ? 0 : 1;
            int left = Integer.parseInt(word.substring(1, open < 0 ? word.length() : open));
            nanos += 10_000;
            int body = Math.min(rest[side], left);
            rest[side] -= body;
            left -= body;
            if (left > 0 && open >= 0) {
                int colon = word.indexOf(':');
                int type = Integer.parseInt(word.substring(open + 1, colon));
                int length = Integer.parseInt(word.substring(colon + 1, word.length() - 1));
                estimator.record(client, type, length, nanos);
                rest[side] = Math.max(0, 5 + length - left);
                left -= 5 + length;
            }
            if (left > 0) {
                estimator.segment(client, left, nanos);
            }
        }
        return estimator;
    }
}
