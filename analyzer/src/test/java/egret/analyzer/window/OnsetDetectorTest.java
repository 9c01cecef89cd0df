// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class OnsetDetectorTest {
    private static final long BEGIN = 1_600_000_000L;
    private final OnsetDetector detector = new OnsetDetector(BEGIN);

    private void seconds(int from, int to, double rate, Random random) {
        for (int second = from; second < to; second++) {
            int count = poisson(rate, random);
            if (count > 0) {
                detector.add(BEGIN + second, count, (BEGIN + second) * Span.SECOND + 5);
            }
        }
    }

    private static int poisson(double rate, Random random) {
        int count = 0;
        for (double product = random.nextDouble(); product > Math.exp(-rate); product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    private long onset() {
        return Math.floorDiv(detector.nanos(), Span.SECOND) - BEGIN;
    }

    @Test
    void findsWhereASourceLeavesItsBaseline() {
        for (long seed = 1; seed <= 50; seed++) {
            OnsetDetectorTest fresh = new OnsetDetectorTest();
            Random random = new Random(seed);
            fresh.seconds(0, 300, 2, random);
            fresh.seconds(300, 400, 20, random);
            assertThat(fresh.detector.found()).as("seed %d", seed).isTrue();
            assertThat(fresh.onset()).as("seed %d", seed).isBetween(296L, 302L);
            assertThat(fresh.detector.atBegin()).isFalse();
        }
    }

    @Test
    void takesTheFirstPacketOfASourceThatComesLater() {
        seconds(100, 130, 30, new Random(1));
        assertThat(detector.nanos()).isEqualTo((BEGIN + 100) * Span.SECOND + 5);
        assertThat(detector.atBegin()).isFalse();
    }

    @Test
    void saysSoWhenTheBurstWasThereAtTheBeginning() {
        seconds(0, 3, 40, new Random(1));
        assertThat(detector.found()).isTrue();
        assertThat(onset()).isZero();
        assertThat(detector.atBegin()).isTrue();
    }

    @Test
    void leavesAQuietSourceAlone() {
        seconds(0, 3600, 0.1, new Random(1));
        assertThat(detector.found()).isFalse();
    }

    @Test
    void doesNotTakeOnePageForABurst() {
        detector.add(BEGIN + 50, 1, 0);
        detector.add(BEGIN + 100, 40, 0);
        detector.add(BEGIN + 101, 30, 0);
        detector.add(BEGIN + 160, 25, 0);
        assertThat(detector.found()).isFalse();
    }

    @Test
    void seesABurstThatComesInBatches() {
        detector.add(BEGIN + 10, 1, 0);
        for (int second = 100; second < 200; second += 5) {
            detector.add(BEGIN + second, 90, (BEGIN + second) * Span.SECOND);
        }
        assertThat(detector.found()).isTrue();
        assertThat(onset()).isEqualTo(100);
    }

    @Test
    void joinsServicesThatComeUpOneAfterTheOther() {
        Random random = new Random(3);
        seconds(0, 100, 0.5, random);
        for (int second = 100; second < 160; second++) {
            seconds(second, second + 1, second - 99, random);
        }
        seconds(160, 300, 60, random);
        assertThat(onset()).isBetween(98L, 106L);
    }

    @Test
    void takesTheHigherOfTwoBursts() {
        Random random = new Random(4);
        seconds(0, 100, 1, random);
        seconds(100, 130, 8, random);
        seconds(130, 600, 1, random);
        seconds(600, 660, 50, random);
        seconds(660, 900, 1, random);
        assertThat(onset()).isBetween(599L, 601L);
    }

    @Test
    void findsARiseOfASourceThatWasBusyFromTheBeginning() {
        Random random = new Random(5);
        seconds(0, 300, 10, random);
        seconds(300, 360, 80, random);
        assertThat(onset()).isBetween(299L, 301L);
        assertThat(detector.atBegin()).isFalse();
    }
}
