// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.alert;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.window.EgressAddresses;
import egret.capture.count.SourceCounts;
import egret.capture.count.SourceCounts.Row;
import egret.rules.IpAddress;
import egret.rules.Measure;
import egret.rules.Rules;
import egret.rules.Threshold;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches the thresholds. An alert fires on the update that reaches the threshold, with the time of the packets, and is
 * resolved at the end of the first second in which the window holds less than the resolve level. Intervals come in
 * ascending order; late ones are not watched. Owned by one thread.
 *
 * <p>Bounds: {@value #MOST_ALERTS} alerts, past which the oldest resolved ones are given up, and {@link
 * Counter#MOST_GROUPS} groups for each measure of an endpoint, of which those with empty windows make room for others.
 */
public final class AlertLog {
    static final int MOST_ALERTS = 1000;

    private final Map<String, List<Counter>> byEndpoint = new HashMap<>();
    private final EgressAddresses egress;
    private final List<Incident> firing = new ArrayList<>();
    private final List<Incident> log = new ArrayList<>();
    private long second = Long.MIN_VALUE; // seconds before this one are complete
    private long shed;

    public AlertLog(Rules rules, EgressAddresses egress) {
        this.egress = egress;
        Map<String, List<Threshold>> thresholds = new HashMap<>();
        for (Threshold threshold : rules.thresholds()) {
            String key = threshold.endpoint() + '\n' + threshold.measure().word();
            List<Threshold> same = thresholds.get(key);
            if (same == null) {
                same = new ArrayList<>();
                thresholds.put(key, same);
                List<Counter> counters = byEndpoint.get(threshold.endpoint());
                if (counters == null) {
                    counters = new ArrayList<>();
                    byEndpoint.put(threshold.endpoint(), counters);
                }
                counters.add(new Counter(threshold.measure(), same));
            }
            same.add(threshold);
        }
    }

    /** Returns how many alerts have fired or were resolved by it. */
    public int add(SourceCounts counts, boolean late) {
        if (late) {
            return 0;
        }
        int changed = advance(counts.startSecond());
        List<Row> rows = counts.rows();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            List<Counter> counters = byEndpoint.get(row.endpoint());
            if (counters == null) {
                continue;
            }
            for (int j = 0; j < counters.size(); j++) {
                changed += add(counters.get(j), counts, row);
            }
        }
        return changed;
    }

    private int add(Counter counter, SourceCounts counts, Row row) {
        long value = value(counter.measure, row);
        if (value <= 0) {
            return 0;
        }
        // An interval of several seconds counts at its end: a threshold is not reached before all of it was seen.
        long at = counts.startSecond() + Math.max(1, counts.seconds()) - 1;
        IpAddress seenAs = egress.of(row.endpoint(), counter.measure, row.source(), row.egress());
        int before = firing.size();
        counter.add(counts, row, seenAs, at, value, Incident.within(row.lastNanos(), at), this);
        return firing.size() - before;
    }

    /** Packet time has come to this second, also if nothing was counted. Returns how many alerts were resolved by it. */
    public int time(long toSecond) {
        return second == Long.MIN_VALUE ? 0 : advance(toSecond);
    }

    /** A threshold was reached. */
    void fire(Incident incident) {
        firing.add(incident);
        if (log.size() >= MOST_ALERTS && !forgetOldestResolved()) {
            shed++;
            return;
        }
        log.add(incident);
    }

    private boolean forgetOldestResolved() {
        for (int i = 0; i < log.size(); i++) {
            if (!log.get(i).firing()) {
                log.remove(i);
                shed++;
                return true;
            }
        }
        return false;
    }

    /** Completes the seconds before this one: looks second by second whether a window has fallen below. */
    private int advance(long to) {
        int resolved = 0;
        for (long at = second; at < to && !firing.isEmpty(); at++) {
            for (int i = firing.size() - 1; i >= 0; i--) {
                if (firing.get(i).resolve(at)) {
                    firing.remove(i);
                    resolved++;
                }
            }
        }
        second = Math.max(second, to);
        return resolved;
    }

    private static long value(Measure measure, Row row) {
        return switch (measure) {
            case CONNECTIONS -> row.connections();
            case FAILED -> row.failed();
            case REQUESTS -> row.requests().count();
            case PULLS -> row.pulls();
            case BYTES -> row.bytesUp() + row.bytesDown();
        };
    }

    /** All that fired, in the order in which they did. */
    public List<Alert> alerts() {
        List<Alert> alerts = new ArrayList<>(log.size());
        for (int i = 0; i < log.size(); i++) {
            alerts.add(log.get(i).alert());
        }
        return List.copyOf(alerts);
    }

    /** Groups that are held. */
    int groups() {
        int groups = 0;
        for (List<Counter> counters : byEndpoint.values()) {
            for (Counter counter : counters) {
                groups += counter.groups();
            }
        }
        return groups;
    }

    /** Alerts, and groups of sources that were not watched, for want of room. */
    public long shed() {
        long all = shed;
        for (List<Counter> counters : byEndpoint.values()) {
            for (Counter counter : counters) {
                all += counter.shed();
            }
        }
        return all;
    }
}
