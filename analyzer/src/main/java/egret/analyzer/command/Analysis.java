// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer;
import egret.analyzer.inspect.Inspection;

/**
 * Captures in, answers out: what the commands know of the pipeline. Files that cannot be read are told by the result, not by
 * an exception.
 */
interface Analysis {
    Answer analyze(AnalyzeRequest request, Progress progress);

    /** @param file a path, "-" for standard input */
    Inspection inspect(String file, Progress progress);
}
