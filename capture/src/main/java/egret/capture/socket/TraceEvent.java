// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/** One event of the kernel's tracing, copied from its page: mutable, pooled by {@link TraceOrder}. */
final class TraceEvent {
    enum Kind {
        /** Events are missing from {@link TraceEvent#time} until {@link TraceEvent#until}. */
        GAP,
        STATE,
        NEW_TASK,
        EXECUTED,
        EXITED
    }

    Kind kind = Kind.GAP;

    /** CLOCK_MONOTONIC. */
    long time;

    long until;

    /** The thread that ran; of {@link Kind#EXITED} the one that ends. */
    int thread;

    /** Of {@link Kind#NEW_TASK} the new thread, of {@link Kind#EXECUTED} the number that the thread had before. */
    int other;

    /** A new task is a thread of the same process; the thread that ends is the last of its process. */
    boolean flag;

    String path = "";

    /** The address of the kernel's socket. */
    long socket;

    int oldState;
    int newState;
    int sourcePort;
    int destinationPort;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
}
