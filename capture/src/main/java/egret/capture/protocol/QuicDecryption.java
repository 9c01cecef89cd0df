// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that everybody can derive for a client's Initial packets, and their use; owns the buffers that it decrypts
 * into. One per thread, shared by its connections; made when the first Initial is seen, because it loads the JDK's
 * cryptography. (RFC 9001 §5; RFC 9369 §3.3; RFC 5869 HKDF; RFC 8446 §7.1 HKDF-Expand-Label.)
 */
public final class QuicDecryption {
    /** Key material of one connection for one version. */
    static final class Keys {
        final QuicInitial.Salt salt;
        final SecretKeySpec key;
        final byte[] iv;
        final SecretKeySpec headerKey;

        Keys(QuicInitial.Salt salt, byte[] key, byte[] iv, byte[] headerKey) {
            this.salt = salt;
            this.key = new SecretKeySpec(key, "AES");
            this.iv = iv;
            this.headerKey = new SecretKeySpec(headerKey, "AES");
        }
    }

    private static final int TAG = 16;
    private static final int SAMPLE = 16;
    /** The longest UDP payload. */
    private static final int MAX_DATAGRAM = 1 << 16;

    private final Mac mac;
    private final Cipher header;
    private final Cipher payload;
    private final Cipher counter;
    private final byte[] input = new byte[MAX_DATAGRAM];
    private final byte[] output = new byte[MAX_DATAGRAM];
    private final ByteBuffer plain = ByteBuffer.wrap(output);
    private final byte[] sample = new byte[SAMPLE];
    private final byte[] mask = new byte[SAMPLE];
    private ByteBuffer viewed = ByteBuffer.allocateDirect(4096);
    private long number;

    public QuicDecryption() {
        try {
            mac = Mac.getInstance("HmacSHA256");
            header = Cipher.getInstance("AES/ECB/NoPadding");
            payload = Cipher.getInstance("AES/GCM/NoPadding");
            counter = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks AES or HMAC", e);
        }
    }

    Keys keys(QuicInitial.Salt salt, byte[] connectionId, int length) {
        byte[] initial = hmac(salt(salt), Arrays.copyOf(connectionId, length));
        byte[] client = expand(initial, "client in", 32);
        String prefix = salt == QuicInitial.Salt.VERSION_2 ? "quicv2 " : "quic ";
        return new Keys(
                salt,
                expand(client, prefix.concat("key"), 16),
                expand(client, prefix.concat("iv"), 12),
                expand(client, prefix.concat("hp"), 16));
    }

    /**
     * Opens the packet that {@code packet} describes, whose header begins at {@code from}; the length of what is then in
     * {@link #plain}, or -1. A packet that the capture has cut cannot be authenticated: it is decrypted as far as it goes
     * and taken when it begins with a frame that an Initial may hold.
     */
    int open(Keys keys, ByteBuffer b, int from, QuicInitial packet, int to, long largestNumber) {
        int numberAt = packet.numberOffset;
        int end = Math.min(packet.end, to);
        if (end - numberAt < 4 + SAMPLE || end - from > MAX_DATAGRAM) {
            return -1;
        }
        try {
            b.get(numberAt + 4, sample);
            header.init(Cipher.ENCRYPT_MODE, keys.headerKey);
            header.doFinal(sample, 0, SAMPLE, mask, 0);
            int size = end - from;
            b.get(from, input, 0, size);
            input[0] ^= (byte) (mask[0] & 0x0f);
            int numberLength = (input[0] & 3) + 1;
            int associated = numberAt - from + numberLength;
            long truncated = 0;
            for (int i = 0; i < numberLength; i++) {
                int at = numberAt - from + i;
                input[at] ^= mask[1 + i];
                truncated = truncated << 8 | (input[at] & 0xff);
            }
            number = expand(truncated, 8 * numberLength, largestNumber);
            if (packet.end > to) {
                return openCut(keys, associated, size);
            }
            if (size - associated < TAG) {
                return -1;
            }
            payload.init(Cipher.DECRYPT_MODE, keys.key, new GCMParameterSpec(8 * TAG, nonce(keys, 12)));
            payload.updateAAD(input, 0, associated);
            return payload.doFinal(input, associated, size - associated, output, 0);
        } catch (AEADBadTagException e) {
            return -1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES refuses its own parameters", e);
        }
    }

    /** GCM is counter mode with the nonce and a 32-bit counter that starts at 2 for the first block (NIST SP 800-38D). */
    private int openCut(Keys keys, int associated, int size) throws GeneralSecurityException {
        byte[] block = nonce(keys, 16);
        block[15] = 2;
        counter.init(Cipher.DECRYPT_MODE, keys.key, new IvParameterSpec(block));
        int length = counter.doFinal(input, associated, size - associated, output, 0);
        boolean likely = length > 8 && (output[0] == 6 || ((output[0] == 0 || output[0] == 1) && output[1] <= 6));
        return likely && (input[0] & 0x0c) == 0 ? length : -1;
    }

    private byte[] nonce(Keys keys, int length) {
        byte[] nonce = Arrays.copyOf(keys.iv, length);
        for (int i = 0; i < 8; i++) {
            nonce[11 - i] ^= (byte) (number >>> (8 * i));
        }
        return nonce;
    }

    /** The full packet number nearest to the one expected (RFC 9000 appendix A.3). */
    private static long expand(long truncated, int bits, long largest) {
        long expected = largest + 1;
        long window = 1L << bits;
        long candidate = (expected & -window) | truncated;
        if (candidate <= expected - window / 2 && candidate < (1L << 62) - window) {
            return candidate + window;
        }
        if (candidate > expected + window / 2 && candidate >= window) {
            return candidate - window;
        }
        return candidate;
    }

    long number() {
        return number;
    }

    ByteBuffer plain() {
        return plain;
    }

    /** Copies the beginning of a stream to where views read it: off heap, as all other bytes that they see. */
    ByteBuffer view(byte[] stream, int length) {
        if (length > viewed.capacity()) {
            viewed = ByteBuffer.allocateDirect(QuicHello.MAX_STREAM);
        }
        viewed.put(0, stream, 0, length);
        return viewed;
    }

    ByteBuffer viewed() {
        return viewed;
    }

    private byte[] expand(byte[] secret, String label, int length) {
        byte[] text = "tls13 ".concat(label).getBytes(StandardCharsets.US_ASCII);
        byte[] message = new byte[2 + 1 + text.length + 1 + 1];
        message[1] = (byte) length;
        message[2] = (byte) text.length;
        System.arraycopy(text, 0, message, 3, text.length);
        message[message.length - 1] = 1;
        return Arrays.copyOf(hmac(secret, message), length);
    }

    private byte[] hmac(byte[] key, byte[] message) {
        try {
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC refuses its own key", e);
        }
        return mac.doFinal(message);
    }

    private static byte[] salt(QuicInitial.Salt salt) {
        return HexFormat.of()
                .parseHex(
                        switch (salt) {
                            case VERSION_1 -> "38762cf7f55934b34d179ae6a4c80cadccbb7f0a";
                            case VERSION_2 -> "0dede3def700a6db819381be6e269dcbf9bd2ed9";
                            case DRAFT_22 -> "7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a";
                            case DRAFT_23 -> "c3eef712c72ebb5a11a7d2432bb46365bef9f502";
                            case DRAFT_29 -> "afbfec289993d24c9e9786f19c6111e04390a899";
                            case T050 -> "7ff579e5acd072915580304c43a2367c60488310";
                            case T051 -> "7a4edef4e7ccee5fa4506c19124fc8ccda6e033d";
                            case NONE -> "";
                        });
    }
}
