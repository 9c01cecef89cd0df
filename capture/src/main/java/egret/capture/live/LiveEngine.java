// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/** What reads packets from interfaces; {@link LiveCapture} sees to threads. */
sealed interface LiveEngine extends AutoCloseable permits RingEngine, PcapEngine {
    LiveOutcome run(LiveListener listener);

    /** From any thread. */
    void stop();

    /** See {@link LiveCapture#attach}. */
    boolean attach(int interfaceIndex, long[] program);

    /** From any thread. */
    LiveStatistics statistics();

    String description();

    /** When nothing runs any more. */
    @Override
    void close();
}
