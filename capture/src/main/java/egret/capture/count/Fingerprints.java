// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.protocol.ClientHello;
import egret.rules.Client;
import egret.rules.Clients;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fingerprints seen so far by what they depend on, so that each is computed once. At most {@value #MAX} are held: a
 * client that shuffles its ciphers to make more is counted as unknown beyond that, for an hour: then all are forgotten.
 */
final class Fingerprints {
    private static final int MAX = 1024;
    private static final long FORGET_NANOS = 3600L * 1_000_000_000L;

    private final Clients clients;
    private final Map<Long, Fingerprint> byKey = new HashMap<>();
    private long shed;
    private long forgotNanos;

    Fingerprints(Clients clients) {
        this.clients = clients;
    }

    Fingerprint of(ClientHello hello, boolean quic, String serverName, long nowNanos) {
        int helloLessName = hello.length() - hello.serverNameLength();
        long key = hello.ja4Key() * 31 + helloLessName * 2L + (quic ? 1 : 0);
        Fingerprint known = byKey.get(key);
        if (known != null) {
            return known;
        }
        if (byKey.isEmpty()) {
            forgotNanos = nowNanos;
        }
        if (byKey.size() >= MAX) {
            if (Math.abs(nowNanos - forgotNanos) < FORGET_NANOS) {
                shed++;
                return Fingerprint.UNKNOWN;
            }
            byKey.clear();
            forgotNanos = nowNanos;
        }
        List<String> protocols = hello.alpn();
        String alpn = protocols.isEmpty() ? "" : protocols.get(0);
        String ja4 = hello.ja4(quic ? 'q' : 't');
        ClientTraits traits = new ClientTraits(alpn, hello.supportedVersionEntries(), helloLessName, hello.ech());
        Client client = clients.label(ja4, alpn, traits.supportedVersions(), helloLessName, serverName);
        Fingerprint fingerprint = new Fingerprint(ja4, traits, client != null && client.onePerConnection());
        byKey.put(key, fingerprint);
        return fingerprint;
    }

    long shed() {
        return shed;
    }
}
