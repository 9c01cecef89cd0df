// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecordSizesTest {

    @Test
    void agreesWithAMapAsLongAsThereIsRoom() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            RecordSizes sizes = new RecordSizes();
            Map<Integer, Integer> model = new TreeMap<>();
            for (int i = random.nextInt(200); i > 0; i--) {
                int size = 15 + random.nextInt(24);
                sizes.add(size);
                model.merge(size, 1, Integer::sum);
            }
            int smallest = model.keySet().stream()
                    .filter(size -> model.get(size) >= 3)
                    .findFirst()
                    .orElse(0);
            int near = model.keySet().stream()
                    .filter(size -> Math.abs(size - 20) <= 3)
                    .mapToInt(model::get)
                    .sum();
            int most = model.values().stream().mapToInt(times -> times).max().orElse(0);
            assertThat(sizes.smallest(3)).as("seed %d", seed).isEqualTo(smallest);
            assertThat(sizes.near(20, 3)).as("seed %d", seed).isEqualTo(near);
            assertThat(sizes.times(sizes.mostFrequent())).as("seed %d", seed).isEqualTo(most);
        }
    }

    @Test
    void keepsTheSmallAndTheFrequentWhenItIsFull() {
        RecordSizes sizes = new RecordSizes();
        for (int size = 1_000; size > 0; size--) {
            sizes.add(size);
            sizes.add(5_000);
        }

        assertThat(sizes.times(5_000)).isEqualTo(1_000);
        assertThat(sizes.smallest(1)).isEqualTo(1);
    }

    @Test
    void findsWhatIsMergedIntoOne() {
        RecordSizes sizes = new RecordSizes();
        sizes.add(22);
        sizes.add(220);
        sizes.add(229);
        sizes.add(30);

        assertThat(sizes.beyondOne(22, 3_000)).isEqualTo(9);
        assertThat(sizes.beyondOnePlus(9, 22, 3_000)).isEqualTo(9);
        assertThat(sizes.divisorOf(220, 20)).isEqualTo(22);
        assertThat(sizes.fits(22, 3_000)).isEqualTo(1 + 10 + 10 + 1);
    }
}
