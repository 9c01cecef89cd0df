// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer;
import egret.analyzer.inspect.Inspection;

/** The offline pipeline behind the commands. */
final class OfflineAnalysis implements Analysis {
    @Override
    public Answer analyze(AnalyzeRequest request, Progress progress) {
        throw new UnsupportedOperationException("reading captures is not wired to the commands");
    }

    @Override
    public Inspection inspect(String file, Progress progress) {
        throw new UnsupportedOperationException("reading captures is not wired to the commands");
    }
}
