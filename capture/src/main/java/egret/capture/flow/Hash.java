// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/** Hashing of keys that come off the wire. */
final class Hash {
    /** 2^64 divided by the golden ratio: spreads consecutive values. */
    static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private Hash() {}

    /** The finalizer of MurmurHash3: every input bit changes every output bit with probability one half. */
    static long mix(long value) {
        long h = value;
        h = (h ^ (h >>> 33)) * 0xff51_afd7_ed55_8ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
        return h ^ (h >>> 33);
    }

    static long of(long a, long b) {
        return mix(mix(a + GOLDEN) ^ b);
    }

    static long of(long a, long b, long c) {
        return mix(of(a, b) + c * GOLDEN);
    }
}
