// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** Writes ClientHellos as browsers and Go programs send them: GREASE (RFC 8701), extensions in any order. */
final class Hello {
    /** Of the largest hello with a 253-byte name. */
    static final int MAX_BYTES = 2_400;

    private static final int[] CIPHER_SUITES = {
        0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x9c, 0x9d, 0x2f, 0x35
    };
    private static final int[] SIGNATURES = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
    private static final int EXTENSIONS = 14;
    private static final int MLKEM = 0x11ec;
    private static final int MLKEM_SHARE = 1_216;

    private final Draw draw;
    private final int[] order = new int[EXTENSIONS];
    private byte[] to = new byte[0];
    private int at;
    private int grease;

    Hello(Draw draw) {
        this.draw = draw;
        for (int i = 0; i < EXTENSIONS; i++) {
            order[i] = i;
        }
    }

    /**
     * Writes one record with one hello at the start of an array of {@link #MAX_BYTES} and returns its length.
     *
     * @param postQuantum with an X25519MLKEM768 share and an ECH GREASE, so that it needs two segments
     */
    int write(byte[] to, @Nullable String serverName, boolean postQuantum) {
        this.to = to;
        grease = draw.below(16) * 0x1010 + 0x0a0a;
        to[0] = 0x16;
        Bytes.put16(to, 1, 0x0301);
        to[5] = 1;
        Bytes.put16(to, 9, 0x0303);
        draw.unique32(to, 11);
        to[43] = 32;
        draw.unique32(to, 44);
        at = 76;
        put16(2 * CIPHER_SUITES.length + 2);
        put16(grease);
        for (int suite : CIPHER_SUITES) {
            put16(suite);
        }
        put16(0x0100);
        int extensions = at;
        at += 2;
        shuffle();
        for (int extension : order) {
            write(extension, serverName, postQuantum);
        }
        pad();
        Bytes.put16(to, extensions, at - extensions - 2);
        Bytes.put24(to, 6, at - 9);
        Bytes.put16(to, 3, at - 5);
        return at;
    }

    private void shuffle() {
        for (int i = EXTENSIONS - 1; i > 0; i--) {
            int other = draw.below(i + 1);
            int extension = order[i];
            order[i] = order[other];
            order[other] = extension;
        }
    }

    private void write(int extension, @Nullable String serverName, boolean postQuantum) {
        switch (extension) {
            case 0 -> serverName(serverName);
            case 1 -> extension(0x17, 0);
            case 2 -> {
                extension(0xff01, 1);
                put8(0);
            }
            case 3 -> groups(postQuantum);
            case 4 -> {
                extension(11, 2);
                put16(0x0100);
            }
            case 5 -> extension(35, 0);
            case 6 -> protocols();
            case 7 -> {
                extension(5, 5);
                put8(1);
                put16(0);
                put16(0);
            }
            case 8 -> {
                extension(13, 2 * SIGNATURES.length + 2);
                put16(2 * SIGNATURES.length);
                for (int signature : SIGNATURES) {
                    put16(signature);
                }
            }
            case 9 -> keyShares(postQuantum);
            case 10 -> {
                extension(43, 7);
                put8(6);
                put16(grease);
                put16(0x0304);
                put16(0x0303);
            }
            case 11 -> {
                extension(45, 2);
                put16(0x0101);
            }
            case 12 -> extension(grease, 0);
            default -> encryptedHelloGrease(postQuantum);
        }
    }

    private void serverName(@Nullable String name) {
        if (name != null) {
            byte[] bytes = name.getBytes(US_ASCII);
            extension(0, bytes.length + 5);
            put16(bytes.length + 3);
            put8(0);
            put16(bytes.length);
            System.arraycopy(bytes, 0, to, at, bytes.length);
            at += bytes.length;
        }
    }

    private void groups(boolean postQuantum) {
        extension(10, postQuantum ? 12 : 10);
        put16(postQuantum ? 10 : 8);
        put16(grease);
        if (postQuantum) {
            put16(MLKEM);
        }
        put16(29);
        put16(23);
        put16(24);
    }

    private void protocols() {
        byte[] name = "http/1.1".getBytes(US_ASCII);
        extension(16, 3 + name.length);
        put16(1 + name.length);
        put8(name.length);
        System.arraycopy(name, 0, to, at, name.length);
        at += name.length;
    }

    private void keyShares(boolean postQuantum) {
        int shares = 5 + 36 + (postQuantum ? 4 + MLKEM_SHARE : 0);
        extension(51, shares + 2);
        put16(shares);
        put16(grease);
        put16(1);
        put8(0);
        if (postQuantum) {
            put16(MLKEM);
            put16(MLKEM_SHARE);
            noise(MLKEM_SHARE);
        }
        put16(29);
        put16(32);
        noise(32);
    }

    private void encryptedHelloGrease(boolean present) {
        if (present) {
            int payload = 144 + 32 * draw.below(4);
            extension(0xfe0d, 8 + 32 + 2 + payload);
            put8(0);
            put16(1);
            put16(1);
            put8(draw.below(256));
            put16(32);
            noise(32);
            put16(payload);
            noise(payload);
        }
    }

    /** Fills hellos of less than 512 bytes up to that (RFC 7685), as clients do for the sake of old servers. */
    private void pad() {
        int missing = 5 + 512 - at - 4;
        if (missing > 0) {
            extension(21, missing);
            for (int i = 0; i < missing; i++) {
                put8(0);
            }
        }
    }

    private void extension(int type, int length) {
        put16(type);
        put16(length);
    }

    private void put8(int value) {
        to[at++] = (byte) value;
    }

    private void put16(int value) {
        Bytes.put16(to, at, value);
        at += 2;
    }

    private void noise(int length) {
        draw.noise(to, at, length);
        at += length;
    }
}
