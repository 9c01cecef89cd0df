// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;
import java.util.Random;

/** Puts test bytes where a read outside of them shows. */
final class Bytes {
    /** Room before and behind; a parser that looks there sees what differs from run to run. */
    static final int MARGIN = 64;

    private Bytes() {}

    /** The bytes alone, in a direct buffer that ends where they end. */
    static ByteBuffer direct(byte... bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
    }

    /** The bytes at {@link #MARGIN}, with random poison around them. */
    static ByteBuffer poisoned(long seed, byte... bytes) {
        byte[] around = new byte[bytes.length + 2 * MARGIN];
        new Random(seed).nextBytes(around);
        return ByteBuffer.allocateDirect(around.length).put(0, around).put(MARGIN, bytes);
    }

    /** A copy with one to eight seeded changes: bytes flipped, set, lengths made extreme, ranges copied. */
    static byte[] mutated(Random random, byte[] original) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
                case 3 -> bytes[at]++;
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(16), bytes.length - Math.max(at, from));
                    System.arraycopy(bytes.clone(), from, bytes, at, length);
                }
            }
        }
        return bytes;
    }
}
