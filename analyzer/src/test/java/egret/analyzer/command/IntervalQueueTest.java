// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.capture.count.SourceCounts;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntervalQueueTest {
    private final IntervalQueue queue = new IntervalQueue();

    private static SourceCounts interval(int number, int rows) {
        SourceCounts.Row row =
                new Intervals().hub("10.0.0.1", 1).messages().get(0).rows().get(0);
        return Intervals.message("a", number, Intervals.START + number, Collections.nCopies(rows, row));
    }

    @Test
    void givesInOrderUntilItIsClosedAndEmpty() throws InterruptedException {
        queue.counts(interval(0, 1));
        queue.counts(interval(1, 1));
        queue.close();
        queue.counts(interval(2, 1));

        assertThat(queue.finished()).isFalse();
        assertThat(queue.take(1000).sequence()).isZero();
        assertThat(queue.take(1000).sequence()).isEqualTo(1);
        assertThat(queue.take(1000)).isNull();
        assertThat(queue.finished()).isTrue();
        assertThat(queue.shed()).isEqualTo(1);
    }

    @Test
    void shedsAndCountsWhatItHasNoRoomFor() throws InterruptedException {
        for (int number = 0; number < IntervalQueue.MOST_INTERVALS + 3; number++) {
            queue.counts(interval(number, 1));
        }
        assertThat(queue.shed()).isEqualTo(3);

        queue.take(0);
        queue.counts(interval(100, 1));

        assertThat(queue.shed()).isEqualTo(3);
    }

    @Test
    void boundsTheRowsButTakesOneIntervalOfAnySize() throws InterruptedException {
        SourceCounts large = interval(0, IntervalQueue.MOST_ROWS + 1);
        queue.counts(large);
        queue.counts(interval(1, 1));
        assertThat(queue.shed()).isEqualTo(1);

        assertThat(queue.take(0)).isSameAs(large);
        queue.counts(interval(2, 1));

        assertThat(queue.shed()).isEqualTo(1);
        assertThat(List.of(queue.take(0).sequence())).containsExactly(2L);
    }
}
