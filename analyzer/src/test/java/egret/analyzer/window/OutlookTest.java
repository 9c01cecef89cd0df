// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class OutlookTest {
    @Test
    void agreesWithCountingOn() {
        long seed = 60;
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            SlidingCounts counts = new SlidingCounts(60);
            SlidingCounts after = new SlidingCounts(60);
            for (int second = 0; second < 100; second++) {
                int count = random.nextInt(4) == 0 ? random.nextInt(100) : 0;
                counts.add(second, count);
                after.add(second, count);
            }
            long used = counts.sumAt(0, 99);
            long level = used + 1 + random.nextInt(1000);
            int pace = random.nextInt(60);
            int reached = -1;
            for (int second = 1; second <= 60 && reached < 0; second++) {
                after.add(99 + second, pace);
                reached = after.sum(0) >= level ? second : -1;
            }
            double told = counts.outlook(0, 99).reaches(level, pace);
            assertThat(Math.ceil(told)).as("seed %d, round %d", seed, round).isEqualTo(reached);

            long below = 1 + random.nextInt((int) Math.max(1, used));
            int fallen = 1;
            while (counts.sumAt(0, 99 + fallen) >= below) {
                fallen++;
            }
            assertThat(counts.outlook(0, 99).fallsBelow(below))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(fallen);
        }
    }

    @Test
    void longWindowsLeaveByTheMinute() {
        SlidingCounts counts = new SlidingCounts(3600);
        counts.add(600, 30);
        counts.add(1800, 10);
        assertThat(counts.outlook(0, 3599).fallsBelow(40)).isEqualTo(11 * 60.0);
        assertThat(counts.outlook(0, 3599).fallsBelow(10)).isEqualTo(31 * 60.0);
        assertThat(counts.outlook(0, 3599).reaches(50, 0.5)).isCloseTo(20, within(0.001));
        assertThat(counts.outlook(0, 3599).reaches(50, 0.001)).isEqualTo(-1);
    }
}
