// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests in hex. */
final class Digests {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Digests() {}

    static String md5(byte[] input) {
        try {
            return hex(MessageDigest.getInstance("MD5").digest(input), 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is missing in this JDK", e);
        }
    }

    static String sha256(byte[] input, int bytes) {
        return hex(Sha256.digest(input), bytes);
    }

    private static String hex(byte[] digest, int bytes) {
        char[] text = new char[bytes * 2];
        for (int i = 0; i < bytes; i++) {
            text[2 * i] = HEX[digest[i] >> 4 & 15];
            text[2 * i + 1] = HEX[digest[i] & 15];
        }
        return new String(text);
    }

    static char digit(int nibble) {
        return HEX[nibble & 15];
    }
}
