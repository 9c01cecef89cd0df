// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import egret.analyzer.answer.Answer.Cadence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CadenceSearchTest {
    private static final double SERVICE = 0.05; // share of the period that a try takes on average

    /** Loops that wait a period with jitter after each try, over Poisson noise. */
    private static long[] loops(int loops, double period, double jitter, double seconds, double noise, Random random) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            for (double at = random.nextDouble() * period; at < seconds; ) {
                times.add((long) (at * 1000));
                at += period * (1 + jitter * random.nextGaussian()) + period * SERVICE * (0.5 + random.nextDouble());
            }
        }
        for (double at = gap(noise, random); at < seconds; at += gap(noise, random)) {
            times.add((long) (at * 1000));
        }
        return ascending(times);
    }

    private static double gap(double rate, Random random) {
        return rate == 0 ? Double.MAX_VALUE : -Math.log(1 - random.nextDouble()) / rate;
    }

    private static long[] ascending(List<Long> times) {
        return times.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 0, 60",
        "1, 1, 0.05, 60",
        "1, 5, 0, 60",
        "3, 1, 0.1, 60",
        "3, 5, 0, 60",
        "10, 1, 0, 60",
        "10, 1, 0.1, 60",
        "10, 5, 0.05, 120",
        "30, 1, 0, 60",
        "30, 1, 0.05, 60",
        "30, 1, 0.1, 60",
        "30, 1, 0.15, 120",
        "30, 5, 0, 120",
        "30, 5, 0.05, 120",
        "100, 1, 0.05, 60",
        "100, 5, 0, 120",
        "100, 5, 0.05, 120"
    })
    void findsPeriodAndNumberOfLoops(int loops, double period, double jitter, double seconds) {
        int right = 0;
        for (long seed = 1; seed <= 10; seed++) {
            Cadence cadence =
                    CadenceSearch.in(loops(loops, period, jitter, seconds, 0.05 * loops / period, new Random(seed)));
            if (cadence != null && cadence.confidence() >= 0.3) {
                double real = period * (1 + SERVICE);
                boolean near = Math.abs(cadence.periodSeconds() - real) < 0.1 * real;
                boolean counted = Math.abs(cadence.loops() - loops) <= Math.max(2, 0.15 * loops);
                right += near && counted ? 1 : 0;
            }
        }
        assertThat(right).isGreaterThanOrEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"0.3, 60", "1, 2", "1, 60", "5, 2", "5, 10", "5, 120", "50, 2", "50, 10", "50, 60"})
    void seesNoLoopsInChance(double rate, double seconds) {
        int wrong = 0;
        for (long seed = 1; seed <= 30; seed++) {
            Cadence cadence = CadenceSearch.in(loops(0, 1, 0, seconds, rate, new Random(seed)));
            wrong += cadence != null && cadence.confidence() >= 0.3 ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 60", "3, 2", "3, 60", "3, 300", "10, 60", "10, 300", "30, 300"})
    void seesNoLoopsInPeople(double secondsBetweenPages, double seconds) {
        int wrong = 0;
        for (long seed = 1; seed <= 30; seed++) {
            Random random = new Random(seed);
            List<Long> times = new ArrayList<>();
            for (double page = gap(1 / secondsBetweenPages, random);
                    page < seconds;
                    page += gap(1 / secondsBetweenPages, random)) {
                int requests = 1 + random.nextInt(15);
                for (int i = 0; i < requests; i++) {
                    times.add((long) ((page + gap(1.5, random)) * 1000));
                }
            }
            Cadence cadence = CadenceSearch.in(ascending(times));
            wrong += cadence != null && cadence.confidence() >= 0.3 ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo(1);
    }

    @Test
    void doesNotTakeAScheduleForARetry() {
        Random random = new Random(1);
        for (int every : new int[] {60, 300}) {
            List<Long> times = new ArrayList<>();
            for (int run = 0; run < 12; run++) {
                for (int i = 0; i < 8; i++) {
                    times.add(run * every * 1000L + i * 50 + random.nextInt(1000));
                }
            }
            Cadence cadence = CadenceSearch.in(ascending(times));
            assertThat(cadence == null ? 0 : cadence.confidence()).isLessThan(0.3);
        }
    }

    @Test
    void seesFewEvenArrivalsAsOneLoop() {
        Cadence cadence = CadenceSearch.in(new long[] {0, 5010, 10_000, 15_040, 20_030});
        assertThat(cadence).isNotNull();
        assertThat(cadence.periodSeconds()).isCloseTo(5.0, within(0.05));
        assertThat(cadence.loops()).isEqualTo(1);
        assertThat(cadence.confidence()).isBetween(0.3, 0.6);
    }

    @Test
    void needsFourArrivals() {
        assertThat(CadenceSearch.in(new long[] {0, 1000, 2000})).isNull();
        assertThat(CadenceSearch.in(new long[] {5, 5, 5, 5, 5, 5, 5, 5, 5})).isNull();
    }

    /** Swarm starts its tasks in batches: two seconds of them are enough for a guess. */
    @Test
    void guessesThePeriodFromTwoSecondsOfBatches() {
        for (long seed = 1; seed <= 10; seed++) {
            Random random = new Random(seed);
            List<Long> times = new ArrayList<>();
            for (int service = 0; service < 30; service++) {
                double batch = service < 18 ? 300 : 500;
                for (double at = batch + random.nextInt(80); at < 2000; at += 1000 + random.nextInt(60)) {
                    times.add((long) at);
                }
            }
            Cadence cadence = CadenceSearch.in(ascending(times));
            assertThat(cadence).as("seed %d", seed).isNotNull();
            assertThat(cadence.periodSeconds()).as("seed %d", seed).isCloseTo(1.03, within(0.15));
            assertThat(cadence.confidence()).isLessThanOrEqualTo(0.5);
            assertThat(cadence.loops()).isBetween(20, 33);
        }
    }

    @Test
    void looksAtTheDensestTwoMinutesOfALongTime() {
        Random random = new Random(7);
        List<Long> times = new ArrayList<>();
        for (long at : loops(0, 1, 0, 7200, 0.05, random)) {
            times.add(at);
        }
        for (long at : loops(20, 2, 0.05, 100, 0, random)) {
            times.add(3_000_000 + at);
        }
        Cadence cadence = CadenceSearch.in(ascending(times));
        assertThat(cadence).isNotNull();
        assertThat(cadence.periodSeconds()).isCloseTo(2.1, within(0.1));
    }
}
