// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds a byte, eight at a time: most of the bytes of a log are looked at for nothing else. */
final class ByteSearch {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private ByteSearch() {}

    /** Position of the first such byte in {@code [from, to)}, {@code to} if there is none. */
    static int find(byte[] b, int from, int to, byte what) {
        long pattern = ONES * (what & 0xff);
        int at = from;
        for (; at <= to - 8; at += 8) {
            long word = (long) LONG.get(b, at) ^ pattern;
            long zeros = (word - ONES) & ~word & HIGHS; // the lowest bit that is set is exact
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        while (at < to && b[at] != what) {
            at++;
        }
        return at;
    }
}
