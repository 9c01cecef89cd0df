// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What became of all packets so far, and what full tables have given up. Written and read by the capturing thread. */
public final class PacketTotals {
    private final long[] outcomes = new long[Decoded.values().length];
    private long firstNanos = Long.MAX_VALUE;
    private long lastNanos = Long.MIN_VALUE;
    private long dropped;
    private final Map<String, Long> shed = new TreeMap<>();

    public void count(Decoded outcome, long timestampNanos) {
        outcomes[outcome.ordinal()]++;
        if (timestampNanos > lastNanos) {
            lastNanos = timestampNanos;
        }
        if (timestampNanos < firstNanos) {
            firstNanos = timestampNanos;
        }
    }

    /** Time of the earliest packet, 0 if there was none. */
    public long firstNanos() {
        return packets() == 0 ? 0 : firstNanos;
    }

    public long lastNanos() {
        return packets() == 0 ? 0 : lastNanos;
    }

    /** @param total packets that kernel, ring and interface have dropped from the beginning on */
    public void dropped(long total) {
        dropped = Math.max(dropped, total);
    }

    public long dropped() {
        return dropped;
    }

    /** @param total what the table has shed from the beginning on */
    public void shed(String table, long total) {
        if (total > 0) {
            shed.put(table, total);
        }
    }

    public long packets() {
        long sum = 0;
        for (long count : outcomes) {
            sum += count;
        }
        return sum;
    }

    /** Packets by the reason why they were not used; reasons that did not occur are left out. */
    public Map<Decoded, Long> undecodable() {
        Map<Decoded, Long> reasons = new EnumMap<>(Decoded.class);
        for (Decoded outcome : Decoded.values()) {
            boolean used = outcome == Decoded.TCP || outcome == Decoded.UDP || outcome == Decoded.FRAGMENT_HELD;
            if (!used && outcomes[outcome.ordinal()] > 0) {
                reasons.put(outcome, outcomes[outcome.ordinal()]);
            }
        }
        return reasons;
    }

    /** By table. */
    public Map<String, Long> shed() {
        return shed;
    }
}
