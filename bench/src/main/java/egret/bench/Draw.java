// SPDX-License-Identifier: Apache-2.0
package egret.bench;

/** Pseudo-random numbers that are the same on every machine: xorshift64* (Vigna 2016, "An experimental exploration"). */
final class Draw {
    private static final int NOISE = 1 << 20;

    private final byte[] noise = new byte[NOISE];
    private long state;

    Draw(long seed) {
        state = (seed * 0x9E37_79B9_7F4A_7C15L) | 1;
        for (int i = 0; i < 16; i++) {
            bits();
        }
        for (int i = 0; i < NOISE; i += 8) {
            long value = bits();
            for (int k = 0; k < 8; k++) {
                noise[i + k] = (byte) (value >>> (8 * k));
            }
        }
    }

    long bits() {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return state * 0x2545_F491_4F6C_DD1DL;
    }

    /** Returns a number in {@code [0, bound)}. */
    int below(int bound) {
        return (int) ((bits() >>> 33) % bound);
    }

    /** Returns a number in {@code [low, high)}. */
    int between(int low, int high) {
        return low + below(high - low);
    }

    boolean percent(int chance) {
        return below(100) < chance;
    }

    /** Writes 32 bytes that no other call writes, as the random of a hello must be: analyzers tell copies by it. */
    void unique32(byte[] to, int offset) {
        for (int i = 0; i < 32; i += 8) {
            Bytes.put64(to, offset + i, bits());
        }
    }

    /** Fills a range with bytes that do not compress, as cipher text does not; they repeat. */
    void noise(byte[] to, int offset, int length) {
        System.arraycopy(noise, below(NOISE - length), to, offset, length);
    }
}
