// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.alert;

import egret.analyzer.answer.Answer.Top;
import egret.analyzer.window.AddressTable;
import egret.analyzer.window.OwnerKey;
import egret.analyzer.window.SlidingCounts;
import egret.capture.count.SourceCounts;
import egret.capture.count.SourceCounts.Row;
import egret.capture.origin.Owner;
import egret.rules.Grouping;
import egret.rules.IpAddress;
import egret.rules.Measure;
import egret.rules.Threshold;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One measure of one endpoint, counted by source and by whatever else its thresholds are grouped by. */
final class Counter {
    static final int MOST_GROUPS = 131_072;
    static final IpAddress UNKNOWN = new IpAddress(0, 0);

    /** Groups without a count are given up this often, and when half of the room is taken once a minute. */
    private static final int SWEEP_SECONDS = 3600;

    private static final int SWEEP_WHEN_MANY = 60;

    final Measure measure;
    private final List<Threshold> thresholds;
    private Sources sources = new Sources(0);
    private AddressTable<Group> egress = new AddressTable<>();
    private final Map<OwnerKey, Group> owners = new HashMap<>();
    private @Nullable Group withoutOwner;
    private SlidingCounts empty = new SlidingCounts();
    private boolean owned; // some threshold is grouped by owner
    private int counted; // thresholds that the windows were made for
    private long swept = Long.MIN_VALUE;
    private long shed;

    /** @param thresholds of this measure and endpoint; complete before the first count */
    Counter(Measure measure, List<Threshold> thresholds) {
        this.measure = measure;
        this.thresholds = thresholds;
    }

    void add(
            SourceCounts message,
            Row row,
            @Nullable IpAddress seenAs,
            long second,
            long value,
            long nanos,
            AlertLog log) {
        if (counted == 0) {
            prepare();
        }
        sweep(second);
        Group bySource = source(row.source());
        if (bySource != null) {
            bySource.seenAs = seenAs;
            bySource.counts.add(second, value);
            sources.rise(bySource);
            if (row.owner().id() != 0) {
                bySource.part(message, row.owner(), second, value);
            }
        }
        Group byEgress = egress(seenAs);
        if (byEgress != null) {
            byEgress.counts.add(second, value);
        }
        Group byOwner = owned ? owner(message, row.owner()) : null;
        if (byOwner != null) {
            byOwner.counts.add(second, value);
        }
        for (int i = 0; i < thresholds.size(); i++) {
            Group group = switch (thresholds.get(i).grouping()) {
                case SOURCE -> bySource;
                case EGRESS -> byEgress;
                case OWNER -> byOwner;
            };
            if (group != null) {
                look(group, i, second, nanos, log);
            }
        }
    }

    private void look(Group group, int index, long second, long nanos, AlertLog log) {
        Threshold threshold = thresholds.get(index);
        int window = group.counts.window(threshold.windowSeconds());
        long sum = group.counts.sum(window);
        Incident incident = group.firing[index];
        if (incident != null && incident.firing()) {
            incident.rise(sum, second);
        } else if (sum >= threshold.value()) {
            incident = new Incident(threshold, this, group, window, sum, second, nanos);
            group.firing[index] = incident;
            log.fire(incident);
        }
    }

    /** The sources that make up most of a group's window at a second, most first. */
    List<Top> top(Group group, int window, long second) {
        return sources.top(group, window, second);
    }

    private @Nullable Group source(IpAddress address) {
        Group group = sources.get(address);
        if (group == null) {
            if (sources.size() >= MOST_GROUPS) {
                shed++;
                return null;
            }
            group = group(Grouping.SOURCE, address, null);
            sources.add(address, group);
        }
        return group;
    }

    private @Nullable Group egress(@Nullable IpAddress address) {
        IpAddress key = address == null ? UNKNOWN : address;
        Group group = egress.get(key);
        if (group == null) {
            if (egress.size() >= MOST_GROUPS) {
                shed++;
                return null;
            }
            group = group(Grouping.EGRESS, address, null);
            egress.add(key, group);
        }
        return group;
    }

    /** All connections without a known owner are one group. */
    private @Nullable Group owner(SourceCounts message, Owner owner) {
        if (owner.id() == 0) {
            Group group = withoutOwner;
            if (group == null) {
                group = group(Grouping.OWNER, null, null);
                withoutOwner = group;
            }
            return group;
        }
        OwnerKey key = new OwnerKey(message, owner.id());
        Group group = owners.get(key);
        if (group == null) {
            if (owners.size() >= MOST_GROUPS) {
                shed++;
                return null;
            }
            group = group(Grouping.OWNER, null, key);
            owners.put(key, group);
        }
        group.owner = owner;
        return group;
    }

    private Group group(Grouping grouping, @Nullable IpAddress address, @Nullable OwnerKey key) {
        return new Group(grouping, address, key, empty.empty(), thresholds.size());
    }

    /** Sources and owners come and go for as long as an agent runs: those with empty windows make room. */
    private void sweep(long second) {
        if (swept == Long.MIN_VALUE) {
            swept = second;
        }
        int most = Math.max(sources.size(), Math.max(egress.size(), owners.size()));
        if (second - swept < (most > MOST_GROUPS / 2 ? SWEEP_WHEN_MANY : SWEEP_SECONDS)) {
            return;
        }
        swept = second;
        sources = sources.without(second);
        AddressTable<Group> left = new AddressTable<>();
        for (int i = 0; i < egress.size(); i++) {
            if (!egress.value(i).isOver(second)) {
                left.add(egress.address(i), egress.value(i));
            }
        }
        egress = left;
        for (Iterator<Group> each = owners.values().iterator(); each.hasNext(); ) {
            if (each.next().isOver(second)) {
                each.remove();
            }
        }
    }

    private void prepare() {
        counted = thresholds.size();
        int[] lengths = new int[counted];
        for (int i = 0; i < counted; i++) {
            lengths[i] = thresholds.get(i).windowSeconds();
            owned |= thresholds.get(i).grouping() == Grouping.OWNER;
        }
        Arrays.sort(lengths);
        int size = 0;
        for (int i = 0; i < counted; i++) {
            if (i == 0 || lengths[i] != lengths[i - 1]) {
                lengths[size++] = lengths[i];
            }
        }
        empty = new SlidingCounts(Arrays.copyOf(lengths, size));
        sources = new Sources(size);
    }

    /** Groups that are held, of all kinds. */
    int groups() {
        return sources.size() + egress.size() + owners.size();
    }

    long shed() {
        return shed;
    }
}
