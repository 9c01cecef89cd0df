// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.watch.Beat.Part;
import egret.capture.origin.Owner;

/** What some parts of the last seconds add up to. */
final class Tally {
    /** As it was described last: names come later than connections. */
    Owner owner = Owner.UNKNOWN;

    String ja4 = "";
    long connections;
    long failed;
    long bytesUp;
    long bytesDown;
    long lastSecond = Long.MIN_VALUE;

    /** Requests of each second, the last one at the end. */
    final long[] requests = new long[Recent.SECONDS];

    private final long endSecond;

    /** @param endSecond the last complete second */
    Tally(long endSecond) {
        this.endSecond = endSecond;
    }

    void add(long second, Part part) {
        long at = Recent.SECONDS - 1 - (endSecond - second);
        if (at < 0 || at >= Recent.SECONDS) {
            return;
        }
        requests[(int) at] += part.requests();
        connections += part.connections();
        failed += part.failed();
        bytesUp += part.bytesUp();
        bytesDown += part.bytesDown();
        if (second >= lastSecond) {
            lastSecond = second;
            owner = part.owner();
            ja4 = part.ja4();
        }
    }

    long requests(int seconds) {
        long sum = 0;
        for (int at = Recent.SECONDS - seconds; at < Recent.SECONDS; at++) {
            sum += requests[at];
        }
        return sum;
    }

    /** The last minute in so many cells at most. */
    long[] cells(int columns) {
        int perCell = Spark.secondsPerCell(columns);
        long[] cells = new long[Spark.SECONDS / perCell];
        for (int second = 0; second < Spark.SECONDS; second++) {
            cells[second / perCell] += requests[Recent.SECONDS - Spark.SECONDS + second];
        }
        return cells;
    }
}
