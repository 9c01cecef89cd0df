// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KeySlotsTest {
    @Test
    void findsWhatWasClaimedUntilItIsFreed() {
        KeySlots slots = new KeySlots(8);
        int slot = slots.claim(42);
        assertThat(slots.find(42)).isEqualTo(slot).isEqualTo(slots.claim(42));
        slots.free(slot);
        assertThat(slots.find(42)).isEqualTo(-1);
        assertThat(slots.find(0)).isEqualTo(-1);
        assertThat(slots.shed()).isZero();
    }

    @Test
    void givesTheOldestSlotAwayAndCountsIt() {
        KeySlots slots = new KeySlots(3);
        for (int key = 1; key <= 100; key++) {
            slots.claim(key);
            assertThat(slots.find(key)).isNotNegative();
        }
        int kept = 0;
        for (int key = 1; key <= 100; key++) {
            kept += slots.find(key) >= 0 ? 1 : 0;
        }
        assertThat(kept).isLessThanOrEqualTo(8);
        assertThat(slots.shed()).isEqualTo(100 - kept);
        assertThat(slots.find(100)).isNotNegative();
        assertThat(slots.find(1)).isEqualTo(-1);
    }

    @Test
    void neverMistakesAKeyForAnother() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        KeySlots slots = new KeySlots(6);
        long[] owners = new long[slots.capacity()];
        for (int round = 0; round < 50_000; round++) {
            long key = 1 + random.nextInt(300);
            int slot = slots.find(key);
            if (slot >= 0) {
                assertThat(owners[slot]).as("seed " + seed).isEqualTo(key);
                if (random.nextBoolean()) {
                    slots.free(slot);
                    assertThat(slots.find(key)).as("seed " + seed).isEqualTo(-1);
                }
            } else {
                owners[slots.claim(key)] = key;
            }
            if (random.nextInt(5_000) == 0) {
                slots.clear();
                assertThat(slots.find(key)).isEqualTo(-1);
            }
        }
    }
}
