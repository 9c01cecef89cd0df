// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts by name in the order in which people read them. */
final class Ordered {
    private Ordered() {}

    /** An unmodifiable copy, highest count first, then by name. */
    static Map<String, Long> mostFirst(Map<String, Long> counts) {
        if (counts.size() == 1) {
            return Map.copyOf(counts); // as with most sources: a tenth of the memory
        }
        List<Map.Entry<String, Long>> entries = new ArrayList<>(counts.entrySet());
        entries.sort(new MostFirst());
        Map<String, Long> ordered = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            ordered.put(entries.get(i).getKey(), entries.get(i).getValue());
        }
        return Collections.unmodifiableMap(ordered);
    }

    private static final class MostFirst implements Comparator<Map.Entry<String, Long>> {
        @Override
        public int compare(Map.Entry<String, Long> one, Map.Entry<String, Long> other) {
            int order = Long.compare(other.getValue(), one.getValue());
            return order != 0 ? order : one.getKey().compareTo(other.getKey());
        }
    }
}
