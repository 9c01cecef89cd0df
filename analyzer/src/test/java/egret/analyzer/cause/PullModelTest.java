// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PullModelTest {
    private static final int TO = 60_000;

    /** Attempts of services that retry about every second, of which some pull before; times in ms. */
    private static final class World {
        final Random random;
        final long[] pulls;
        final long[] attempts;
        final int[] services;
        final boolean[] asks;

        World(long seed, int asking, int silent, int foreign, int lag) {
            random = new Random(seed);
            asks = new boolean[asking + silent];
            Arrays.fill(asks, 0, asking, true);
            long[] begun = new long[100_000];
            long[][] failed = new long[100_000][];
            int pulled = 0;
            int n = 0;
            for (int i = 0; i < asks.length; i++) {
                for (long at = random.nextInt(1000); at < TO; at += 1000 + random.nextInt(200)) {
                    if (asks[i]) {
                        begun[pulled++] = at;
                    }
                    failed[n++] = new long[] {at + lag + random.nextInt(150), i};
                }
            }
            for (int i = 0; i < foreign; i++) {
                begun[pulled++] = random.nextInt(TO);
            }
            pulls = Arrays.copyOf(begun, pulled);
            Arrays.sort(pulls);
            long[][] all = Arrays.copyOf(failed, n);
            Arrays.sort(all, (one, other) -> Long.compare(one[0], other[0]));
            attempts = new long[n];
            services = new int[n];
            for (int i = 0; i < n; i++) {
                attempts[i] = all[i][0];
                services[i] = (int) all[i][1];
            }
        }

        PullModel model() {
            return new PullModel(pulls, attempts, services, new double[asks.length], 0, TO);
        }

        int wrong(PullModel model) {
            int wrong = 0;
            for (int i = 0; i < asks.length; i++) {
                wrong += asks[i] == model.share(i) > 0.5 ? 0 : 1;
            }
            return wrong;
        }
    }

    @Test
    void findsThatAllServicesAsk() {
        for (long seed = 0; seed < 5; seed++) {
            World world = new World(seed, 20, 0, 0, 200);
            PullModel model = world.model();
            assertThat(world.wrong(model)).as("seed " + seed).isZero();
            assertThat(model.lagMillis()).as("seed " + seed).isBetween(200, 350);
        }
    }

    @Test
    void tellsServicesThatAskFromThoseThatDoNot() {
        int wrong = 0;
        for (long seed = 0; seed < 10; seed++) {
            World world = new World(seed, 6, 6, 0, 300);
            wrong += world.wrong(world.model());
        }
        assertThat(wrong).as("of 120").isLessThanOrEqualTo(2);
    }

    @Test
    void accusesNobodyWhenThePullsAreOthers() {
        for (long seed = 0; seed < 5; seed++) {
            World world = new World(seed, 0, 10, 30, 300);
            PullModel model = new PullModel(world.pulls, world.attempts, 0, TO);
            assertThat(model.gain(0)).as("seed " + seed).isLessThan(10);
        }
    }

    @Test
    void aLogThatGoesWithThePullsGainsMuch() {
        for (long seed = 0; seed < 5; seed++) {
            World world = new World(seed, 5, 5, 20, 300);
            PullModel model = new PullModel(world.pulls, world.attempts, 0, TO);
            assertThat(model.gain(0)).as("seed " + seed).isGreaterThan(14);
        }
    }

    @Test
    void clocksMayDiffer() {
        World world = new World(7, 5, 5, 0, -1200);
        PullModel model = world.model();
        assertThat(world.wrong(model)).isZero();
        assertThat(model.lagMillis()).isBetween(-1250, -1000);
    }

    @Test
    void whatIsKnownIsNotJudged() {
        World world = new World(3, 4, 4, 0, 200);
        double[] odds = new double[8];
        odds[0] = -1000;
        odds[7] = 1000;
        PullModel model = new PullModel(world.pulls, world.attempts, world.services, odds, 0, TO);
        assertThat(model.share(0)).isZero();
        assertThat(model.share(7)).isEqualTo(1);
    }

    @Test
    void nothingIsNoTrouble() {
        PullModel model = new PullModel(new long[0], new long[0], new int[0], new double[2], 0, 0);
        assertThat(model.share(0)).isZero();
        assertThat(new PullModel(new long[] {5}, new long[0], 0, 10).gain(0)).isLessThan(1);
    }
}
