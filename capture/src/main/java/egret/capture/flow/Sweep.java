// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/**
 * Takes connections out of the table that nothing more is expected of: once a second of packet time, and when the table is
 * full. Its work is bounded by what was put in and by the seconds that went by, also when time jumps forth and back.
 */
final class Sweep {
    /** A SYN without an answer counts as failed after so long without another; the connection may still come. */
    static final int UNANSWERED_SECONDS = 16;

    /** Clients of registries keep idle connections for 30 to 120 s. */
    static final int IDLE_SECONDS = 300;

    /** Slots that a tick pays for when its second, or a later one, was swept before. */
    private static final int SLOTS_PER_TICK = 512;

    /** Whatever its stage. */
    private static final int ANY = State.COPY;

    private final ConnectionTable table;
    private final ConnectionTracker tracker;
    private int second;
    /** The latest that was swept; only a later one is swept for nothing. */
    private int swept;

    private boolean begun;
    private long paid;
    private long shed;

    Sweep(ConnectionTable table, ConnectionTracker tracker) {
        this.table = table;
        this.tracker = tracker;
    }

    /** Packet time is in this second now. */
    void tick(int now) {
        int ahead = begun ? now - second : 0;
        second = now;
        if (!begun) {
            begun = true;
            swept = now;
            return;
        }
        if (ahead > IDLE_SECONDS) {
            return; // A silence or a broken clock: the next tick tells.
        }
        paid += SLOTS_PER_TICK;
        if (now - swept > 0 || paid >= table.end() / ConnectionTable.STRIDE) {
            paid = 0;
            if (now - swept > 0) {
                swept = now;
            }
            sweep();
        }
    }

    /** Connections given up because the table was full. */
    long shed() {
        return shed;
    }

    private void sweep() {
        for (int at = 0; at < table.end(); ) {
            int idle = table.occupied(at) ? second - (int) table.times(at) : 0;
            if (idle > IDLE_SECONDS) {
                tracker.remove(at);
                continue;
            }
            if (idle > UNANSWERED_SECONDS && State.stage(table.state(at)) == State.OPENING) {
                tracker.giveUp(at);
            } else if (idle < -IDLE_SECONDS) {
                table.seen(at, second); // A clock was set back since.
            }
            at += ConnectionTable.STRIDE;
        }
        table.shrink();
    }

    /**
     * Gives up connections until an eighth of the table is free: first attempts that nobody answered, of which a flood
     * makes any number, then what is not read any more, the longest idle first, then all.
     */
    void makeRoom() {
        int goal = ConnectionTable.MAX_CONNECTIONS * 7 / 8;
        int before = table.size();
        for (int idle = UNANSWERED_SECONDS / 4; table.size() > goal && idle >= 0; idle -= 2) {
            expire(idle - 1, State.OPENING, State.OPENING);
        }
        for (int idle = IDLE_SECONDS / 2; table.size() > goal && idle > 0; idle /= 4) {
            expire(idle, State.PASSED, State.COPY);
        }
        if (table.size() > goal) {
            expire(Integer.MIN_VALUE, State.PASSED, State.PASSED);
        }
        for (int idle = IDLE_SECONDS / 2; table.size() > goal && idle > 0; idle /= 4) {
            expire(idle, State.OPENING, ANY);
        }
        if (table.size() > goal) {
            expire(Integer.MIN_VALUE, State.OPENING, ANY);
        }
        shed += before - table.size();
    }

    /** Of OPENING alone, those without an answer. */
    private void expire(int idleSeconds, int fromStage, int toStage) {
        for (int at = 0; at < table.end(); ) {
            if (table.occupied(at) && second - (int) table.times(at) > idleSeconds) {
                long state = table.state(at);
                int stage = State.stage(state);
                if (stage >= fromStage && stage <= toStage && (toStage != State.OPENING || !tracker.answered(state))) {
                    tracker.remove(at);
                    continue;
                }
            }
            at += ConnectionTable.STRIDE;
        }
    }
}
