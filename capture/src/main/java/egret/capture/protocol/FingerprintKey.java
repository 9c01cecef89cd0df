// SPDX-License-Identifier: Apache-2.0
package egret.capture.protocol;

import java.nio.ByteBuffer;

/**
 * The 64-bit hash of everything in a hello that JA3 and JA4 depend on. All GREASE values count as one: hellos with equal
 * keys have equal fingerprints, barring a collision; the reverse need not hold.
 */
final class FingerprintKey {
    private static final long EACH = 0x0001000100010001L;
    private static final long TOP_BITS = 0x8000800080008000L;
    /** Ends every list, so that a value may not wander from one into the next. */
    private static final long END = 0x10000;

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private FingerprintKey() {}

    static long of(ClientHello hello) {
        long h = step(hello.legacyVersion, hello.supportedVersions());
        h = list(h, hello.bytes, hello.ciphersOffset, hello.ciphersEnd);
        h = extensions(h, hello);
        h = list(
                h,
                hello.bytes,
                HelloExtensions.listFrom(hello.extensions.groupsOffset, hello.extensions.groupsEnd, 2),
                hello.extensions.listEnd(hello.extensions.groupsOffset, hello.extensions.groupsEnd, 2));
        h = list(
                h,
                hello.bytes,
                HelloExtensions.listFrom(hello.extensions.signaturesOffset, hello.extensions.signaturesEnd, 2),
                hello.extensions.listEnd(hello.extensions.signaturesOffset, hello.extensions.signaturesEnd, 2));
        int end = hello.extensions.listEnd(hello.extensions.formatsOffset, hello.extensions.formatsEnd, 1);
        for (int p = HelloExtensions.listFrom(hello.extensions.formatsOffset, hello.extensions.formatsEnd, 1);
                p < end;
                p++) {
            h = step(h, hello.bytes.get(p) & 0xff);
        }
        h = step(h, Ja4.protocol(hello));
        h ^= h >>> 32;
        h *= MULTIPLIER;
        return h ^ h >>> 29;
    }

    /** As {@link #of}, of what JA4 depends on only: the order of ciphers and extensions does not count. */
    static long ja4(ClientHello hello) {
        long h = step(hello.legacyVersion, hello.supportedVersions());
        h = step(h, hello.hasExtension(HelloExtensions.SERVER_NAME) ? 1 : 0);
        ByteBuffer b = hello.bytes;
        long ciphers = 0;
        for (int p = hello.ciphersOffset; hello.ciphersEnd - p >= 2; p += 2) {
            ciphers += unordered(b.getShort(p) & 0xffff);
        }
        long extensions = 0;
        int end = hello.extensions.extensionsEnd;
        for (int p = hello.extensions.extensionsOffset; end - p >= 4; ) {
            int head = b.getInt(p);
            extensions += unordered(head >>> 16);
            p += 4 + (head & 0xffff);
        }
        h = step(step(h, ciphers), extensions);
        h = list(
                h,
                b,
                HelloExtensions.listFrom(hello.extensions.signaturesOffset, hello.extensions.signaturesEnd, 2),
                hello.extensions.listEnd(hello.extensions.signaturesOffset, hello.extensions.signaturesEnd, 2));
        return step(h, Ja4.protocol(hello));
    }

    private static long unordered(int value) {
        if (ClientHello.grease(value)) {
            return 0;
        }
        long h = (value + 1) * MULTIPLIER;
        h = (h ^ (h >>> 32)) * MULTIPLIER;
        return h ^ (h >>> 29);
    }

    private static long extensions(long seed, ClientHello hello) {
        ByteBuffer b = hello.bytes;
        long h = seed;
        int p = hello.extensions.extensionsOffset;
        while (hello.extensions.extensionsEnd - p >= 4) {
            int head = b.getInt(p);
            h = step(h, normal(head >>> 16));
            p += 4 + (head & 0xffff);
        }
        return step(h, END);
    }

    private static long list(long seed, ByteBuffer b, int from, int to) {
        long h = seed;
        int p = from;
        for (; to - p >= 8; p += 8) {
            long four = b.getLong(p);
            // A lane of 16 bits becomes 0 when its low nibbles are a and its bytes are equal.
            long lanes = ((four ^ EACH * 0x0a0a) & EACH * 0x0f0f) | (((four >>> 8) ^ four) & EACH * 0xff);
            if (((lanes - EACH) & ~lanes & TOP_BITS) != 0) {
                four = (long) normal((int) (four >>> 48)) << 48
                        | (long) normal((int) (four >>> 32) & 0xffff) << 32
                        | (long) normal((int) (four >>> 16) & 0xffff) << 16
                        | normal((int) four & 0xffff);
            }
            h = step(h, four);
        }
        for (; to - p >= 2; p += 2) {
            h = step(h, normal(b.getShort(p) & 0xffff));
        }
        return step(h, END);
    }

    private static int normal(int value) {
        return ClientHello.grease(value) ? 0x0a0a : value;
    }

    private static long step(long h, long value) {
        return (Long.rotateLeft(h, 23) ^ (value + 1)) * MULTIPLIER;
    }
}
