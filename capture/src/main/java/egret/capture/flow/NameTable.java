// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Server names as small numbers, so that the hot path neither allocates nor compares strings. Names are lower-cased
 * ASCII (RFC 4343); number 0 is the empty name. At most {@value #MOST} names are held, {@value #WAYS} in each set of them
 * by hash: a new name takes the place of the one of its set that was not seen for longest, and one that only DNS knows
 * leaves half of the set to those that connections are made to. Who asks for a name that had to go gets none, and that is
 * counted as shed. The next one in a place has another number, for {@value #GENERATIONS} of them.
 *
 * <p>The bytes on the wire find the number eight at a time, whatever the case in which they are spelled.
 */
public final class NameTable {
    static final int MOST = 1 << 18;
    static final int WAYS = 8;

    /** A number's low bits are its place, 1 to {@value #MOST}; above them stands which name in that place it is of. */
    private static final int PLACE_BITS = 19;

    static final int GENERATIONS = 1 << (31 - PLACE_BITS);

    /** A DNS name has at most 253 characters (RFC 1035); longer ones are cut. */
    private static final int MAX_LENGTH = 255;

    /** By set: the high half of a hash and, below it, a place; 0 is free, and so are those after it in the set. */
    private long[] slots = new long[1 << 10];

    private int mask = slots.length / WAYS - 1;

    private long[][] words = new long[1 << 9][];
    private int[] lengths = new int[1 << 9];
    private long[] hashes = new long[1 << 9];
    private int[] numbers = new int[1 << 9];
    private long[] lastSeen = new long[1 << 9];
    private boolean[] onlyAsked = new boolean[1 << 9];
    private String[] names = new String[1 << 9];
    private int count = 1;
    private long clock;
    private long shed;

    public NameTable() {
        names[0] = "";
    }

    /** Where the name with this number stands: small, for tables beside this one. Another name may stand there later. */
    public static int place(int number) {
        return number & ((1 << PLACE_BITS) - 1);
    }

    /** The number of the name in these bytes. */
    public int intern(ByteBuffer bytes, int offset, int length) {
        return intern(bytes, offset, length, false);
    }

    /** As {@link #intern}, of a name in DNS: nothing says yet that a connection will be made to it. */
    int internAsked(ByteBuffer bytes, int offset, int length) {
        return intern(bytes, offset, length, true);
    }

    private int intern(ByteBuffer bytes, int offset, int length, boolean asked) {
        int n = Math.min(length, MAX_LENGTH);
        if (n <= 0) {
            return 0;
        }
        long hash = hash(bytes, offset, n);
        int set = set(hash);
        for (int i = set; i < set + WAYS && slots[i] != 0; i++) {
            int place = (int) slots[i];
            if ((slots[i] ^ hash) >>> 32 == 0 && lengths[place] == n && same(words[place], bytes, offset, n)) {
                lastSeen[place] = ++clock;
                onlyAsked[place] &= asked;
                return numbers[place];
            }
        }
        return add(bytes, offset, n, hash, asked);
    }

    /** The number of this name; for callers off the hot path. */
    public int intern(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return intern(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    /** The empty name for a number whose name had to go. */
    public String name(int number) {
        int place = place(number);
        if (numbers[place] != number) {
            shed++;
            return "";
        }
        return names[place];
    }

    /** The number, of which use is made now, or 0 if its name had to go. */
    int held(int number) {
        int place = place(number);
        if (numbers[place] != number) {
            shed++;
            return 0;
        }
        lastSeen[place] = ++clock;
        return number;
    }

    /** Names held, with the empty one. */
    public int size() {
        return count;
    }

    /** How often a name was asked for that had to go. */
    public long shed() {
        return shed;
    }

    private int add(ByteBuffer bytes, int offset, int length, long hash, boolean asked) {
        int slot = free(hash);
        while (slot < 0 && slots.length < MOST) {
            grow();
            slot = free(hash);
        }
        if (slot < 0) {
            slot = longestUnseen(set(hash), asked);
            int place = (int) slots[slot];
            numbers[place] = (numbers[place] + (1 << PLACE_BITS)) & Integer.MAX_VALUE;
        } else {
            if (count == numbers.length) {
                growPlaces();
            }
            slots[slot] = count;
            numbers[count] = count;
            count++;
        }
        int place = (int) slots[slot];
        slots[slot] = (hash & ~0xffff_ffffL) | place;
        words[place] = words(bytes, offset, length);
        lengths[place] = length;
        hashes[place] = hash;
        lastSeen[place] = ++clock;
        onlyAsked[place] = asked;
        names[place] = text(bytes, offset, length);
        return numbers[place];
    }

    private int set(long hash) {
        return ((int) hash & mask) * WAYS;
    }

    /** The first free slot of the set, or -1. */
    private int free(long hash) {
        int set = set(hash);
        for (int i = set; i < set + WAYS; i++) {
            if (slots[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    private int longestUnseen(int set, boolean asked) {
        int oldest = set;
        int oldestAsked = -1;
        int askedCount = 0;
        for (int i = set; i < set + WAYS; i++) {
            int place = (int) slots[i];
            if (lastSeen[place] < lastSeen[(int) slots[oldest]]) {
                oldest = i;
            }
            if (onlyAsked[place]) {
                askedCount++;
                if (oldestAsked < 0 || lastSeen[place] < lastSeen[(int) slots[oldestAsked]]) {
                    oldestAsked = i;
                }
            }
        }
        return asked && askedCount >= WAYS / 2 ? oldestAsked : oldest;
    }

    /** Twice as many sets: what was in one set goes into two. */
    private void grow() {
        long[] before = slots;
        slots = new long[before.length * 2];
        mask = slots.length / WAYS - 1;
        for (int i = 0; i < before.length; i++) {
            if (before[i] != 0) {
                slots[free(hashes[(int) before[i]])] = before[i];
            }
        }
    }

    private void growPlaces() {
        int capacity = count * 2;
        words = Arrays.copyOf(words, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        numbers = Arrays.copyOf(numbers, capacity);
        lastSeen = Arrays.copyOf(lastSeen, capacity);
        onlyAsked = Arrays.copyOf(onlyAsked, capacity);
        names = Arrays.copyOf(names, capacity);
    }

    private static String text(ByteBuffer bytes, int offset, int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = lower(bytes.get(offset + i));
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** The bytes of a name eight at a time; the last eight overlap those before, fewer than eight come singly. */
    private static long[] words(ByteBuffer bytes, int offset, int length) {
        long[] words = new long[length < Long.BYTES ? length : (length + Long.BYTES - 1) / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(bytes, offset, length, i);
        }
        return words;
    }

    private static long word(ByteBuffer bytes, int offset, int length, int i) {
        return length < Long.BYTES
                ? lower(bytes.get(offset + i))
                : lower(bytes.getLong(offset + Math.min(i * Long.BYTES, length - Long.BYTES)));
    }

    private static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }

    /** All eight at once: the high bit of a byte says whether it is from 'A' on and not beyond 'Z', and becomes the 32. */
    static long lower(long letters) {
        long low = letters & 0x7f7f_7f7f_7f7f_7f7fL;
        long fromA = low + 0x3f3f_3f3f_3f3f_3f3fL;
        long beyondZ = low + 0x2525_2525_2525_2525L;
        long capital = fromA & ~beyondZ & ~letters & 0x8080_8080_8080_8080L;
        return letters | (capital >>> 2);
    }

    private static long hash(ByteBuffer bytes, int offset, int length) {
        long hash = length;
        if (length < Long.BYTES) {
            for (int i = 0; i < length; i++) {
                hash = hash * 31 + lower(bytes.get(offset + i));
            }
            return Hash.mix(hash);
        }
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            hash = (hash ^ lower(bytes.getLong(offset + i))) * Hash.GOLDEN;
            hash ^= hash >>> 32;
        }
        return Hash.mix((hash ^ lower(bytes.getLong(offset + last))) * Hash.GOLDEN);
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
