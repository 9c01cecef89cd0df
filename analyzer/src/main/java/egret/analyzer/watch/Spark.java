// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.report.Sparkline;
import java.util.List;

/** The last minute of several lines, drawn to one height so that they can be compared. */
final class Spark {
    static final int SECONDS = 60;

    private Spark() {}

    /** The shortest whole part of a minute with which it fits. */
    static int secondsPerCell(int columns) {
        for (int seconds : new int[] {1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30}) {
            if (SECONDS / seconds <= columns) {
                return seconds;
            }
        }
        return SECONDS;
    }

    static long highest(List<long[]> lines) {
        long highest = 0;
        for (long[] line : lines) {
            highest = Math.max(highest, Sparkline.highest(line));
        }
        return highest;
    }
}
