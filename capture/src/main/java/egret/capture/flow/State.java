// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/** The state word of a slot in the {@link ConnectionTable}: the index of its connection, then the stage and flags. */
final class State {
    /** The client's first bytes have not named its server yet. */
    static final int OPENING = 0;
    /** The listener wants its records. */
    static final int FOLLOWED = 1;
    /** Nothing more is read of it, and it has no {@link Connection} any more; likewise a copy. */
    static final int PASSED = 2;

    static final int COPY = 3;

    static final long INDEX = 0xffff_ffffL;
    static final int STAGE_SHIFT = 32;
    static final long STAGE = 7L << STAGE_SHIFT;
    static final long CLIENT_REVERSED = 1L << 35;
    static final long CLIENT_FIN = 1L << 36;
    static final long SERVER_FIN = 1L << 37;
    /** Its bytes named nothing; a ClientHello may still come (STARTTLS, or a connection joined in mid-stream). */
    static final long SEARCHING = 1L << 38;
    /** The listener was told that it failed; its SYN may still be answered. */
    static final long FAILED = 1L << 39;

    static final long MID_STREAM = 1L << 40;

    private State() {}

    static int stage(long state) {
        return (int) (state >>> STAGE_SHIFT) & 7;
    }

    static int index(long state) {
        return (int) (state & INDEX);
    }

    /** Whether a connection object belongs to it. */
    static boolean live(long state) {
        return stage(state) <= FOLLOWED;
    }

    static long followed(long state) {
        return (state & ~STAGE) | ((long) FOLLOWED << STAGE_SHIFT);
    }

    static long passed(long state, long flags) {
        return (state & ~(STAGE | INDEX)) | ((long) PASSED << STAGE_SHIFT) | flags;
    }

    static long copy(long state) {
        return (state & ~(STAGE | INDEX)) | ((long) COPY << STAGE_SHIFT);
    }

    /** It is read again, by a new connection object. */
    static long reopened(long state, int index) {
        return (state & ~(STAGE | INDEX | SEARCHING | FAILED)) | index;
    }

    /** What the listener was told of a connection that is not live. */
    static Told told(long state) {
        if ((state & FAILED) != 0) {
            return Told.FAILED;
        }
        return (state & SEARCHING) != 0 ? Told.UNNAMED : Told.NAMED;
    }
}
