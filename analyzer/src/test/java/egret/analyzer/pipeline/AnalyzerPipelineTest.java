// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.pipeline;

import static egret.analyzer.Intervals.SECOND;
import static egret.analyzer.Intervals.START;
import static egret.analyzer.Intervals.steady;
import static org.assertj.core.api.Assertions.assertThat;

import egret.analyzer.Intervals;
import egret.analyzer.OwnerSamples;
import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputInterface;
import egret.capture.count.SourceCounts;
import egret.rules.Clients;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnalyzerPipelineTest {
    private static final Input INPUT =
            new Input(List.of(), List.of(), START * SECOND, (START + 120) * SECOND, List.of("10.0.0.0/8"), true);

    private static AnalyzerPipeline pipeline(int graceSeconds) {
        return new AnalyzerPipeline(Rules.builtin(), Clients.builtin(), graceSeconds);
    }

    private static List<SourceCounts> messages(Random random) {
        List<SourceCounts> messages = new ArrayList<>();
        for (int agent = 0; agent < 3; agent++) {
            Intervals intervals = new Intervals();
            for (int host = 0; host < 4; host++) {
                long[] millis = random.longs(800, 0, 120_000).toArray();
                intervals.hub("10.0." + agent + "." + host, millis);
            }
            intervals.hub("10.0.9.9", steady(40 + agent, 60, 10 + agent)); // one host that every agent sees a part of
            messages.addAll(intervals.messages("agent" + agent));
        }
        messages.sort((one, other) -> Long.compare(one.startSecond(), other.startSecond()));
        return messages;
    }

    @Test
    void givesTheSameAnswerInAnyOrderOfArrivalAndHoweverOften() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<SourceCounts> messages = messages(random);
        AnalyzerPipeline inOrder = pipeline(5);
        messages.forEach(inOrder::accept);
        Answer expected = inOrder.finish(INPUT);

        AnalyzerPipeline shuffled = pipeline(5);
        List<SourceCounts> left = new ArrayList<>(messages);
        int twice = 0;
        while (!left.isEmpty()) {
            int limit = 0;
            while (limit < left.size()
                    && left.get(limit).startSecond() <= left.get(0).startSecond() + 5) {
                limit++;
            }
            SourceCounts message = left.remove(random.nextInt(limit));
            shuffled.accept(message);
            if (random.nextInt(10) == 0) {
                shuffled.accept(message);
                twice++;
            }
        }
        Answer actual = shuffled.finish(INPUT);
        assertThat(actual).as("seed %d", seed).isEqualTo(expected);
        assertThat(shuffled.duplicates()).isEqualTo(twice);
        assertThat(shuffled.late()).isZero();
        assertThat(expected.watched().get(0).connections()).isEqualTo(3 * 4 * 800 + 60 * (10 + 11 + 12));
    }

    @Test
    void answersInBetweenWithoutDisturbingTheEnd() {
        List<SourceCounts> messages = messages(new Random(1));
        AnalyzerPipeline plain = pipeline(0);
        AnalyzerPipeline watched = pipeline(0);
        for (SourceCounts message : messages) {
            plain.accept(message);
            watched.accept(message);
            if (message.sequence() % 10 == 0) {
                assertThat(watched.current(INPUT).watched()).hasSize(1);
            }
        }
        assertThat(watched.finish(INPUT)).isEqualTo(plain.finish(INPUT));
    }

    @Test
    void tellsWhatCameTooLate() {
        AnalyzerPipeline pipeline = pipeline(1);
        new Intervals().hub("10.0.1.11", steady(50, 10, 5)).messages("a").forEach(pipeline::accept);
        new Intervals().hub("10.0.1.12", steady(0, 3, 5)).messages("b").forEach(pipeline::accept);
        Answer answer = pipeline.finish(INPUT);
        assertThat(answer.gaps().shed()).containsEntry("late-intervals", 3L);
        assertThat(answer.watched().get(0).connections()).isEqualTo(65);
        assertThat(answer.watched().get(0).peak().perMinute()).isEqualTo(50);
        assertThat(answer.findings().get(0).evidence())
                .contains("Late: 3 intervals are in the totals, but not in the rates.");
    }

    @Test
    void answersWithoutAnyMessage() {
        Answer answer = pipeline(0).finish(INPUT);
        assertThat(answer.watched()).isEmpty();
        assertThat(answer.findings()).hasSize(1);
        assertThat(answer.findings().get(0).title())
                .isEqualTo("No connection to a watched endpoint: 0 packets with 0 connections were read.");
    }

    private static Input live(long fromSecond, long toSecond) {
        return new Input(
                List.of(),
                List.of(new InputInterface("eth0", "host", 1, 0, "ring", "bpf-sock-ops")),
                fromSecond * SECOND,
                toSecond * SECOND,
                List.of(),
                true);
    }

    /** A message a minute from a host of its own, and an old burst. */
    private static AnalyzerPipeline runs(int hours) {
        AnalyzerPipeline pipeline = AnalyzerPipeline.live(Rules.builtin(), Clients.builtin(), 0);
        long sequence = 0;
        for (SourceCounts message :
                new Intervals().hub("10.9.9.9", steady(0, 60, 60)).messages()) {
            pipeline.accept(message);
            sequence++;
        }
        List<SourceCounts.Row> rows = new Intervals()
                .hub("10.0.1.11", steady(0, 1, 1))
                .messages()
                .get(0)
                .rows();
        for (int minute = 1; minute <= hours * 60; minute++) {
            pipeline.accept(Intervals.message("agent", sequence++, START + 60L * minute, rows));
        }
        return pipeline;
    }

    @Test
    void answersAboutAllSinceTheStartAtFirst() {
        Answer answer = runs(23).current(live(START, START + 23 * 3600));
        assertThat(answer.input().firstNanos()).isEqualTo(START * SECOND);
        assertThat(answer.watched().get(0).connections()).isEqualTo(3600 + 23 * 60);
        assertThat(answer.findings().get(0).title())
                .startsWith("10.9.9.9 makes over 99 % of 3,600 requests/min (now 1) to");
    }

    @Test
    void answersAboutTheLastHalfDayToDayInTheEnd() {
        Answer answer = runs(100).current(live(START, START + 100 * 3600));
        long since = answer.input().firstNanos() / SECOND - START;
        assertThat(since).isBetween(76L * 3600, 88L * 3600);
        assertThat(answer.watched().get(0).sources()).hasSize(1);
        assertThat(answer.watched().get(0).connections()).isEqualTo((100 * 3600 - since) / 60 + 1);
        assertThat(answer.watched().get(0).windows().get(3).now()).isEqualTo(360);
        assertThat(answer.findings().get(0).severity()).isEqualTo("info");
        assertThat(answer.alerts()).isNotEmpty(); // of which the log still tells
    }

    @Test
    void beginsAnewWhenTheClockIsSetBack() {
        AnalyzerPipeline pipeline = AnalyzerPipeline.live(Rules.builtin(), Clients.builtin(), 0);
        new Intervals().hub("10.0.1.11", steady(7200, 10, 1)).messages("a").forEach(pipeline::accept);
        new Intervals().hub("10.0.1.12", steady(0, 60, 60)).messages("b").forEach(pipeline::accept);

        Answer answer = pipeline.current(live(START, START + 60));
        assertThat(answer.watched().get(0).sources()).hasSize(1);
        assertThat(answer.watched().get(0).connections()).isEqualTo(51 * 60);
        assertThat(answer.alerts()).extracting(Answer.Alert::rule).contains("docker-hub-limit");
    }

    @Test
    void beginsAnewWhenTheClockIsSetForwardByDays() {
        AnalyzerPipeline pipeline = AnalyzerPipeline.live(Rules.builtin(), Clients.builtin(), 0);
        int later = 365 * 86_400;
        new Intervals().hub("10.0.1.11", steady(0, 10, 1)).messages("a").forEach(pipeline::accept);
        new Intervals().hub("10.0.1.12", steady(later, 60, 60)).messages("b").forEach(pipeline::accept);

        Answer answer = pipeline.current(live(START, START + later + 60));
        assertThat(answer.watched().get(0).connections()).isEqualTo(60 * 60);
        assertThat(answer.input().firstNanos()).isEqualTo((START + later) * SECOND);
        assertThat(answer.alerts()).extracting(Answer.Alert::rule).contains("docker-hub-limit");
    }

    @Test
    void alertsAreUpToDateAfterEachMessageAndResolvedInSilence() {
        AnalyzerPipeline pipeline = AnalyzerPipeline.live(Rules.builtin(), Clients.builtin(), 0);
        List<SourceCounts> messages = new Intervals()
                .by(OwnerSamples.dockerd())
                .hub("10.0.1.11", steady(0, 20, 60))
                .messages();
        for (SourceCounts message : messages) {
            pipeline.accept(message);
            boolean crossed = (message.startSecond() - START + 1) * 60 >= 1000;
            assertThat(pipeline.alerts().stream().anyMatch(alert -> alert.rule().equals("docker-hub-requests")))
                    .isEqualTo(crossed);
        }
        assertThat(pipeline.alerts().get(0).top().get(0).owner()).isEqualTo(OwnerSamples.dockerd());
        pipeline.time((START + 200) * SECOND);
        assertThat(pipeline.alerts()).noneMatch(Answer.Alert::firing);
    }
}
