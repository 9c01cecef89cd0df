// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import java.util.List;

/**
 * All there is to see at one time: immutable, made by the thread that analyzes and read by the one that draws.
 *
 * @param number counts moments from 1
 * @param nowNanos end of the last complete second
 * @param alerts may be newer than those of the answer
 * @param beats the last {@value Recent#SECONDS} seconds, oldest first
 */
public record Moment(long number, long nowNanos, Answer answer, List<Alert> alerts, List<Beat> beats, Status status) {
    public Moment {
        alerts = List.copyOf(alerts);
        beats = List.copyOf(beats);
    }
}
