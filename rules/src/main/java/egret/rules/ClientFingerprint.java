// SPDX-License-Identifier: Apache-2.0
package egret.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client's ClientHello looks like; what is null, 0 or empty may be anything.
 *
 * @param ja4 one of these, at least one
 * @param alpn first protocol offered, "" for none offered
 * @param supportedVersions entries of that extension
 * @param helloLessName lengths of the handshake message less the server name's
 * @param serverNames one of these
 */
record ClientFingerprint(
        Client client,
        List<String> ja4,
        @Nullable String alpn,
        int supportedVersions,
        List<Integer> helloLessName,
        List<String> serverNames) {

    /** How much it says: the more, the sooner it is taken when several fit. */
    int weight() {
        return (alpn == null ? 0 : 1)
                + (supportedVersions == 0 ? 0 : 1)
                + (helloLessName.isEmpty() ? 0 : 1)
                + (serverNames.isEmpty() ? 0 : 1);
    }

    boolean fits(String otherJa4, String otherAlpn, int versions, int length, String serverName) {
        return ja4.contains(otherJa4)
                && (alpn == null || alpn.equals(otherAlpn))
                && (supportedVersions == 0 || supportedVersions == versions)
                && (helloLessName.isEmpty() || helloLessName.contains(length))
                && (serverNames.isEmpty() || serverNames.contains(serverName));
    }
}
