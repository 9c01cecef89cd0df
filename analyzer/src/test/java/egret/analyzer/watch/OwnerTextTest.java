// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import org.junit.jupiter.api.Test;

class OwnerTextTest {
    @Test
    void marksWhatIsInferred() {
        assertThat(OwnerText.brief(Moments.DOCKERD)).isEqualTo("shop/web (swarm)");
        assertThat(OwnerText.brief(Moments.CURL)).isEqualTo("~runner-7 (docker)");
        assertThat(OwnerText.brief(Owner.UNKNOWN)).isEqualTo("unknown");
        assertThat(OwnerText.details(Moments.CURL)).contains("Known      inferred, by sock-diag");
        assertThat(OwnerText.details(Moments.DOCKERD)).contains("Known      exact, by bpf-connect");
    }

    @Test
    void namesAnOwnerWithoutAName() {
        assertThat(OwnerText.brief(new Owner(3, null, 1, null, null, Quality.EXACT, "tracefs")))
                .isEqualTo("unknown");
    }
}
