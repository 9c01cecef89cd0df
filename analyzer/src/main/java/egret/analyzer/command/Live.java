// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Machine;

/** Live capture as the commands know it: what can be captured here, and captures that are ready to start. */
interface Live {
    /**
     * Opens the interfaces and chooses how to capture and how to know owners; nothing is counted before {@link
     * LiveSession#start}. Whoever opens a session stops it.
     *
     * @throws LiveException if it cannot be done, as for want of permission
     * @throws UsageException if the request makes no sense, as a filter that does not compile
     */
    LiveSession open(LiveRequest request) throws LiveException, UsageException;

    /** Looks at the machine without changing it. */
    Machine machine();
}
