// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.flow.NameTable;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts what is not watched, by source: exactly in sum, and for its most frequent server name at least. Read out once a
 * minute and at the end: enough for a surprise to show.
 *
 * <p>For names each source has {@value #CANDIDATES} counters; a name without one takes one from each of them (Misra and
 * Gries, 1982), so that a name that makes more than a fifth of a source's connections is found and never overstated.
 * Sources beyond {@value #MAX_SOURCES} are counted under the address ::, but at a reading the table is emptied when it is
 * half full: sources come and go for as long as an agent runs.
 */
final class OtherCounter {
    private static final int MAX_SOURCES = 1 << 17;
    private static final int CANDIDATES = 4;

    /** Per source: connections, failed, whether it is to be read out, and the candidates as count in the high and name in the low 32 bits. */
    private static final int STRIDE = 3 + CANDIDATES;

    private static final int CONNECTIONS = 0;
    private static final int FAILED = 1;
    private static final int TOUCHED = 2;
    private static final int FIRST = 3;
    private static final long ONE = 1L << 32;

    private final AddressTable sources = new AddressTable(MAX_SOURCES);
    private long[] counts = new long[256 * STRIDE];
    private int[] touched = new int[64];
    private int touchedCount;

    void connection(long high, long low, int name) {
        int at = at(high, low);
        counts[at + CONNECTIONS]++;
        if (name != 0) {
            candidate(at + FIRST, name);
        }
    }

    /** A connection that was counted has this name after all, or is watched and not of these. */
    void correct(long high, long low, int name, boolean watched) {
        int at = at(high, low);
        if (watched) {
            counts[at + CONNECTIONS]--;
        } else if (name != 0) {
            candidate(at + FIRST, name);
        }
    }

    private void candidate(int first, int name) {
        long[] c = counts;
        int free = -1;
        for (int i = first; i < first + CANDIDATES; i++) {
            if ((int) c[i] == name && c[i] >= ONE) {
                c[i] += ONE;
                return;
            }
            if (c[i] < ONE) {
                free = i;
            }
        }
        if (free >= 0) {
            c[free] = ONE | name;
            return;
        }
        for (int i = first; i < first + CANDIDATES; i++) {
            c[i] -= ONE;
        }
    }

    void failed(long high, long low) {
        int at = at(high, low); // first, as it may put a larger array in place
        counts[at + FAILED]++;
    }

    /** Connections and failures that were not counted under their own source. */
    long shed() {
        return sources.shed();
    }

    /**
     * What was counted since the last call, negative where something was taken back: a row for the most frequent name
     * of each source, and one for the rest.
     */
    List<SourceCounts.Other> rollUp(NameTable names) {
        List<SourceCounts.Other> others = new ArrayList<>();
        for (int i = 0; i < touchedCount; i++) {
            int source = touched[i];
            int at = source * STRIDE;
            long top = 0;
            for (int candidate = at + FIRST; candidate < at + STRIDE; candidate++) {
                top = Math.max(top, counts[candidate]);
            }
            IpAddress address = new IpAddress(sources.high(source), sources.low(source));
            long topCount = Math.min(top >>> 32, Math.max(0, counts[at + CONNECTIONS]));
            if (topCount > 0) {
                others.add(new SourceCounts.Other(address, names.name((int) top), topCount, 0));
            }
            long rest = counts[at + CONNECTIONS] - topCount;
            if (rest != 0 || counts[at + FAILED] > 0) {
                others.add(new SourceCounts.Other(address, "", rest, counts[at + FAILED]));
            }
            Arrays.fill(counts, at, at + STRIDE, 0);
        }
        touchedCount = 0;
        if (sources.size() > MAX_SOURCES / 2) {
            sources.clear();
        }
        return others;
    }

    private int at(long high, long low) {
        int source = sources.number(high, low);
        int at = source * STRIDE;
        if (at >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(at + STRIDE, counts.length * 2));
        }
        if (counts[at + TOUCHED] == 0) {
            counts[at + TOUCHED] = 1;
            if (touchedCount == touched.length) {
                touched = Arrays.copyOf(touched, touchedCount * 2);
            }
            touched[touchedCount++] = source;
        }
        return at;
    }
}
