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
    void saysHowToTellWhoseALogIs() {
        assertThat(GapText.shed("unclaimed-failures", 449))
                .isEqualTo(
                        "449 failures that logs tell of could not be joined with the requests of any source: whose log"
                                + " it is, --log ADDRESS=FILE says.");
    }

    @Test
    void namesTablesThatWereFull() {
        assertThat(GapText.shed("owners", 7)).startsWith("Table owners was full: 7 of its entries");
    }
}
