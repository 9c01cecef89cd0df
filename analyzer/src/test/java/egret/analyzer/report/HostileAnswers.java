// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.report;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Client;
import egret.analyzer.answer.Answer.Finding;
import egret.analyzer.answer.Answer.Input;
import egret.analyzer.answer.Answer.InputFile;
import egret.analyzer.answer.Answer.InputInterface;
import egret.analyzer.answer.Answer.OtherSource;
import egret.analyzer.answer.Answer.OwnerCount;
import egret.analyzer.answer.Answer.PacketReference;
import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Source;
import egret.analyzer.answer.Answer.Top;
import egret.analyzer.answer.Answer.Watched;
import egret.capture.count.EvidenceGaps;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import java.util.List;
import java.util.Map;

/** Answers in which every text is an attack on the terminal. */
final class HostileAnswers {
    private static final String EVIL = "\u001b]0;owned\u0007\u001b[2J\r\n\u202egro.elpmaxe\u0000\u009b31m\ud800";

    private HostileAnswers() {}

    /** Every text that a capture or a user can bring is an attack on the terminal. */
    static Answer hostile() {
        String endless = "a".repeat(255);
        Source source = new Source(
                AnswerParts.address("10.0.1.11"),
                EVIL,
                List.of(),
                1.0,
                1.0,
                2,
                0,
                AnswerParts.exact(2),
                0,
                0,
                0,
                new Peak(2, Answers.START * Answers.NANOS, 60, false),
                Answers.START * Answers.NANOS,
                Answers.START * Answers.NANOS,
                null,
                Map.of(EVIL, 1L, endless, 1L),
                null,
                Answers.NOTHING,
                Answers.NOTHING,
                Answers.NOTHING,
                List.of(new Client(EVIL, EVIL, 2)),
                List.of(),
                List.of(new PacketReference(0, 1)),
                List.of(2L),
                List.of(),
                false,
                List.of());
        Watched watched = new Watched(
                EVIL,
                2,
                0,
                AnswerParts.exact(2),
                0,
                new Peak(2, Answers.START * Answers.NANOS, 60, true),
                null,
                Map.of(EVIL, 1L, endless, 1L),
                List.of(source),
                List.of(2L),
                List.of(),
                Answers.START,
                1,
                List.of(),
                List.of());
        Finding finding = new Finding(EVIL, EVIL + endless, null, null, 0, 0, EVIL, endless, false, List.of(EVIL));
        Alert alert = new Alert(
                EVIL,
                EVIL,
                EVIL,
                false,
                EVIL,
                Answers.START * Answers.NANOS,
                Answers.START * Answers.NANOS,
                1,
                1,
                60,
                List.of());
        EvidenceGaps gaps = new EvidenceGaps(
                2,
                0,
                Map.of(EVIL, 1L),
                2,
                1,
                0,
                0,
                0,
                0,
                Map.of(EVIL, 1L),
                0,
                Map.of(EVIL, 1L),
                EvidenceGaps.Coverage.NONE);
        Input input = new Input(
                List.of(new InputFile(EVIL, 2, 200, null, EVIL), new InputFile(endless.repeat(16), 0, 0, null, null)),
                List.of(),
                Answers.START * Answers.NANOS,
                Answers.START * Answers.NANOS,
                List.of(EVIL),
                false);
        return new Answer(
                input,
                List.of(watched),
                List.of(new OtherSource(AnswerParts.address("10.0.1.9"), 1, 0, Map.of(EVIL, 1L))),
                List.of(finding),
                List.of(alert),
                gaps);
    }

    /** What programs, containers and users call themselves is an attack too. */
    static Answer hostileOwners() {
        Owner owner = new Owner(
                1,
                new Owner.OwnerProcess(1, 0, EVIL, EVIL, 0, EVIL, List.of(EVIL)),
                1,
                new Owner.Container(EVIL, EVIL, EVIL, EVIL),
                new Owner.Service(EVIL, EVIL, EVIL),
                Quality.INFERRED,
                EVIL);
        Answer live = LiveAnswers.live();
        Watched watched = live.watched().get(0);
        List<Source> sources = List.of(AnswerParts.owned(
                watched.sources().get(0), List.of(new OwnerCount(owner, 1, 2, AnswerParts.exact(2)))));
        return new Answer(
                new Input(
                        List.of(),
                        List.of(new InputInterface(EVIL, EVIL, 1, 1, EVIL, EVIL)),
                        Answers.START * Answers.NANOS,
                        Answers.START * Answers.NANOS,
                        List.of(),
                        false),
                List.of(new Watched(
                        watched.endpoint(),
                        2,
                        0,
                        AnswerParts.exact(2),
                        0,
                        watched.peak(),
                        null,
                        Map.of(),
                        sources,
                        List.of(),
                        List.of(),
                        Answers.START,
                        1,
                        List.of(),
                        List.of())),
                List.of(),
                List.of(new Finding(EVIL, EVIL, null, owner, 0, 0, null, null, false, List.of())),
                List.of(new Alert(
                        EVIL,
                        EVIL,
                        EVIL,
                        true,
                        EVIL,
                        Answers.START * Answers.NANOS,
                        null,
                        1,
                        1,
                        60,
                        List.of(new Top(AnswerParts.address("10.0.1.11"), 1, owner, 1)))),
                new EvidenceGaps(
                        1,
                        1,
                        Map.of(),
                        1,
                        1,
                        0,
                        0,
                        0,
                        0,
                        Map.of(),
                        0,
                        Map.of(),
                        new EvidenceGaps.Coverage(0, Map.of(EVIL, 1L), Map.of(EVIL, 1L))));
    }
}
