// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import java.util.List;

/**
 * A rate over time in one line of text. Every line of one page lies on the same span and has the same highest step, so
 * that lines can be compared with the eye; a step with nothing in it is a dot.
 */
final class Sparkline {
    private static final String STEPS = "▁▂▃▄▅▆▇█";

    private final long startSecond;
    private final int cells;
    private final long secondsPerCell;

    /**
     * @param startSecond first second of the span
     * @param endSecond last second of the span
     * @param columns at most this many cells
     */
    Sparkline(long startSecond, long endSecond, int columns) {
        long seconds = Math.max(1, endSecond - startSecond + 1);
        this.startSecond = startSecond;
        this.secondsPerCell = (seconds + columns - 1) / columns;
        this.cells = (int) ((seconds + secondsPerCell - 1) / secondsPerCell);
    }

    int cells() {
        return cells;
    }

    long secondsPerCell() {
        return secondsPerCell;
    }

    /** The sum of each cell of a series that begins at {@code seriesStart}; what lies outside the span is left out. */
    long[] sums(List<Long> perSecond, long seriesStart) {
        long[] sums = new long[cells];
        for (int at = 0; at < perSecond.size(); at++) {
            long second = seriesStart + at - startSecond;
            if (second >= 0 && second / secondsPerCell < cells) {
                sums[(int) (second / secondsPerCell)] += perSecond.get(at);
            }
        }
        return sums;
    }

    static long highest(long[] sums) {
        long highest = 0;
        for (long sum : sums) {
            highest = Math.max(highest, sum);
        }
        return highest;
    }

    /** @param highest the sum that is drawn as the full step */
    static String draw(long[] sums, long highest) {
        StringBuilder line = new StringBuilder(sums.length);
        for (long sum : sums) {
            if (sum <= 0 || highest <= 0) {
                line.append('·');
            } else {
                double part = Math.min(1.0, (double) sum / highest);
                line.append(STEPS.charAt(Math.max(0, (int) Math.ceil(part * STEPS.length()) - 1)));
            }
        }
        return line.toString();
    }
}
