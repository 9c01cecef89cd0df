// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.flow.NameTable;
import egret.capture.origin.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that counts go into, at most {@value #MOST}. A row to which no open connection can add goes when it was not
 * used for {@value #IDLE_SECONDS} s, when more than half of the places are taken for {@value #IDLE_WHEN_MANY} s; one that
 * carries a correction over waits {@value #CARRYING_SECONDS} s for somebody to take it.
 */
final class Rows {
    static final int MOST = 1 << 16;
    static final int IDLE_SECONDS = 600;
    static final int IDLE_WHEN_MANY = 10;
    private static final int CARRYING_SECONDS = 3600;

    /** Rows looked at in a second, of up to {@value #MOST}: all of them within about a minute. */
    private static final int SWEPT = 1024;

    private final Map<RowKey, OpenRow> byKey = new HashMap<>();
    private final List<OpenRow> all = new ArrayList<>();
    private final RowKey probe = new RowKey();
    private int next;
    private long shed;

    /**
     * Null, and counted as shed, when there is no room.
     *
     * @param failed for an attempt that failed: such may open rows in one half of the room only, so that a flood of
     *     spoofed SYNs leaves the other to those who talk
     */
    @Nullable
    OpenRow row(Origin origin, int name, NameTable names, String endpoint, Fingerprint fingerprint, boolean failed) {
        probe.sourceHigh = origin.sourceHigh;
        probe.sourceLow = origin.sourceLow;
        probe.name = name;
        probe.owner = origin.owner;
        probe.endpoint = endpoint;
        probe.fingerprint = fingerprint;
        OpenRow row = byKey.get(probe);
        if (row == null) {
            if (all.size() >= (failed ? MOST / 2 : MOST)) {
                shed++;
                return null;
            }
            RowKey key = probe.copy();
            row = new OpenRow(key, names.name(name));
            byKey.put(key, row);
            all.add(row);
        }
        return row;
    }

    /** Gives up some of those that are not used any more; once a second, when none is touched. */
    void sweep(long second) {
        boolean many = all.size() > MOST / 2;
        int looks = many ? all.size() : Math.min(SWEPT, all.size());
        for (int i = 0; i < looks && !all.isEmpty(); i++) {
            if (next >= all.size()) {
                next = 0;
            }
            OpenRow row = all.get(next);
            long idle = Math.abs(second - row.lastSecond); // captures that were put together go back in time
            int least = row.carries() ? CARRYING_SECONDS : many ? IDLE_WHEN_MANY : IDLE_SECONDS;
            if (row.touched || row.followed > 0 || idle < least) {
                next++;
                continue;
            }
            byKey.remove(row.key);
            OpenRow last = all.remove(all.size() - 1);
            if (last != row) {
                all.set(next, last);
            }
        }
    }

    int size() {
        return all.size();
    }

    long shed() {
        return shed;
    }
}
