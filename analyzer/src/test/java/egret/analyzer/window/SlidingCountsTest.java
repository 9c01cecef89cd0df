// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SlidingCountsTest {
    private static final int[] WINDOWS = {1, 10, 60, 300, 21_600};

    @Test
    void agreesWithAListOfAllCounts() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            SlidingCounts counts = new SlidingCounts(WINDOWS);
            TreeMap<Long, Long> all = new TreeMap<>();
            long now = 1_600_000_000L + random.nextInt(1000);
            counts.add(now, 0);
            for (int i = 0; i < 400; i++) {
                now += random.nextInt(10) == 0 ? random.nextInt(2000) : random.nextInt(3);
                long second = random.nextInt(5) == 0 ? now - random.nextInt(400) : now; // some are overtaken
                long count = random.nextInt(50);
                counts.add(now, 0);
                counts.add(second, count);
                all.merge(second, count, Long::sum);
                long later = now + random.nextInt(700);
                for (int window = 0; window < WINDOWS.length; window++) {
                    String what = "seed " + seed + " window " + WINDOWS[window];
                    assertThat(counts.sum(window)).as(what).isEqualTo(slow(all, WINDOWS[window], now, now));
                    assertThat(counts.sumAt(window, later)).as(what).isEqualTo(slow(all, WINDOWS[window], later, now));
                }
            }
        }
    }

    private static long slow(TreeMap<Long, Long> all, int window, long at, long last) {
        long sum = 0;
        for (var entry : all.headMap(last, true).entrySet()) {
            boolean inside = window <= SlidingCounts.EXACT_SECONDS
                    ? entry.getKey() > at - window
                    : entry.getKey() / 60 > at / 60 - window / 60;
            sum += inside ? entry.getValue() : 0;
        }
        return sum;
    }

    @Test
    void holdsExactlyTheSecondsOfTheWindow() {
        SlidingCounts counts = new SlidingCounts(60);
        counts.add(100, 5);
        counts.add(159, 1);
        assertThat(counts.sum(0)).isEqualTo(6);
        counts.add(160, 1);
        assertThat(counts.sum(0)).isEqualTo(2);
        assertThat(counts.sumAt(0, 218)).isEqualTo(2);
        assertThat(counts.sumAt(0, 219)).isEqualTo(1);
        assertThat(counts.sumAt(0, 220)).isZero();
    }

    @Test
    void findsAWindowByItsLength() {
        SlidingCounts counts = new SlidingCounts(10, 3600);
        assertThat(counts.window(3600)).isEqualTo(1);
        assertThatThrownBy(() -> counts.window(11)).isInstanceOf(IllegalArgumentException.class);
    }
}
