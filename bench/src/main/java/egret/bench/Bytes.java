// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Big-endian numbers in byte arrays, and the checksum of RFC 1071. */
final class Bytes {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Bytes() {}

    static void put16(byte[] to, int at, int value) {
        SHORT.set(to, at, (short) value);
    }

    static void put24(byte[] to, int at, int value) {
        to[at] = (byte) (value >>> 16);
        put16(to, at + 1, value);
    }

    static void put32(byte[] to, int at, int value) {
        INT.set(to, at, value);
    }

    static void put64(byte[] to, int at, long value) {
        LONG.set(to, at, value);
    }

    /** Adds a range to a sum of 16-bit words; the sum is folded at the end, by {@link #checksum}. */
    static long sum(byte[] from, int start, int length, long sum) {
        int at = start;
        int end = start + length;
        for (; at + 8 <= end; at += 8) {
            long value = (long) LONG.get(from, at);
            sum += (value >>> 32) + (value & 0xffff_ffffL);
        }
        for (; at + 2 <= end; at += 2) {
            sum += (short) SHORT.get(from, at) & 0xffff;
        }
        if (at < end) {
            sum += (from[at] & 0xff) << 8;
        }
        return sum;
    }

    static int checksum(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) (~folded & 0xffff);
    }
}
