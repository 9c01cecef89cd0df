// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts what is not watched, by source and server name. Read out once a minute and at the end, as each source's most
 * frequent name and its sum: enough for a surprise to show. At most {@value #MAX_PAIRS} pairs are told apart in between;
 * the rest is counted for its source without a name, or for the address :: when there are too many sources.
 */
final class OtherCounter {
    private static final int MAX_PAIRS = 1 << 18;
    private static final int MAX_SOURCES = 1 << 17;

    private final AddressTable sources = new AddressTable(MAX_SOURCES);
    private long[] keys = new long[1 << 10];
    private int[] counts = new int[1 << 10];
    private int mask = keys.length - 1;
    private int size;
    private long[] failed = new long[256];
    private long[] unnamed = new long[256];
    private long shed;

    void connection(long high, long low, int name) {
        int source = sources.number(high, low);
        if (name == 0) {
            unnamed = grown(unnamed, source);
            unnamed[source]++;
            return;
        }
        long key = ((long) source << 32) | name;
        int slot = slot(key);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        if (keys[slot] == 0) {
            if (size >= MAX_PAIRS) {
                shed++;
                unnamed = grown(unnamed, source);
                unnamed[source]++;
                return;
            }
            keys[slot] = key;
            counts[slot] = 1;
            if (++size > keys.length / 2) {
                grow();
            }
        } else {
            counts[slot]++;
        }
    }

    void failed(long high, long low) {
        int source = sources.number(high, low);
        failed = grown(failed, source);
        failed[source]++;
    }

    /** Pairs that were not told apart, and connections of sources that were not. */
    long shed() {
        return shed + sources.shed();
    }

    /** What was counted since the last call. */
    List<SourceCounts.Other> rollUp(NameSource names) {
        int[] topName = new int[sources.size()];
        int[] topCount = new int[sources.size()];
        long[] total = new long[sources.size()];
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != 0) {
                int source = (int) (keys[slot] >>> 32);
                int count = counts[slot];
                total[source] += count;
                if (count > topCount[source]) {
                    topCount[source] = count;
                    topName[source] = (int) keys[slot];
                }
            }
        }
        List<SourceCounts.Other> others = new ArrayList<>();
        for (int source = 0; source < total.length; source++) {
            if (topCount[source] > 0) {
                others.add(new SourceCounts.Other(address(source), names.name(topName[source]), topCount[source], 0));
            }
            long rest = total[source] - topCount[source] + at(unnamed, source);
            long failures = at(failed, source);
            if (rest > 0 || failures > 0) {
                others.add(new SourceCounts.Other(address(source), "", rest, failures));
            }
        }
        Arrays.fill(keys, 0);
        Arrays.fill(unnamed, 0);
        Arrays.fill(failed, 0);
        size = 0;
        return others;
    }

    /** Where the names of numbers are found. */
    @FunctionalInterface
    interface NameSource {
        String name(int number);
    }

    private IpAddress address(int source) {
        return new IpAddress(sources.high(source), sources.low(source));
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        keys = new long[oldKeys.length * 2];
        counts = new int[oldKeys.length * 2];
        mask = keys.length - 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(oldKeys[i]);
                while (keys[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                keys[slot] = oldKeys[i];
                counts[slot] = oldCounts[i];
            }
        }
    }

    private int slot(long key) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 32) & mask;
    }

    private static long[] grown(long[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, Math.max(index + 1, array.length * 2));
    }

    private static long at(long[] array, int index) {
        return index < array.length ? array[index] : 0;
    }
}
