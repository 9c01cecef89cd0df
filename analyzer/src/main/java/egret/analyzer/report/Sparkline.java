// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import java.util.List;

/**
 * A rate over time in one line of text. Every line of one page lies on the same span and has the same highest step, so
 * that lines can be compared with the eye; a step with nothing in it is a dot.
 */
public final class Sparkline {
    private static final String STEPS = "▁▂▃▄▅▆▇█";

    private final long startSecond;
    private final long step;
    private final int cells;
    private final long secondsPerCell;

    /**
     * @param startSecond first second of the span
     * @param endSecond last second of the span
     * @param stepSeconds of the series that are to be drawn; a cell holds whole steps
     * @param columns at most this many cells
     */
    Sparkline(long startSecond, long endSecond, int stepSeconds, int columns) {
        long step = Math.max(1, stepSeconds);
        long seconds = Math.max(1, endSecond - startSecond + 1);
        long least = (seconds + columns - 1) / columns;
        this.startSecond = startSecond;
        this.step = step;
        this.secondsPerCell = (least + step - 1) / step * step;
        this.cells = (int) ((seconds + secondsPerCell - 1) / secondsPerCell);
    }

    int cells() {
        return cells;
    }

    long secondsPerCell() {
        return secondsPerCell;
    }

    /** The sum of each cell of a series that begins at {@code seriesStart}; what lies outside the span is left out. */
    long[] sums(List<Long> perStep, long seriesStart) {
        long[] sums = new long[cells];
        for (int at = 0; at < perStep.size(); at++) {
            long second = seriesStart + at * step - startSecond;
            if (second > -step && second / secondsPerCell < cells) { // the first step may begin before the span
                sums[(int) (Math.max(0, second) / secondsPerCell)] += perStep.get(at);
            }
        }
        return sums;
    }

    public static long highest(long[] sums) {
        long highest = 0;
        for (long sum : sums) {
            highest = Math.max(highest, sum);
        }
        return highest;
    }

    /** @param highest the sum that is drawn as the full step */
    public static String draw(long[] sums, long highest) {
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
