// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

/** One way to learn which process opened which socket. Used by one thread. */
public interface SocketSource extends AutoCloseable {
    /** As in {@link egret.capture.origin.Owner}. */
    String method();

    /** Hands on what happened since the last call. Never blocks. Called before packets are looked at, each 10 ms or so. */
    void poll(SocketEvents events);

    /**
     * A connection was seen to begin: a source that must ask, asks now and tells what it learns. Others do nothing.
     *
     * @param seen its addresses and ports are filled; the source may fill in the rest and hand it on
     */
    default void opened(SocketEvent seen, SocketEvents events) {}

    /** Events that the kernel could not deliver so far. */
    long lost();

    /** Why it tells nothing any more, for good, in a sentence; "" while all is well. Asked some times a second. */
    default String silence() {
        return "";
    }

    @Override
    void close();
}
