// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TimelineTest {
    @Test
    void drawsSecondsAtFirst() {
        Timeline timeline = new Timeline(new Budget(10_000));
        timeline.add(101, 3);
        timeline.add(103, 4);
        assertThat(timeline.along(timeline)).containsExactly(3L, 0L, 4L);
    }

    @Test
    void foldsAndStaysAlignedWithTheWhole() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Timeline whole = new Timeline(new Budget(10_000));
        Timeline part = new Timeline(new Budget(10_000));
        long[] parts = new long[20_000];
        for (int second = 0; second < 20_000; second += 1 + random.nextInt(30)) {
            long count = random.nextInt(9);
            whole.add(1_600_000_003L + second, count);
            if (second >= 7777 && second < 9000) {
                part.add(1_600_000_003L + second, count);
                parts[second] = count;
            }
        }
        assertThat(whole.step()).isEqualTo(32);
        Long[] drawn = part.along(whole);
        assertThat(drawn).hasSize(whole.size()).hasSizeLessThanOrEqualTo(Timeline.MOST);
        long[] expected = new long[drawn.length];
        for (int second = 0; second < parts.length; second++) {
            int index = (int) ((1_600_000_003L + second - whole.first()) / whole.step());
            if (index < expected.length) {
                expected[index] += parts[second];
            }
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(drawn[i]).as("seed %d point %d", seed, i).isEqualTo(expected[i]);
        }
    }

    @Test
    void isEmptyPastTheBudget() {
        Timeline timeline = new Timeline(new Budget(100));
        for (int second = 0; second < 500; second++) {
            timeline.add(second, 1);
        }
        assertThat(timeline.along(timeline)).isEmpty();
    }

    @Test
    void bearsAGapOfYears() {
        Timeline timeline = new Timeline(new Budget(10_000));
        timeline.add(5, 1);
        timeline.add(1_600_000_000L, 2);
        assertThat(timeline.along(timeline))
                .hasSizeLessThanOrEqualTo(Timeline.MOST)
                .startsWith(1L)
                .endsWith(2L);
    }
}
