// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hex of the first bytes of a digest that every JDK has. */
final class Digests {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Digests() {}

    static String hex(String algorithm, byte[] input, int bytes) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance(algorithm).digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm + " is missing in this JDK", e);
        }
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
