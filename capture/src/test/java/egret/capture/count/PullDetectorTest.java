// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PullDetectorTest {
    private static final long SECOND = 1_000_000_000L;

    private final PullDetector pulls = new PullDetector();

    /** Plain sizes of dockerd 20.10: ping, token, HEAD with a bearer token in two records. */
    @Test
    void takesThePingOfDockerdForTheBeginning() {
        assertThat(pulls.begins(true, true, 200, 0)).isTrue();
        assertThat(pulls.begins(false, true, 312, 1)).isFalse();
        assertThat(pulls.begins(true, true, 1186, 2)).isFalse();
    }

    @Test
    void countsAPullThatIsAnswered429AtOnceOnce() {
        assertThat(pulls.begins(true, true, 200, 0)).isTrue();
        assertThat(pulls.begins(true, true, 523, 1)).isFalse(); // HEAD without a token
        assertThat(pulls.begins(true, true, 545, 2)).isFalse(); // GET without a token
    }

    @Test
    void countsThePullsThatServicesOfOneDockerdBeginTogether() {
        assertThat(pulls.begins(true, true, 200, 0)).isTrue();
        assertThat(pulls.begins(true, true, 200, 1)).isTrue();
        assertThat(pulls.begins(true, true, 255, 2)).isTrue(); // asked by a docker command
    }

    @Test
    void foldsTheTwoBeginningsOfOtherClients() {
        assertThat(pulls.begins(true, false, 318, 0)).isTrue();
        assertThat(pulls.begins(false, false, 345, SECOND / 100)).isFalse();
        assertThat(pulls.begins(true, false, 318, SECOND / 10)).isFalse();
        assertThat(pulls.begins(true, false, 318, 3 * SECOND)).isTrue();
    }

    @Test
    void passesOverConnectionsWithoutARequestAndOfOtherServers() {
        assertThat(pulls.begins(true, true, 0, 0)).isFalse();
        assertThat(pulls.begins(false, true, 200, 0)).isFalse();
        assertThat(pulls.begins(true, false, 1186, 0)).isFalse();
    }

    @Test
    void doesNotStopAtAClockThatGoesBack() {
        assertThat(pulls.begins(true, false, 318, 5 * SECOND)).isTrue();
        assertThat(pulls.begins(true, false, 318, 0)).isTrue();
    }
}
