// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * The way from a TLS record's length to the size of the application data in it, and what a connection's records tell of
 * its HTTP version. Knows which records of type 23 are still handshake under TLS 1.3 (RFC 8446 §4, §5.2) and what a
 * cipher suite adds to a record (RFC 5288, RFC 7905, RFC 8446 §5.4).
 */
final class ApplicationRecords {
    /** Not application data, or an alert. */
    static final int NONE = -1;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int TLS_1_2 = 0x0303;
    private static final int TLS_1_3 = 0x0304;
    private static final int ECDHE_RSA_AES_128_GCM = 0xc02f;
    private static final int AES_256_GCM_SHA384 = 0x1302;
    /** Tag of 16 bytes and the inner content type. */
    private static final int OVERHEAD_1_3 = 17;
    /** The most padding that a client's Finished is believed to have, above {@link #OVERHEAD_1_3}. */
    private static final int MAX_PADDING = 64;

    private static final byte BEFORE_FINISHED = 0;
    private static final byte AFTER_FINISHED = 1;

    private int version;
    private int cipherSuite;
    private int alpn;
    private int clientHandshakes;
    private boolean inferred;
    private boolean serverEncrypted;
    private boolean earlyDataOffered;
    private boolean earlyData;
    private byte client;
    private int clientOverhead;
    private int serverOverhead;

    void reset() {
        version = 0;
        cipherSuite = 0;
        alpn = RequestEstimator.ALPN_UNKNOWN;
        clientHandshakes = 0;
        inferred = false;
        serverEncrypted = false;
        earlyDataOffered = true;
        earlyData = false;
        client = BEFORE_FINISHED;
        clientOverhead = OVERHEAD_1_3;
        serverOverhead = OVERHEAD_1_3;
    }

    void serverHello(int negotiatedVersion, int suite, int chosenAlpn) {
        version = negotiatedVersion;
        cipherSuite = suite;
        if (chosenAlpn != RequestEstimator.ALPN_UNKNOWN) {
            alpn = chosenAlpn;
        }
        if (version != 0 && version != TLS_1_3) {
            clientOverhead = overheadBefore13(suite);
            serverOverhead = clientOverhead;
        }
    }

    /** So the client's first encrypted record is its Finished, also when the server's flight before it was not seen. */
    void noEarlyData() {
        earlyDataOffered = false;
    }

    /** The ClientHello went by unframed. */
    void helloSeen() {
        clientHandshakes = 1;
    }

    boolean tls13() {
        return version == TLS_1_3;
    }

    /** The protocol that the server chose, from the clear ServerHello or from the size of EncryptedExtensions. */
    int alpn() {
        return alpn;
    }

    /** @return size of the application data in this record, or {@link #NONE} */
    int plainSize(boolean fromClient, int contentType, int length) {
        if (fromClient && (version == 0 || inferred)) {
            infer(contentType);
        }
        if (contentType != APPLICATION_DATA) {
            if (fromClient && version != 0 && version != TLS_1_3 && contentType == CHANGE_CIPHER_SPEC) {
                client = AFTER_FINISHED;
            }
            return NONE;
        }
        if (version != 0 && version != TLS_1_3) {
            client = AFTER_FINISHED;
            return Math.max(0, length - clientOverhead);
        }
        return fromClient ? clientPlain13(length) : serverPlain13(length);
    }

    /** Without a ServerHello (cut by the snaplen): what follows the hello is a ClientKeyExchange up to TLS 1.2 only. */
    private void infer(int contentType) {
        if (contentType == HANDSHAKE && ++clientHandshakes == 2) {
            version = TLS_1_2;
            client = BEFORE_FINISHED;
            clientOverhead = overheadBefore13(ECDHE_RSA_AES_128_GCM);
            serverOverhead = clientOverhead;
            inferred = true;
        } else if (clientHandshakes == 1 && contentType != HANDSHAKE && version == 0) {
            version = TLS_1_3;
            serverEncrypted = true;
            inferred = true;
        }
    }

    private int clientPlain13(int length) {
        if (client == AFTER_FINISHED) {
            return withoutAlert(length - clientOverhead);
        }
        boolean sha384 = cipherSuite == AES_256_GCM_SHA384 || (cipherSuite == 0 && (length == 69 || length == 85));
        int finished = sha384 ? 52 : 36;
        int padded = length - finished;
        if (!serverEncrypted && earlyDataOffered) {
            earlyData = true;
            return withoutAlert(length - OVERHEAD_1_3);
        }
        serverEncrypted = true;
        if (earlyData && length == OVERHEAD_1_3 + 4) {
            return NONE; // EndOfEarlyData
        }
        client = AFTER_FINISHED;
        if (inferred && length != 53 && length != 69 && length != 85) {
            return withoutAlert(length - OVERHEAD_1_3); // Finished was not to be seen
        }
        if (padded >= OVERHEAD_1_3 && padded <= OVERHEAD_1_3 + MAX_PADDING) {
            clientOverhead = padded;
        }
        return NONE;
    }

    private int serverPlain13(int length) {
        if (!serverEncrypted) {
            serverEncrypted = true;
            if (alpn == RequestEstimator.ALPN_UNKNOWN) {
                alpn = alpnOfEncryptedExtensions(length);
            }
        }
        return client == BEFORE_FINISHED ? NONE : withoutAlert(length - serverOverhead);
    }

    /** EncryptedExtensions alone in a record, with and without the acknowledgement of the server name (4 bytes). */
    private static int alpnOfEncryptedExtensions(int length) {
        return switch (length) {
            case 23, 27 -> RequestEstimator.ALPN_NONE;
            case 32, 36 -> RequestEstimator.ALPN_HTTP_2;
            case 38, 42 -> RequestEstimator.ALPN_HTTP_1;
            default -> RequestEstimator.ALPN_UNKNOWN;
        };
    }

    private static int withoutAlert(int plain) {
        return plain == 2 ? NONE : Math.max(0, plain);
    }

    private static int overheadBefore13(int suite) {
        return switch (suite) {
            case 0xc02b, 0xc02c, 0xc02f, 0xc030, 0x009c, 0x009d, 0x009e, 0x009f -> 24; // explicit nonce of 8, tag of 16
            default -> 16;
        };
    }

    /** A handshake record that is visible as such. */
    static boolean handshake(int contentType) {
        return contentType == HANDSHAKE || contentType == CHANGE_CIPHER_SPEC;
    }
}
