// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.alert;

import egret.analyzer.answer.OwnerWords;
import egret.analyzer.window.OwnerKey;
import egret.analyzer.window.SlidingCounts;
import egret.capture.count.SourceCounts;
import egret.capture.origin.Owner;
import egret.rules.Grouping;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one threshold looks at: the counts of a source, of an egress address, of an owner. */
final class Group {
    static final int MOST_PARTS = 16;

    final Grouping grouping;

    /** Null for an owner, and for an egress address that was not seen. */
    final @Nullable IpAddress address;

    final SlidingCounts counts;
    final @Nullable Incident[] firing;

    /** Of an owner, null if it is not known. */
    final @Nullable OwnerKey key;

    /** As it was described last. */
    @Nullable
    Owner owner;

    /** Of a source: the egress address it was last counted under. */
    @Nullable
    IpAddress seenAs;

    /** Of a source: where it stands among them. */
    int place;

    /** Of a source: what its known owners have of its counts. */
    private @Nullable List<Part> parts;

    /** What one owner has of a source's counts. */
    static final class Part {
        final OwnerKey key;
        final SlidingCounts counts;
        Owner owner;

        private Part(OwnerKey key, Owner owner, SlidingCounts counts) {
            this.key = key;
            this.owner = owner;
            this.counts = counts;
        }
    }

    Group(
            Grouping grouping,
            @Nullable IpAddress address,
            @Nullable OwnerKey key,
            SlidingCounts counts,
            int thresholds) {
        this.grouping = grouping;
        this.address = address;
        this.key = key;
        this.counts = counts;
        firing = new Incident[thresholds];
    }

    String name() {
        if (address != null) {
            return address.toString();
        }
        if (grouping == Grouping.EGRESS) {
            return "all";
        }
        return owner == null ? "unknown" : OwnerWords.brief(owner);
    }

    /** Adds an owner's count; when there are too many owners, the one with the least in the longest window goes. */
    void part(SourceCounts message, Owner of, long second, long value) {
        List<Part> all = parts;
        if (all == null) {
            all = new ArrayList<>(1);
            parts = all;
        }
        Part part = null;
        for (int i = 0; i < all.size() && part == null; i++) {
            if (all.get(i).key.is(message, of.id())) {
                part = all.get(i);
            }
        }
        if (part == null) {
            if (all.size() >= MOST_PARTS) {
                all.remove(least(all, second));
            }
            part = new Part(new OwnerKey(message, of.id()), of, counts.empty());
            all.add(part);
        }
        part.owner = of;
        part.counts.add(second, value);
    }

    private int least(List<Part> all, long second) {
        int longest = counts.longest();
        int least = 0;
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).counts.sumAt(longest, second) < all.get(least).counts.sumAt(longest, second)) {
                least = i;
            }
        }
        return least;
    }

    /** The known owner with most of this source's window at a second; null if there is none. */
    @Nullable
    Part lead(int window, long second) {
        List<Part> all = parts;
        Part lead = null;
        long most = 0;
        for (int i = 0; all != null && i < all.size(); i++) {
            long held = all.get(i).counts.sumAt(window, second);
            if (held > most) {
                most = held;
                lead = all.get(i);
            }
        }
        return lead;
    }

    /** What the owner has of this source's window at a second; for null, what no known owner has. */
    long heldBy(@Nullable OwnerKey of, int window, long second) {
        List<Part> all = parts;
        long known = 0;
        for (int i = 0; all != null && i < all.size(); i++) {
            long held = all.get(i).counts.sumAt(window, second);
            if (of != null && all.get(i).key.equals(of)) {
                return held;
            }
            known += held;
        }
        return of == null ? counts.sumAt(window, second) - known : 0;
    }

    /** Nothing is in its windows, and no alert is firing: it can go. */
    boolean isOver(long second) {
        for (Incident incident : firing) {
            if (incident != null && incident.firing()) {
                return false;
            }
        }
        return counts.sumAt(counts.longest(), second) == 0;
    }
}
