// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntryIndexTest {
    @Test
    void holdsWhatAMapOfSetsHolds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int entries = 100;
        EntryIndex index = new EntryIndex(entries);
        Map<Integer, Integer> hashes = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            if (step % 5_000 == 4_999) {
                index.grow();
                entries *= 2;
            }
            int entry = random.nextInt(entries);
            if (hashes.remove(entry) != null) {
                index.remove(entry);
            } else if (random.nextInt(4) == 0) {
                index.remove(entry); // It is not in, or was taken out: nothing happens.
            } else {
                int hash = random.nextInt(20);
                index.add(entry, hash);
                hashes.put(entry, hash);
            }
            int asked = random.nextInt(20);
            Set<Integer> found = new HashSet<>();
            int slot = index.first(asked);
            for (int at = index.entry(slot); at >= 0; at = index.entry(slot)) {
                assertThat(found.add(at)).as("seed %d: %d twice", seed, at).isTrue();
                slot = index.next(slot);
            }
            hashes.forEach((in, hash) -> {
                if (hash == asked) {
                    assertThat(found).as("seed %d", seed).contains(in);
                }
            });
            assertThat(hashes.keySet()).as("seed %d", seed).containsAll(found);
        }
    }
}
