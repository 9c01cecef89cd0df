// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.pcap.RawPacket;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_700_000_000L * SECOND;
    private static final long TICK = SECOND / 20;

    private final LiveClock clock = new LiveClock(10);
    private final RawPacket packet = new RawPacket();
    private long wall = NOW;
    private long monotonic = -5;

    /** Time goes on; the machine's clock is set as well. */
    private long pass(long nanos, long step) {
        monotonic += nanos;
        wall += nanos + step;
        return clock.step(wall, monotonic);
    }

    private long quiet() {
        pass(TICK, 0);
        return clock.quiet(wall);
    }

    /** The time of a packet that is stamped now. */
    private long placed(long stamp) {
        clock.packets(stamp);
        packet.timestampNanos = stamp;
        clock.place(packet);
        return packet.timestampNanos;
    }

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

    @ParameterizedTest
    @ValueSource(longs = {2, 12, 300})
    void goesOnWithItsPacketsWhenTheClockIsSetBack(long seconds) {
        pass(TICK, 0);
        long before = quiet();
        assertThat(pass(TICK, -seconds * SECOND)).isEqualTo(-seconds * SECOND);
        assertThat(clock.ahead()).isEqualTo(seconds * SECOND);
        assertThat(placed(wall)).isEqualTo(before + clock.lag() + TICK);
        assertThat(placed(wall + seconds * SECOND - 1)).as("stamped before").isEqualTo(wall + seconds * SECOND - 1);
        assertThat(quiet()).isEqualTo(before + 2 * TICK);
        assertThat(clock.busy(wall, wall)).isEqualTo(before + 2 * TICK);
        assertThat(pass(TICK, seconds * SECOND)).isEqualTo(seconds * SECOND);
        assertThat(clock.ahead()).isZero();
        assertThat(placed(wall)).isEqualTo(wall);
    }

    @Test
    void followsTheFirstPacketsOfAClockThatIsSetBackByMore() {
        pass(TICK, 0);
        long before = quiet();
        assertThat(pass(TICK, -3600 * SECOND)).isEqualTo(-3600 * SECOND);
        assertThat(clock.ahead()).isZero();
        for (int i = 2; i < 12; i++) {
            assertThat(quiet()).isEqualTo(before + i * TICK);
        }
        assertThat(placed(wall)).isEqualTo(wall);
        assertThat(quiet()).isEqualTo(wall - clock.lag());
    }

    @Test
    void jumpsWithAClockThatIsSetForward() {
        pass(TICK, 0);
        quiet();
        assertThat(pass(TICK, 1000 * SECOND)).isEqualTo(1000 * SECOND);
        assertThat(quiet()).isEqualTo(wall - clock.lag());
        assertThat(placed(wall)).isEqualTo(wall);
    }

    @Test
    void takesSmallDifferencesForWhatTheyAre() {
        for (int i = 0; i < 1000; i++) {
            assertThat(pass(TICK, SECOND - 1)).isZero();
        }
        assertThat(clock.ahead()).isZero();
    }

    @Test
    void neverGoesBackByItself() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long last = Long.MIN_VALUE;
        for (int i = 0; i < 100_000; i++) {
            pass(random.nextInt((int) TICK), random.nextInt(100) == 0 ? random.nextLong() % (100 * SECOND) : 0);
            long time = clock.quiet(wall);
            assertThat(time).as("seed %d, step %d", seed, i).isGreaterThanOrEqualTo(last);
            last = time;
        }
    }
}
