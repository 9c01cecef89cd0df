// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GapTextTest {
    @Test
    void saysWhatIsMissingForWantOfAnEngine() {
        assertThat(GapText.shed("engine-failures", 1))
                .isEqualTo("A container engine went away or did not answer once:"
                        + " names of containers and services may be missing.");
        assertThat(GapText.shed("engine-events", 1_200)).startsWith("1,200 events of a container engine");
    }

    @Test
    void namesTablesThatWereFull() {
        assertThat(GapText.shed("owners", 7)).startsWith("Table owners was full: 7 of its entries");
    }
}
