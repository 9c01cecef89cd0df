// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A map from addresses to values in insertion order, by open addressing over the two longs: no boxes, and none of the
 * machinery that a record's own {@code hashCode} starts with. Grows; the caller bounds it.
 */
public final class AddressTable<V> {
    private int[] slots = new int[32]; // index into values + 1, 0 = free
    private long[] highs = new long[16];
    private long[] lows = new long[16];
    private final List<V> values = new ArrayList<>();

    public @Nullable V get(IpAddress address) {
        int at = slots[find(address.high(), address.low())];
        return at == 0 ? null : values.get(at - 1);
    }

    /** The address must not be in the table. */
    public void add(IpAddress address, V value) {
        int size = values.size();
        if (size == highs.length) {
            grow();
        }
        highs[size] = address.high();
        lows[size] = address.low();
        slots[find(address.high(), address.low())] = size + 1;
        values.add(value);
    }

    public int size() {
        return values.size();
    }

    /** In the order they were added. */
    public V value(int index) {
        return values.get(index);
    }

    public IpAddress address(int index) {
        return new IpAddress(highs[index], lows[index]);
    }

    private int find(long high, long low) {
        long hash = (high * 0x9e37_79b9_7f4a_7c15L ^ low) * 0xbf58_476d_1ce4_e5b9L;
        int mask = slots.length - 1;
        int slot = (int) (hash >>> 32) & mask;
        while (slots[slot] != 0 && (highs[slots[slot] - 1] != high || lows[slots[slot] - 1] != low)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        int size = values.size();
        highs = Arrays.copyOf(highs, size * 2);
        lows = Arrays.copyOf(lows, size * 2);
        slots = new int[size * 4];
        for (int i = 0; i < size; i++) {
            slots[find(highs[i], lows[i])] = i + 1;
        }
    }
}
