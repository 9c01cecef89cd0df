// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.capture.count.SourceCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void recentKeepsTwoMinutesAndNotMoreRowsThanAreShown() {
        Recent recent = new Recent();
        for (SourceCounts counts :
                new Intervals().hub("10.0.0.1", Intervals.steady(0, 300, 1)).messages()) {
            recent.add(counts);
        }
        List<Beat> beats = recent.until(Intervals.START + 299);
        assertThat(beats).hasSize(Recent.SECONDS);
        assertThat(beats.get(0).second()).isEqualTo(Intervals.START + 180);
        assertThat(recent.until(Intervals.START + 1000)).isEmpty();

        Intervals crowd = new Intervals();
        for (int host = 0; host < 2000; host++) {
            crowd.hub("10.1." + host / 250 + "." + host % 250, 1);
        }
        recent.add(crowd.messages().get(0));
        assertThat(recent.until(Intervals.START).get(0).parts()).hasSize(Beat.MOST_PARTS);
    }

    @Test
    void aMinuteIsDrawnInWholeParts() {
        for (int columns = 1; columns < 100; columns++) {
            int seconds = Spark.secondsPerCell(columns);
            assertThat(Spark.SECONDS % seconds).isZero();
            assertThat(Spark.SECONDS / seconds).isLessThanOrEqualTo(columns);
        }
        Moment moment = Moments.incident();
        Tally tally = Tallies.bySource(moment, "docker-hub").get(Intervals.ip("10.0.1.13"));
        assertThat(tally.cells(12)).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
        assertThat(tally.requests(60)).isEqualTo(1);
        assertThat(tally.requests(120)).isEqualTo(2);
    }

    @Test
    void theFirstSignalAsksAndTheSecondEnds() {
        AtomicInteger asked = new AtomicInteger();
        List<String> ended = new ArrayList<>();
        StopSignals signals = new StopSignals(asked::incrementAndGet, () -> ended.add("now"));

        signals.received();
        assertThat(asked).hasValue(1);
        assertThat(ended).isEmpty();
        signals.received();
        assertThat(asked).hasValue(1);
        assertThat(ended).hasSize(1);
    }
}
