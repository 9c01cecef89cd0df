// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TranslationTableTest {
    private final OriginalSource found = new OriginalSource();

    private static Tuple reply(int seen) {
        Tuple reply = new Tuple();
        reply.set(
                seen % 3 == 0 ? Tuple.UDP : Tuple.TCP,
                seen % 5 == 0 ? 0x2001_0db8_0000_0000L : 0,
                Tuple.ipv4(0xc633_6400 + seen % 7),
                443,
                0,
                Tuple.ipv4(0xcb00_7105),
                1024 + seen);
        return reply;
    }

    private static Tuple original(int client) {
        Tuple original = new Tuple();
        original.set(Tuple.TCP, 0, Tuple.ipv4(0x0a00_0000 + client), client & 0xffff, 0, Tuple.ipv4(0xc633_6400), 443);
        return original;
    }

    @Test
    void agreesWithASlowTable() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int largest = 256;
        TranslationTable table = new TranslationTable(largest);
        LinkedHashMap<Integer, int[]> slow = new LinkedHashMap<>();
        long millis = 0;
        long shed = 0;
        for (int step = 0; step < 50_000; step++) {
            millis += random.nextInt(random.nextInt(100) == 0 ? 200_000 : 500);
            int seen = random.nextInt(700);
            if (random.nextBoolean()) {
                int client = random.nextInt(1 << 20);
                table.put(original(client), reply(seen), millis);
                slow.remove(seen);
                slow.put(seen, new int[] {client, (int) millis});
            } else {
                int[] expected = slow.get(seen);
                boolean kept = table.find(reply(seen), millis, found);
                if (kept) {
                    assertThat(expected).as("seed %d step %d", seed, step).isNotNull();
                    assertThat(found.low).isEqualTo(Tuple.ipv4(0x0a00_0000 + expected[0]));
                    assertThat(found.port).isEqualTo(expected[0] & 0xffff);
                    assertThat(millis - expected[1]).isLessThanOrEqualTo(TranslationTable.LIFE_MILLIS);
                } else if (expected != null && millis - expected[1] <= TranslationTable.LIFE_MILLIS) {
                    shed++;
                    assertThat(newer(slow, seen))
                            .as("seed %d: only the oldest go", seed)
                            .isGreaterThan(largest / 4);
                }
            }
            assertThat(table.size()).isLessThanOrEqualTo(largest);
        }
        assertThat(shed).isPositive();
        assertThat(table.shed()).isPositive();
        assertThat(table.capacity()).isEqualTo(largest);
    }

    private static int newer(Map<Integer, int[]> slow, int seen) {
        int newer = 0;
        boolean passed = false;
        for (Iterator<Integer> keys = slow.keySet().iterator(); keys.hasNext(); ) {
            if (passed) {
                newer++;
            }
            passed |= keys.next() == seen;
        }
        return newer;
    }

    @Test
    void growsWithWhatIsYoungAndForgetsNothing() {
        TranslationTable table = new TranslationTable(1 << 15);
        Map<Integer, Integer> all = new HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            table.put(original(i), reply(i), 1);
            all.put(i, i);
        }
        for (int i : all.keySet()) {
            assertThat(table.find(reply(i), 2, found)).isTrue();
            assertThat(found.low).isEqualTo(Tuple.ipv4(0x0a00_0000 + i));
        }
        assertThat(table.shed()).isZero();
    }

    @Test
    void staysSmallWhenTheOldHaveHadTheirTime() {
        TranslationTable table = new TranslationTable(TranslationTable.LARGEST);
        for (int i = 0; i < 60_000; i++) {
            table.put(original(i), reply(i), i * (TranslationTable.LIFE_MILLIS / 1000));
        }
        assertThat(table.capacity()).isLessThanOrEqualTo(2048);
        assertThat(table.shed()).isZero();
    }

    @Test
    void disbelievesWhatWasPutBeforeNewsWasLost() {
        TranslationTable table = new TranslationTable(16);
        table.put(original(1), reply(1), 5);
        table.disbelieve(5);
        assertThat(table.find(reply(1), 6, found)).isFalse();
        table.put(original(2), reply(1), 6);
        assertThat(table.find(reply(1), 6, found)).isTrue();
        assertThat(found.low).isEqualTo(Tuple.ipv4(0x0a00_0002));
    }
}
