// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.watch.Beat.Part;
import egret.rules.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tallies by whatever tells them apart. */
final class Tallies<K> {
    private final Moment moment;
    private final Map<K, Tally> all = new LinkedHashMap<>();

    private Tallies(Moment moment) {
        this.moment = moment;
    }

    /** What tells one part from another, null for parts that do not count here. */
    interface KeyOf<K> {
        @Nullable
        K key(Part part);
    }

    static <K> Tallies<K> of(Moment moment, KeyOf<K> keyOf) {
        Tallies<K> tallies = new Tallies<>(moment);
        for (Beat beat : moment.beats()) {
            for (Part part : beat.parts()) {
                K key = keyOf.key(part);
                if (key != null) {
                    tallies.all.computeIfAbsent(key, k -> tallies.none()).add(beat.second(), part);
                }
            }
        }
        return tallies;
    }

    static Tallies<IpAddress> bySource(Moment moment, String endpoint) {
        return of(moment, part -> part.endpoint().equals(endpoint) ? part.source() : null);
    }

    Tally get(K key) {
        Tally tally = all.get(key);
        return tally == null ? none() : tally;
    }

    List<Map.Entry<K, Tally>> entries() {
        return new ArrayList<>(all.entrySet());
    }

    private Tally none() {
        return new Tally(Math.floorDiv(moment.nowNanos(), 1_000_000_000L) - 1);
    }
}
