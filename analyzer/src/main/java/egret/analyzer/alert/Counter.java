// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.alert;

import egret.analyzer.answer.Answer.Top;
import egret.analyzer.window.AddressTable;
import egret.analyzer.window.SlidingCounts;
import egret.rules.Grouping;
import egret.rules.IpAddress;
import egret.rules.Measure;
import egret.rules.Threshold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One measure of one endpoint, counted by source and by whatever else its thresholds are grouped by. */
final class Counter {
    static final int MOST_GROUPS = 131_072;
    static final int TOP = 5;
    static final IpAddress UNKNOWN = new IpAddress(0, 0);

    final Measure measure;
    private final List<Threshold> thresholds;
    private final AddressTable<Group> sources = new AddressTable<>();
    private final AddressTable<Group> egress = new AddressTable<>();
    private final AddressTable<Group> owners = new AddressTable<>(); // one, as owners are not known
    private int[] windows = new int[0];
    private boolean owned; // some threshold is grouped by owner
    private int counted; // thresholds that the windows were made for
    private long shed;

    /** @param thresholds of this measure and endpoint; complete before the first count */
    Counter(Measure measure, List<Threshold> thresholds) {
        this.measure = measure;
        this.thresholds = thresholds;
    }

    /** What one threshold looks at: the counts of a source, of an egress address, of an owner. */
    final class Group {
        final SlidingCounts counts = new SlidingCounts(windows);
        final @Nullable Incident[] firing = new Incident[thresholds.size()];
        final Grouping grouping;
        final @Nullable IpAddress address;

        @Nullable
        IpAddress seenAs; // of a source: the egress address it was last counted under

        private Group(Grouping grouping, @Nullable IpAddress address) {
            this.grouping = grouping;
            this.address = address;
        }

        String name() {
            if (address != null) {
                return address.toString();
            }
            return grouping == Grouping.EGRESS ? "all" : "unknown";
        }

        /** The sources that make up most of the window at a second, most first. */
        List<Top> top(int window, long second) {
            IpAddress[] addresses = new IpAddress[TOP];
            long[] values = new long[TOP];
            int size = 0;
            for (int i = 0; i < sources.size(); i++) {
                Group source = sources.value(i);
                long value = holds(source) ? source.counts.sumAt(window, second) : 0;
                if (value <= 0 || (size == TOP && value < values[TOP - 1])) {
                    continue;
                }
                IpAddress address = sources.address(i);
                int at = size < TOP ? size++ : TOP;
                while (at > 0
                        && (value > values[at - 1]
                                || (value == values[at - 1] && address.compareTo(addresses[at - 1]) < 0))) {
                    at--;
                    if (at + 1 < TOP) {
                        addresses[at + 1] = addresses[at];
                        values[at + 1] = values[at];
                    }
                }
                if (at < TOP) {
                    addresses[at] = address;
                    values[at] = value;
                }
            }
            List<Top> top = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                top.add(new Top(addresses[i], values[i]));
            }
            return List.copyOf(top);
        }

        private boolean holds(Group source) {
            return switch (grouping) {
                case SOURCE -> source == this;
                case EGRESS -> same(source.seenAs, address);
                case OWNER -> true;
            };
        }

        private static boolean same(@Nullable IpAddress one, @Nullable IpAddress other) {
            if (one == null || other == null) {
                return one == null && other == null;
            }
            return one.compareTo(other) == 0;
        }
    }

    void add(IpAddress source, @Nullable IpAddress seenAs, long second, long value, long nanos, AlertLog log) {
        if (counted == 0) {
            prepare();
        }
        Group bySource = group(sources, Grouping.SOURCE, source);
        if (bySource != null) {
            bySource.seenAs = seenAs;
            bySource.counts.add(second, value);
        }
        Group byEgress = group(egress, Grouping.EGRESS, seenAs);
        if (byEgress != null) {
            byEgress.counts.add(second, value);
        }
        Group byOwner = owned ? group(owners, Grouping.OWNER, null) : null;
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
            incident = new Incident(threshold, group, window, sum, second, nanos);
            group.firing[index] = incident;
            log.fire(incident);
        }
    }

    private @Nullable Group group(AddressTable<Group> table, Grouping grouping, @Nullable IpAddress address) {
        IpAddress key = address == null ? UNKNOWN : address;
        Group group = table.get(key);
        if (group == null) {
            if (table.size() >= MOST_GROUPS) {
                shed++;
                return null;
            }
            group = new Group(grouping, address);
            table.add(key, group);
        }
        return group;
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
        windows = Arrays.copyOf(lengths, size);
    }

    long shed() {
        return shed;
    }
}
