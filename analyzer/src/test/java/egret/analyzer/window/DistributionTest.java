// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import egret.analyzer.answer.Answer.Percentiles;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistributionTest {
    @Test
    void isEmptyWithoutValues() {
        assertThat(new Distribution(new Budget(1)).percentiles(1)).isEqualTo(new Percentiles(0, 0, 0, 0, 0));
    }

    @Test
    void isExactForAFew() {
        Distribution few = new Distribution(new Budget(1));
        for (int value = 1; value <= 10; value++) {
            few.add(value);
        }
        assertThat(few.percentiles(1000)).isEqualTo(new Percentiles(10, 5000, 9000, 10_000, 10_000));
    }

    @Test
    void countsSilenceAsZero() {
        Distribution rates = new Distribution(new Budget(1));
        rates.add(7);
        rates.addZeros(98);
        rates.add(9);
        assertThat(rates.percentiles(1)).isEqualTo(new Percentiles(100, 0, 0, 7, 9));
    }

    @Test
    void keepsTwoDigitsOfMany() {
        check(new Distribution(new Budget(1)), 0.02, 0.02);
    }

    @Test
    void keepsASamplePastTheBudget() {
        Budget none = new Budget(0);
        check(new Distribution(none), 0.35, 0.35);
        assertThat(none.refused()).isPositive();
    }

    private static void check(Distribution distribution, double tolerance, double tail) {
        long seed = 42;
        Random random = new Random(seed);
        int[] values = new int[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + (int) Math.exp(random.nextDouble() * 12);
            distribution.add(values[i]);
        }
        Arrays.sort(values);
        Percentiles percentiles = distribution.percentiles(1);
        assertThat(percentiles.count()).isEqualTo(values.length);
        assertThat(percentiles.max()).isEqualTo(values[9999]);
        // The values are spread over their logarithm, so that the error of a rank is one of the logarithm.
        assertThat(Math.log(percentiles.p50())).isCloseTo(Math.log(values[4999]), within(tolerance * 6));
        assertThat(Math.log(percentiles.p90())).isCloseTo(Math.log(values[8999]), within(tail * 6));
        assertThat(Math.log(percentiles.p99())).isCloseTo(Math.log(values[9899]), within(tail * 6));
    }
}
