// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import static egret.capture.protocol.HelloBuilder.join;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Protects a QUIC packet as RFC 9001 §5.3 and §5.4 say, for tests. */
final class QuicSealer {
    private QuicSealer() {}

    /** {@code header} ends with the packet number of {@code numberLength} bytes. */
    static byte[] seal(
            byte[] key, byte[] iv, byte[] headerKey, byte[] header, int numberLength, long number, byte[] payload) {
        try {
            byte[] nonce = iv.clone();
            for (int i = 0; i < 8; i++) {
                nonce[11 - i] ^= (byte) (number >>> (8 * i));
            }
            Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
            gcm.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            gcm.updateAAD(header);
            byte[] packet = join(header, gcm.doFinal(payload));
            int at = header.length - numberLength;
            Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
            ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(headerKey, "AES"));
            byte[] mask = ecb.doFinal(Arrays.copyOfRange(packet, at + 4, at + 20));
            packet[0] ^= (byte) (mask[0] & 0x0f);
            for (int i = 0; i < numberLength; i++) {
                packet[at + i] ^= mask[1 + i];
            }
            return packet;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
