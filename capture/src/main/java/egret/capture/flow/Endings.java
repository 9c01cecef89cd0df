// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

import egret.capture.decode.Packet;

/** Ends connections: what they still hold is read, and the listener is told what became of them, once. */
final class Endings {
    /** Why nothing more comes of a connection. */
    enum Reason {
        RESET,
        /** Closed, replaced by another, or silent for long. */
        OVER,
        /** Only the capture ended. */
        CAPTURE_END
    }

    private final Pools pools;
    private final Introduction introduction;
    private final Follower follower;
    private final ConnectionListener listener;
    /** Stands for the packet when a connection ends by time or by the end of the capture. */
    private final Packet last = new Packet();

    Endings(Pools pools, Introduction introduction, Follower follower, ConnectionListener listener) {
        this.pools = pools;
        this.introduction = introduction;
        this.follower = follower;
        this.listener = listener;
    }

    void tick(long timestampNanos) {
        last.timestampNanos = timestampNanos;
    }

    Packet last() {
        return last;
    }

    /** Ends a live connection. */
    Told close(Connection connection, int stage, Reason reason) {
        Told told = Told.NAMED;
        if (stage == State.OPENING) {
            Introduction.Outcome outcome = introduction.finish(connection, last);
            if (outcome == Introduction.Outcome.COPY) {
                pools.recycle(connection);
                return told;
            }
            if (outcome == Introduction.Outcome.UNRECOGNISED || outcome == Introduction.Outcome.WAIT) {
                told = unread(connection, reason);
            }
        }
        follower.finish(connection, last.timestampNanos);
        passed(connection);
        return told;
    }

    private Told unread(Connection connection, Reason reason) {
        boolean silent = Introduction.silent(connection);
        if (silent && connection.told == Told.FAILED) {
            return Told.FAILED;
        }
        boolean refused = reason == Reason.RESET || (reason == Reason.OVER && !connection.answered);
        if (silent && refused && !connection.midStream) {
            failed(connection);
            return Told.FAILED;
        }
        unnamed(connection);
        return Told.UNNAMED;
    }

    void failed(Connection connection) {
        if (connection.told == Told.NOTHING) {
            introduction.nameByAddress(connection);
            listener.failed(connection);
        }
    }

    /** Whether a hello that still comes is of no interest. */
    boolean unnamed(Connection connection) {
        if (connection.told == Told.UNNAMED) {
            return false;
        }
        introduction.nameByAddress(connection);
        return listener.unnamed(connection);
    }

    /** Nothing more is read of it. */
    void passed(Connection connection) {
        listener.closed(connection);
        pools.recycle(connection);
    }
}
