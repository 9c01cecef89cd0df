// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;

/** The 64-bit hash of everything in a hello that JA3 and JA4 depend on; GREASE is left out as they leave it out. */
final class FingerprintKey {
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private FingerprintKey() {}

    static long of(ClientHello hello) {
        long h = step(hello.legacyVersion, hello.supportedVersions());
        h = list(h, hello.bytes, hello.ciphersOffset, hello.ciphersEnd);
        h = extensions(h, hello);
        h = list(h, hello.bytes, hello.groupsOffset, hello.groupsEnd);
        h = list(h, hello.bytes, hello.signaturesOffset, hello.signaturesEnd);
        for (int p = hello.formatsOffset; p < hello.formatsEnd; p++) {
            h = step(h, hello.bytes.get(p) & 0xff);
        }
        h = step(h, Ja4.protocol(hello));
        h ^= h >>> 32;
        h *= MULTIPLIER;
        return h ^ h >>> 29;
    }

    private static long extensions(long seed, ClientHello hello) {
        ByteBuffer b = hello.bytes;
        long h = seed;
        int p = hello.extensionsOffset;
        while (hello.extensionsEnd - p >= 4) {
            int type = b.getShort(p) & 0xffff;
            if (!ClientHello.grease(type)) {
                h = step(h, type);
            }
            p += 4 + (b.getShort(p + 2) & 0xffff);
        }
        return step(h, 0x10000);
    }

    private static long list(long seed, ByteBuffer b, int from, int to) {
        long h = seed;
        for (int p = from; to - p >= 2; p += 2) {
            int value = b.getShort(p) & 0xffff;
            if (!ClientHello.grease(value)) {
                h = step(h, value);
            }
        }
        // Marks the end, so that a value may not wander from one list into the next.
        return step(h, 0x10000);
    }

    private static long step(long h, int value) {
        return (Long.rotateLeft(h, 23) ^ (value + 1)) * MULTIPLIER;
    }
}
