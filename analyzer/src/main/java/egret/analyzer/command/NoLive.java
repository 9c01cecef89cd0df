// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Machine;
import java.util.List;

/** For builds without live capture. */
final class NoLive implements Live {
    private static final String WHY = "this build of Egret reads captures only";

    @Override
    public LiveSession open(LiveRequest request) throws LiveException {
        throw new LiveException(WHY);
    }

    @Override
    public Machine machine() {
        return new Machine(List.of(), List.of(), List.of(), List.of(new Machine.Missing(WHY, "")));
    }
}
