// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Server names as small numbers, so that the hot path neither allocates nor compares strings. Names are lower-cased
 * ASCII (RFC 4343); number 0 is the empty name. At most {@value #MAX_NAMES} names are held, later ones become 0 and are
 * counted as shed.
 */
public final class NameTable {
    private static final int MAX_NAMES = 1 << 18;

    /** A DNS name has at most 253 characters (RFC 1035); longer ones are cut. */
    private static final int MAX_LENGTH = 255;

    private int[] slots = new int[1 << 10];
    private int mask = slots.length - 1;
    private byte[][] names = new byte[1 << 9][];
    private int[] hashes = new int[1 << 9];
    private String[] texts = new String[1 << 9];
    private int count = 1;
    private long shed;

    public NameTable() {
        names[0] = new byte[0];
        texts[0] = "";
    }

    /** The number of the name in these bytes. */
    public int intern(ByteBuffer bytes, int offset, int length) {
        int n = Math.min(length, MAX_LENGTH);
        if (n <= 0) {
            return 0;
        }
        int hash = n;
        for (int i = 0; i < n; i++) {
            hash = hash * 31 + lower(bytes.get(offset + i));
        }
        int slot = spread(hash) & mask;
        for (int id = slots[slot]; id != 0; id = slots[slot]) {
            if (hashes[id] == hash && same(names[id], bytes, offset, n)) {
                return id;
            }
            slot = (slot + 1) & mask;
        }
        byte[] name = new byte[n];
        for (int i = 0; i < n; i++) {
            name[i] = lower(bytes.get(offset + i));
        }
        return add(name, hash, slot);
    }

    /** The number of this name; for callers off the hot path. */
    public int intern(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return intern(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    public String name(int id) {
        String text = texts[id];
        if (text == null) {
            text = new String(names[id], StandardCharsets.ISO_8859_1);
            texts[id] = text;
        }
        return text;
    }

    /** Numbers given so far, with that of the empty name. */
    public int size() {
        return count;
    }

    /** Names that found the table full. */
    public long shed() {
        return shed;
    }

    private int add(byte[] name, int hash, int slot) {
        if (count >= MAX_NAMES) {
            shed++;
            return 0;
        }
        if (count == names.length) {
            int capacity = count * 2;
            names = Arrays.copyOf(names, capacity);
            hashes = Arrays.copyOf(hashes, capacity);
            texts = Arrays.copyOf(texts, capacity);
        }
        int id = count++;
        names[id] = name;
        hashes[id] = hash;
        slots[slot] = id;
        if (count > slots.length / 2) {
            rehash();
        }
        return id;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        mask = slots.length - 1;
        for (int id = 1; id < count; id++) {
            int slot = spread(hashes[id]) & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = id;
        }
    }

    private static boolean same(byte[] name, ByteBuffer bytes, int offset, int length) {
        if (name.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name[i] != lower(bytes.get(offset + i))) {
                return false;
            }
        }
        return true;
    }

    private static int spread(int hash) {
        return (int) (hash * Hash.GOLDEN >>> 32);
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }
}
