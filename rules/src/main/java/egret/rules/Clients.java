// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The known ClientHello fingerprints, as data. Immutable. */
public final class Clients {
    private final List<ClientFingerprint> fingerprints;

    Clients(List<ClientFingerprint> fingerprints) {
        this.fingerprints = List.copyOf(fingerprints);
    }

    /** The fingerprints that come with Egret. */
    public static Clients builtin() {
        return ClientsFile.builtin();
    }

    /** As {@link #label(String, String, int, int, String)}, when the server name is not known. */
    public @Nullable Client label(String ja4, String alpn, int supportedVersions, int helloLessName) {
        return label(ja4, alpn, supportedVersions, helloLessName, "");
    }

    /**
     * The client behind a ClientHello: of the fingerprints that fit, the one that says most; null if none fits.
     *
     * @param ja4 "" if the hello was not seen whole
     * @param alpn first protocol offered, "" if none
     * @param supportedVersions entries of that extension, 0 without it
     * @param helloLessName length of the handshake message with its header, less that of the server name
     * @param serverName in lower case, "" if unknown
     */
    public @Nullable Client label(
            String ja4, String alpn, int supportedVersions, int helloLessName, String serverName) {
        ClientFingerprint best = null;
        for (ClientFingerprint fingerprint : fingerprints) {
            if ((best == null || fingerprint.weight() > best.weight())
                    && fingerprint.fits(ja4, alpn, supportedVersions, helloLessName, serverName)) {
                best = fingerprint;
            }
        }
        return best == null ? null : best.client();
    }
}
