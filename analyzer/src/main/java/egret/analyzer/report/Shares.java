// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Parts of a whole with percentages of one decimal that add up to exactly 100.0: what rounding down leaves goes to the
 * largest remainders.
 */
final class Shares {
    private final List<String> names = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private long total;

    /** Adds a part; an empty one is left out. */
    void add(String name, long count) {
        if (count > 0) {
            names.add(name);
            counts.add(count);
            total += count;
        }
    }

    /** Of all parts. */
    long total() {
        return total;
    }

    int size() {
        return names.size();
    }

    String name(int part) {
        return names.get(part);
    }

    long count(int part) {
        return counts.get(part);
    }

    /** In tenths of a percent, for each part. */
    int[] tenths() {
        int[] tenths = new int[names.size()];
        double[] remainders = new double[names.size()];
        int left = 1000;
        for (int part = 0; part < tenths.length; part++) {
            double exact = counts.get(part) * 1000.0 / total;
            tenths[part] = (int) exact;
            remainders[part] = exact - tenths[part];
            left -= tenths[part];
        }
        for (; left > 0 && tenths.length > 0; left--) {
            int most = 0;
            for (int part = 1; part < tenths.length; part++) {
                if (remainders[part] > remainders[most]) {
                    most = part;
                }
            }
            tenths[most]++;
            remainders[most] = -1;
        }
        return tenths;
    }
}
