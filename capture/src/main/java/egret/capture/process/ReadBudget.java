// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

/**
 * How many processes may be looked at in a second: {@value #READS} for a connection, and {@value #PROGRAMS} that execute
 * something, most of which connect to nothing. One beyond is counted, and known only by what events tell.
 */
final class ReadBudget {
    static final int READS = 300;

    /** At 20 to 60 µs each, a hundredth of a core. */
    static final int PROGRAMS = 200;

    private static final long SECOND = 1_000_000_000L;

    private long second;
    private int readsLeft = READS;
    private int programsLeft = PROGRAMS;
    private long refused;

    boolean read(long nowNanos) {
        turnTo(nowNanos);
        if (readsLeft == 0) {
            refused++;
            return false;
        }
        readsLeft--;
        return true;
    }

    /** Programs that connect to nothing must not use up what connections need. */
    boolean readProgram(long nowNanos) {
        turnTo(nowNanos);
        if (programsLeft == 0) {
            refused++;
            return false;
        }
        programsLeft--;
        return true;
    }

    private void turnTo(long nowNanos) {
        long now = Math.floorDiv(nowNanos, SECOND);
        if (now != second) {
            second = now;
            readsLeft = READS;
            programsLeft = PROGRAMS;
        }
    }

    long refused() {
        return refused;
    }
}
