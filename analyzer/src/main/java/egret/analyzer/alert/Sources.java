// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.alert;

import egret.analyzer.answer.Answer.Top;
import egret.analyzer.window.AddressTable;
import egret.rules.Grouping;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups of a counter's sources, among which those with most of a window are looked for. */
final class Sources {
    static final int TOP = 5;

    private final AddressTable<Group> table = new AddressTable<>();

    /** By window and place in the table: what the window held at the last count. It can only have fallen since then. */
    private final long[][] held;

    Sources(int windows) {
        held = new long[windows][16];
    }

    @Nullable
    Group get(IpAddress address) {
        return table.get(address);
    }

    void add(IpAddress address, Group group) {
        group.place = table.size();
        table.add(address, group);
        for (int window = 0; window < held.length; window++) {
            if (group.place == held[window].length) {
                held[window] = Arrays.copyOf(held[window], group.place * 2);
            }
        }
        rise(group);
    }

    /** Something was added to the group's counts. */
    void rise(Group group) {
        for (int window = 0; window < held.length; window++) {
            held[window][group.place] = group.counts.sum(window);
        }
    }

    int size() {
        return table.size();
    }

    /** The same without those that are over. */
    Sources without(long second) {
        Sources left = new Sources(held.length);
        for (int i = 0; i < table.size(); i++) {
            if (!table.value(i).isOver(second)) {
                left.add(table.address(i), table.value(i));
            }
        }
        return left;
    }

    /** The sources that make up most of a group's window at a second, most first, then by address. */
    List<Top> top(Group group, int window, long second) {
        Group[] first = new Group[TOP];
        long[] values = new long[TOP];
        int size = 0;
        long[] most = held[window];
        for (int i = 0; i < table.size(); i++) {
            if (most[i] <= 0 || (size == TOP && most[i] < values[TOP - 1])) {
                continue; // most are, of thousands
            }
            Group source = table.value(i);
            long value = part(group, source, window, second);
            if (value <= 0 || (size == TOP && value < values[TOP - 1])) {
                continue;
            }
            int at = size < TOP ? size++ : TOP;
            while (at > 0 && isBefore(source, value, first[at - 1], values[at - 1])) {
                at--;
                if (at + 1 < TOP) {
                    first[at + 1] = first[at];
                    values[at + 1] = values[at];
                }
            }
            if (at < TOP) {
                first[at] = source;
                values[at] = value;
            }
        }
        List<Top> top = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            top.add(top(group, first[i], values[i], window, second));
        }
        return List.copyOf(top);
    }

    /** What the source has of the group's window. */
    private static long part(Group group, Group source, int window, long second) {
        return switch (group.grouping) {
            case SOURCE -> source == group ? source.counts.sumAt(window, second) : 0;
            case EGRESS -> same(source.seenAs, group.address) ? source.counts.sumAt(window, second) : 0;
            case OWNER -> source.heldBy(group.key, window, second);
        };
    }

    private static Top top(Group group, Group source, long value, int window, long second) {
        if (group.key != null) {
            return new Top(address(source), value, group.owner, value);
        }
        Group.Part lead = group.grouping == Grouping.OWNER ? null : source.lead(window, second);
        return lead == null
                ? new Top(address(source), value, null, 0)
                : new Top(address(source), value, lead.owner, lead.counts.sumAt(window, second));
    }

    private static boolean isBefore(Group one, long value, Group other, long otherValue) {
        return value > otherValue || (value == otherValue && address(one).compareTo(address(other)) < 0);
    }

    private static IpAddress address(Group source) {
        return source.address == null ? Counter.UNKNOWN : source.address;
    }

    private static boolean same(@Nullable IpAddress one, @Nullable IpAddress other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.compareTo(other) == 0;
    }
}
