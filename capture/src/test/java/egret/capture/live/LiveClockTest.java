// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_700_000_000L * SECOND;
    private static final long TICK = SECOND / 20;

    private final LiveClock clock = new LiveClock(10);

    @Test
    void followsTheMachineBehindPacketsThatMayWait() {
        assertThat(clock.quiet(NOW)).isEqualTo(NOW - clock.lag());
        assertThat(clock.quiet(NOW + TICK)).isEqualTo(NOW + TICK - clock.lag());
    }

    @Test
    void underLoadItIsNotAheadOfThePacketsThatWait() {
        clock.packets(NOW - 5 * SECOND);
        assertThat(clock.busy(NOW - 5 * SECOND, NOW)).isEqualTo(NOW - 5 * SECOND);
        assertThat(clock.busy(NOW, NOW)).isEqualTo(NOW - clock.lag());
    }

    @Test
    void goesOnWhenTheMachinesClockIsSetBack() {
        long last = clock.quiet(NOW);
        long set = NOW - 3600 * SECOND;
        for (int i = 0; i < 10; i++) {
            long time = clock.quiet(set + i * TICK);
            assertThat(time).isEqualTo(last + i * TICK);
        }
        clock.packets(set + 11 * TICK);
        assertThat(clock.quiet(set + 12 * TICK)).isEqualTo(set + 12 * TICK - clock.lag());
    }

    @Test
    void jumpsWithTheClockAndForgetsAStepThatIsUndone() {
        clock.quiet(NOW);
        clock.quiet(NOW - 100 * SECOND);
        assertThat(clock.quiet(NOW + SECOND)).isEqualTo(NOW + SECOND - clock.lag());
        assertThat(clock.quiet(NOW + 1000 * SECOND)).isEqualTo(NOW + 1000 * SECOND - clock.lag());
    }

    @Test
    void neverGoesBackByItself() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long wall = NOW;
        long last = Long.MIN_VALUE;
        for (int i = 0; i < 100_000; i++) {
            wall += random.nextInt(100) == 0 ? (random.nextLong() % (100 * SECOND)) : random.nextInt((int) TICK);
            long time = clock.quiet(wall);
            assertThat(time).as("seed %d, step %d", seed, i).isGreaterThanOrEqualTo(last);
            last = time;
        }
    }
}
