// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Counts by name, the largest first and equal ones by name, so that a page and a document never depend on chance. */
final class Counts {
    private static final int NAME_COLUMNS = 60;

    record Count(String name, long count) implements Comparable<Count> {
        @Override
        public int compareTo(Count other) {
            int order = Long.compare(other.count, count);
            return order != 0 ? order : name.compareTo(other.name);
        }
    }

    private Counts() {}

    /** The first of them in one safe line: name 12, name 3 and 4 more; "" stands for a connection without a name. */
    static String listed(Map<String, Long> counts, int most) {
        List<Count> sorted = sorted(counts);
        if (sorted.isEmpty()) {
            return "none";
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < Math.min(sorted.size(), most); at++) {
            Count count = sorted.get(at);
            text.append(at == 0 ? "" : ", ");
            text.append(count.name().isEmpty() ? "without a name" : TerminalText.safe(count.name(), NAME_COLUMNS));
            text.append(' ').append(Figures.grouped(count.count()));
        }
        int rest = sorted.size() - most;
        return text.append(rest > 0 ? " and " + Figures.grouped(rest) + " more" : "")
                .toString();
    }

    static List<Count> sorted(Map<String, Long> counts) {
        List<Count> sorted = new ArrayList<>(counts.size());
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            sorted.add(new Count(entry.getKey(), entry.getValue()));
        }
        Collections.sort(sorted);
        return sorted;
    }
}
