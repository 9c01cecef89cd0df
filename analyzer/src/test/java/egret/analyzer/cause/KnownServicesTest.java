// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import static org.assertj.core.api.Assertions.assertThat;

import egret.capture.evidence.Evidence;
import egret.capture.evidence.Evidence.Kind;
import egret.capture.evidence.Problem;
import org.junit.jupiter.api.Test;

class KnownServicesTest {
    private final KnownServices known = new KnownServices();

    private static Evidence named(String id, String name, String image) {
        return new Evidence(1, Kind.SERVICE, "", id, name, image, Problem.NONE, "", 1, new int[0], "docker.sock", 0);
    }

    @Test
    void whoTellsTheImageTooGoesBeforeWhoDoesNot() {
        known.add(named("a", "web", ""));
        Evidence whole = named("a", "web", "example/app:1");
        known.add(whole);
        known.add(named("a", "web", ""));
        assertThat(known.of("a")).isSameAs(whole);
        assertThat(known.of("b")).isNull();
    }

    @Test
    void countsWhatFindsNoRoom() {
        for (int i = 0; i < KnownServices.MOST + 2; i++) {
            known.add(named("id" + i, "web", "example/app:1"));
        }
        known.add(named("id0", "web", "example/app:2"));
        assertThat(known.shed()).isEqualTo(2);
        assertThat(known.of("id" + KnownServices.MOST)).isNull();
    }
}
