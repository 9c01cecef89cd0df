// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.Percentiles;
import java.util.Arrays;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Percentiles of non-negative values. The first {@value #FEW} values that are not 0 are kept as they are; from then on
 * an HdrHistogram with two digits holds them, if the budget has room for one more. Past the budget every 2nd, 4th, ...
 * value is kept, so that there are never more than {@value #FEW}; count and maximum stay exact.
 */
final class Distribution {
    static final int FEW = 64;
    private static final int DIGITS = 2;
    private static final Percentiles NONE = new Percentiles(0, 0, 0, 0, 0);

    private final Budget histograms;
    private int[] few = {};
    private int size;
    private int stride = 1;
    private int skipped;
    private long zeros;
    private long count;
    private int max;
    private @Nullable IntCountsHistogram histogram;

    /** @param histograms how many of them there may be in all */
    Distribution(Budget histograms) {
        this.histograms = histograms;
    }

    void add(int value) {
        if (value <= 0) {
            addZeros(1);
            return;
        }
        count++;
        max = Math.max(max, value);
        if (histogram != null) {
            histogram.recordValue(value);
        } else if (++skipped == stride) {
            skipped = 0;
            keep(value);
        }
    }

    void addZeros(long more) {
        count += more;
        zeros += more;
    }

    private void keep(int value) {
        if (size == FEW && stride == 1 && histograms.take(1)) {
            histogram = new IntCountsHistogram(DIGITS);
            histogram.setAutoResize(true);
            for (int i = 0; i < size; i++) {
                histogram.recordValue(few[i]);
            }
            histogram.recordValue(value);
            few = new int[0];
            return;
        }
        if (size == FEW) {
            for (int i = 0; i < FEW / 2; i++) {
                few[i] = few[2 * i];
            }
            size = FEW / 2;
            stride *= 2;
        } else if (size == few.length) {
            few = Arrays.copyOf(few, Math.min(FEW, Math.max(4, size * 2)));
        }
        few[size++] = value;
    }

    /** @param factor to multiply the values with */
    Percentiles percentiles(long factor) {
        if (count == 0) {
            return NONE;
        }
        int[] sorted = Arrays.copyOf(few, size);
        Arrays.sort(sorted);
        return new Percentiles(
                count, factor * at(sorted, 50), factor * at(sorted, 90), factor * at(sorted, 99), factor * max);
    }

    /** The smallest value that at least so many percent of all are at or below. */
    private long at(int[] sorted, int percent) {
        long rank = Math.max(1, (count * percent + 99) / 100);
        if (rank <= zeros) {
            return 0;
        }
        if (histogram != null) {
            double ofRest = 100.0 * (rank - zeros) / (count - zeros);
            return Math.min(max, histogram.getValueAtPercentile(ofRest));
        }
        long index = (rank - zeros - 1) * size / (count - zeros);
        return sorted.length == 0 ? max : sorted[(int) Math.min(size - 1, index)];
    }
}
