// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderTest {
    private static final long NOW = Intervals.START * Intervals.SECOND;

    private static List<String> lines(int columns, Status.Notice... notices) {
        Status plain = Moments.status("eth0", 0);
        Status status = new Status(
                plain.interfaces(),
                plain.vantage(),
                plain.hidden(),
                plain.ownerMethod(),
                plain.inside(),
                plain.insideGuessed(),
                plain.evidence(),
                plain.writing(),
                List.of(notices),
                plain.firstNanos(),
                plain.nowNanos(),
                plain.running(),
                plain.failure());
        Moment moment = Moments.of(new Intervals(), 0, 1, status);
        return new Header(moment, ViewState.START, columns)
                .lines().stream().map(line -> line.text().stripTrailing()).toList();
    }

    @Test
    void showsTheLastNoticeForAMinute() {
        Status.Notice old = new Status.Notice(1, NOW - 90 * Intervals.SECOND, "eth1 is down");
        Status.Notice last = new Status.Notice(2, NOW - 59 * Intervals.SECOND, "eth0 is down");
        assertThat(lines(80, old, last)).contains("eth0 is down").doesNotContain("eth1 is down");
        assertThat(lines(80, old)).doesNotContain("eth1 is down");
    }

    @Test
    void makesANoticeHarmlessAndGivesItTwoLines() {
        Status.Notice notice = new Status.Notice(1, NOW, "eth0\u001b[31m is down; capture goes on when it is up again");
        assertThat(lines(40, notice)).contains("eth0\\x1b[31m is down; capture goes on", "when it is up again");
    }
}
