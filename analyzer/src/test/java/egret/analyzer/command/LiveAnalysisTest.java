// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.cause.Retries;
import egret.analyzer.watch.Moment;
import egret.analyzer.watch.Status;
import egret.capture.count.SourceCounts;
import egret.capture.evidence.Evidence;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LiveAnalysisTest {
    private static final long PATIENCE_NANOS = 20 * SECOND;

    private final AtomicLong now = new AtomicLong(START * SECOND);
    private final LiveAnalysis analysis =
            new LiveAnalysis(Rules.builtin(), Clients.builtin(), this::status, List::of, true);

    private Status status() {
        return new Status(
                List.of(),
                "",
                "",
                "",
                List.of(),
                true,
                List.of(),
                "",
                List.of(),
                START * SECOND,
                now.get(),
                true,
                null);
    }

    @Test
    void resolvesAlertsWhenNothingIsCountedAnyMore() throws InterruptedException {
        analysis.start();
        new Intervals().hub("10.0.1.11", Intervals.steady(0, 20, 60)).messages().forEach(analysis.sink()::counts);
        now.set((START + 20) * SECOND);
        assertThat(await(true)).isTrue();

        now.set((START + 200) * SECOND);
        assertThat(await(false)).isTrue();
        assertThat(analysis.finish().alerts()).isNotEmpty().noneMatch(Alert::firing);
    }

    /** On a NAT a log without host names may be anybody's. */
    @Test
    void knowsWhoseLogItIsIfThatIsSaid() throws InterruptedException {
        Retries retries = new Retries(1, 60);
        for (int i = 0; i < 20; i++) {
            retries.service("web" + i, true, 1000);
        }
        analysis.log(new LogFile("dockerd.log", Intervals.ip("10.0.1.11")));
        analysis.start();
        List<Evidence> said = retries.evidence;
        for (SourceCounts each : retries.wire(new Intervals(), "10.0.1.11").messages()) {
            analysis.sink().counts(each.with(said, new SourceCounts.Local("nat", List.of(Intervals.ip("10.0.0.1")))));
            said = List.of();
        }
        now.set((START + 60) * SECOND);
        Finding finding = analysis.finish().findings().get(0);
        assertThat(finding.culprits()).hasSize(20);
        assertThat(finding.evidence()).anyMatch(line -> line.startsWith("It was said that this is the host's log"));
    }

    /** Moments go on each second, with the answer as it was. */
    @Test
    void keepsItsAnswerWhereNoRatesAreShownAndNoLogSaysAnything() throws InterruptedException {
        LiveAnalysis quiet = new LiveAnalysis(Rules.builtin(), Clients.builtin(), this::status, List::of, false);
        quiet.start();
        new Intervals().hub("10.0.1.11", Intervals.steady(0, 20, 60)).messages().forEach(quiet.sink()::counts);
        now.set((START + 20) * SECOND);
        boolean kept = false;
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (Moment moment = quiet.latest(); !kept && System.nanoTime() < end; ) {
            Moment next = quiet.await(moment.number(), 1000);
            kept = next.number() > moment.number() && next.answer() == moment.answer();
            moment = next;
        }
        assertThat(kept).isTrue();
        assertThat(quiet.finish().watched().get(0).requests().count()).isEqualTo(20 * 60);
    }

    private boolean await(boolean firing) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        Moment moment = analysis.latest();
        while (moment.alerts().stream().anyMatch(Alert::firing) != firing && System.nanoTime() < end) {
            moment = analysis.await(moment.number(), 1000);
        }
        return moment.alerts().stream().anyMatch(Alert::firing) == firing;
    }
}
