// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Server names as small numbers, so that the hot path neither allocates nor compares strings. Names are lower-cased
 * ASCII (RFC 4343); number 0 is the empty name. At most {@value #MAX_SPELLINGS} spellings are held, half of them for names
 * that only DNS knows; later ones become 0 and are counted as shed.
 *
 * <p>The bytes on the wire find the number eight at a time, in the case in which they were spelled; only a new spelling is
 * lower-cased.
 */
public final class NameTable {
    private static final int MAX_SPELLINGS = 1 << 18;

    /** A DNS name has at most 253 characters (RFC 1035); longer ones are cut. */
    private static final int MAX_LENGTH = 255;

    private int[] slots = new int[1 << 10];
    private int mask = slots.length - 1;
    private long[][] spellings = new long[1 << 9][];
    private int[] lengths = new int[1 << 9];
    private long[] hashes = new long[1 << 9];
    private int[] numbers = new int[1 << 9];
    private int spellingCount = 1;

    private String[] names = new String[1 << 9];
    private int count = 1;
    private final Map<String, Integer> byName = new HashMap<>();
    private long shed;

    public NameTable() {
        names[0] = "";
    }

    /** The number of the name in these bytes. */
    public int intern(ByteBuffer bytes, int offset, int length) {
        return intern(bytes, offset, length, MAX_SPELLINGS);
    }

    /** As {@link #intern}, of a name in DNS: nothing says yet that a connection will be made to it. */
    int internAsked(ByteBuffer bytes, int offset, int length) {
        return intern(bytes, offset, length, MAX_SPELLINGS / 2);
    }

    private int intern(ByteBuffer bytes, int offset, int length, int limit) {
        int n = Math.min(length, MAX_LENGTH);
        if (n <= 0) {
            return 0;
        }
        long hash = hash(bytes, offset, n);
        int slot = (int) hash & mask;
        for (int at = slots[slot]; at != 0; at = slots[slot]) {
            if (hashes[at] == hash && lengths[at] == n && same(spellings[at], bytes, offset, n)) {
                return numbers[at];
            }
            slot = (slot + 1) & mask;
        }
        if (spellingCount >= limit) {
            shed++;
            return 0;
        }
        byte[] spelling = new byte[n];
        bytes.get(offset, spelling, 0, n);
        return add(spelling, words(bytes, offset, n), hash, slot);
    }

    /** The number of this name; for callers off the hot path. */
    public int intern(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return intern(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    public String name(int number) {
        return names[number];
    }

    /** Numbers given so far, with that of the empty name. */
    public int size() {
        return count;
    }

    /** Names that found the table full. */
    public long shed() {
        return shed;
    }

    private int add(byte[] spelling, long[] words, long hash, int slot) {
        if (spellingCount == spellings.length) {
            int capacity = spellingCount * 2;
            spellings = Arrays.copyOf(spellings, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
            hashes = Arrays.copyOf(hashes, capacity);
            numbers = Arrays.copyOf(numbers, capacity);
        }
        int at = spellingCount++;
        spellings[at] = words;
        lengths[at] = spelling.length;
        hashes[at] = hash;
        numbers[at] = number(new String(spelling, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
        slots[slot] = at;
        if (spellingCount > slots.length / 2) {
            rehash();
        }
        return numbers[at];
    }

    private int number(String name) {
        Integer known = byName.get(name);
        if (known != null) {
            return known;
        }
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
        }
        names[count] = name;
        byName.put(name, count);
        return count++;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        mask = slots.length - 1;
        for (int at = 1; at < spellingCount; at++) {
            int slot = (int) hashes[at] & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = at;
        }
    }

    /** The bytes of a spelling eight at a time; the last eight overlap those before, fewer than eight come singly. */
    private static long[] words(ByteBuffer bytes, int offset, int length) {
        long[] words = new long[length < Long.BYTES ? length : (length + Long.BYTES - 1) / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(bytes, offset, length, i);
        }
        return words;
    }

    private static long word(ByteBuffer bytes, int offset, int length, int i) {
        return length < Long.BYTES
                ? bytes.get(offset + i)
                : bytes.getLong(offset + Math.min(i * Long.BYTES, length - Long.BYTES));
    }

    private static long hash(ByteBuffer bytes, int offset, int length) {
        long hash = length;
        if (length < Long.BYTES) {
            for (int i = 0; i < length; i++) {
                hash = hash * 31 + bytes.get(offset + i);
            }
            return Hash.mix(hash);
        }
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            hash = (hash ^ bytes.getLong(offset + i)) * Hash.GOLDEN;
            hash ^= hash >>> 32;
        }
        return Hash.mix((hash ^ bytes.getLong(offset + last)) * Hash.GOLDEN);
    }

    private static boolean same(long[] words, ByteBuffer bytes, int offset, int length) {
        for (int i = 0; i < words.length; i++) {
            if (words[i] != word(bytes, offset, length, i)) {
                return false;
            }
        }
        return true;
    }
}
