// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Names of threads as strings, made once as long as the same ones come again. Bytes that are no UTF-8 are replaced. */
final class ThreadNames {
    private static final int LENGTH = 16;

    /** Names kept: a machine has some dozens that connect; two that fall together only cost an allocation. */
    private static final int KEPT = 1024;

    private final long[] firsts = new long[KEPT];
    private final long[] seconds = new long[KEPT];
    private final String[] names = new String[KEPT];
    private final byte[] bytes = new byte[LENGTH];

    /** The name in 16 bytes that end with a zero or are all used. */
    String name(ByteBuffer data, int at) {
        long first = data.getLong(at);
        long second = data.getLong(at + 8);
        if (first == 0) {
            return "";
        }
        int place = (int) (((first * 31 + second) * 0x9e37_79b9_7f4a_7c15L) >>> 54);
        String name = names[place];
        if (name == null || firsts[place] != first || seconds[place] != second) {
            int length = 0;
            while (length < LENGTH && data.get(at + length) != 0) {
                bytes[length] = data.get(at + length);
                length++;
            }
            name = new String(bytes, 0, length, StandardCharsets.UTF_8);
            firsts[place] = first;
            seconds[place] = second;
            names[place] = name;
        }
        return name;
    }
}
