// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.flow.NameTable;
import org.junit.jupiter.api.Test;

class OtherCounterTest {
    @Test
    void sourcesOfWhichOnlyFailuresAreKnownAreAllCounted() {
        OtherCounter counter = new OtherCounter();
        for (int i = 0; i < 10_000; i++) {
            counter.failed(1, i);
        }
        assertThat(counter.rollUp(new NameTable()))
                .hasSize(10_000)
                .allSatisfy(other -> assertThat(other.failed()).isEqualTo(1));
    }

    @Test
    void sourcesThatComeAndGoForMonthsAreAllCounted() {
        OtherCounter counter = new OtherCounter();
        NameTable names = new NameTable();
        long connections = 0;
        for (int minute = 0; minute < 20; minute++) {
            for (int i = 0; i < 30_000; i++) {
                counter.connection(1, minute * 30_000L + i, 0);
            }
            for (SourceCounts.Other other : counter.rollUp(names)) {
                connections += other.connections();
                assertThat(other.source().high()).isEqualTo(1);
            }
        }
        assertThat(connections).isEqualTo(600_000);
        assertThat(counter.shed()).isZero();
    }
}
