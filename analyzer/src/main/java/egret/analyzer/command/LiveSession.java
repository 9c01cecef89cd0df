// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.watch.Status;
import egret.capture.count.CountSink;

/** One live capture, from its start to its stop, each of which comes once. */
interface LiveSession {
    /**
     * Begins to capture on a thread of the session's own, on which {@code sink} gets the counts of each second, and
     * returns when the interfaces are open. The sink never blocks.
     */
    void start(CountSink sink) throws LiveException;

    /**
     * Ends capturing and returns when the last counts were given to the sink, soon also when there is no traffic. Gives
     * back all that was opened, also when it was never started. Further calls do nothing.
     */
    void stop();

    /** How it is doing; asked by any thread, at any time, a few times a second. */
    Status status();
}
