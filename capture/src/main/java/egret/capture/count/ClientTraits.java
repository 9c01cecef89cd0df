// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/**
 * What the ClientHello shows of its client besides the JA4.
 *
 * @param alpn first protocol offered, "" if none
 * @param supportedVersions number of entries in the supported_versions extension, 0 without it
 * @param helloLessName length of the handshake message without the server name's bytes
 * @param ech an encrypted ClientHello was offered, so the server name may be a cover
 */
public record ClientTraits(String alpn, int supportedVersions, int helloLessName, boolean ech) {
    public static final ClientTraits UNKNOWN = new ClientTraits("", 0, 0, false);
}
