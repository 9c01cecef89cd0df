// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.feed;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.capture.count.SourceCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalOrderTest {
    private final List<String> passed = new ArrayList<>();

    private IntervalOrder order(int graceSeconds) {
        return new IntervalOrder(
                graceSeconds,
                (counts, late) -> passed.add((counts.startSecond() - Intervals.START)
                        + counts.agent()
                        + counts.sequence()
                        + (late ? " late" : "")));
    }

    private static SourceCounts message(String agent, long sequence, long second) {
        return Intervals.message(agent, sequence, Intervals.START + second, List.of());
    }

    @Test
    void passesAtOnceWithoutGrace() {
        IntervalOrder order = order(0);
        order.accept(message("a", 0, 5));
        order.accept(message("a", 1, 6));
        assertThat(passed).containsExactly("5a0", "6a1");
    }

    @Test
    void sortsWhatComesWithinTheGrace() {
        IntervalOrder order = order(3);
        order.accept(message("b", 0, 5));
        order.accept(message("b", 1, 8));
        order.accept(message("a", 0, 5));
        assertThat(passed).isEmpty();
        order.accept(message("a", 9, 9));
        assertThat(passed).containsExactly("5a0", "5b0");
        order.flush();
        assertThat(passed).containsExactly("5a0", "5b0", "8b1", "9a9");
    }

    @Test
    void takesAMessageOnceHoweverOftenItComes() {
        IntervalOrder order = order(0);
        order.accept(message("a", 7, 5));
        order.accept(message("a", 7, 5));
        order.accept(message("a", 6, 5));
        order.accept(message("a", 6, 5));
        assertThat(passed).containsExactly("5a7", "5a6");
        assertThat(order.duplicates()).isEqualTo(2);
    }

    @Test
    void countsLateMessagesAndPassesThemAsSuch() {
        IntervalOrder order = order(1);
        order.accept(message("a", 0, 5));
        order.accept(message("a", 1, 9));
        order.accept(message("a", 2, 10));
        order.accept(message("a", 3, 11));
        order.accept(message("b", 0, 6));
        assertThat(passed).containsExactly("5a0", "9a1", "6b0 late");
        assertThat(order.late()).isEqualTo(1);
    }

    @Test
    void doesNotLetOneWrongClockMakeAllOthersLate() {
        IntervalOrder order = order(1);
        for (int i = 0; i < 50; i++) {
            order.accept(message("a", i, i));
            order.accept(message("wrong", i, 1_000_000 + i));
        }
        assertThat(order.late()).isZero();
        assertThat(order.future()).isEqualTo(50);
        assertThat(passed).hasSize(48);
        order.flush();
        assertThat(passed).hasSize(100);
    }

    @Test
    void jumpsOverAGapInTheTraffic() {
        IntervalOrder order = order(1);
        order.accept(message("a", 0, 0));
        for (int i = 1; i <= 20; i++) {
            order.accept(message("a", i, 100_000 + i));
        }
        assertThat(passed).hasSize(19).startsWith("0a0", "100001a1");
        assertThat(order.late()).isZero();
    }

    @Test
    void leavesNoTraceOfTheOrderOfArrival() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<SourceCounts> messages = new ArrayList<>();
        for (int second = 0; second < 200; second++) {
            for (String agent : List.of("a", "b", "c")) {
                messages.add(message(agent, second, second));
            }
        }
        IntervalOrder order = order(5);
        messages.forEach(order::accept);
        order.flush();
        List<String> expected = List.copyOf(passed);
        passed.clear();
        List<SourceCounts> shuffled = new ArrayList<>();
        while (!messages.isEmpty()) { // never further apart than the grace
            int at = 0;
            long earliest = messages.get(0).startSecond();
            int limit = 0;
            while (limit < messages.size() && messages.get(limit).startSecond() <= earliest + 5) {
                limit++;
            }
            at = random.nextInt(limit);
            shuffled.add(messages.remove(at));
        }
        IntervalOrder again = order(5);
        shuffled.forEach(again::accept);
        again.flush();
        assertThat(passed).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void remembersABoundedNumberOfSequences() {
        SeenSequences seen = new SeenSequences();
        assertThat(seen.first("a", "b", 10_000)).isTrue();
        assertThat(seen.first("a", "b", 10_000 - SeenSequences.REMEMBERED)).isFalse();
        assertThat(seen.first("a", "b", 10_001 - SeenSequences.REMEMBERED)).isTrue();
        assertThat(seen.first("a", "b", 10_001 - SeenSequences.REMEMBERED)).isFalse();
        assertThat(seen.first("a", "b", 1_000_000_000_000L)).isTrue();
        assertThat(seen.first("a", "b", 999_999_999_999L)).isTrue();
        assertThat(seen.first("a", "other", 10_000)).isTrue();
        assertThat(seen.first("a", "other", -1)).isFalse();
        for (int i = 0; i < 3 * SeenSequences.MAX_BOOTS; i++) {
            assertThat(seen.first("agent" + i, "b", 0)).isTrue();
        }
        assertThat(seen.first("a", "b", 10_000)).isTrue();
    }
}
