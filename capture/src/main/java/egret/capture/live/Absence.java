// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/** How long all interfaces have been gone. One that comes back in time, as after a reconnect, is captured on. */
final class Absence {
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    private boolean absent;
    private long since;

    /** Whether to give up. */
    boolean over(boolean allGone, long nanoTime) {
        if (allGone && !absent) {
            since = nanoTime;
        }
        absent = allGone;
        return absent && nanoTime - since >= PATIENCE_NANOS;
    }

    static LiveOutcome outcome(String first, int interfaces) {
        return new LiveOutcome(
                false,
                interfaces == 1
                        ? "The interface " + first + " is gone."
                        : "All " + interfaces + " interfaces are gone, " + first + " among them.");
    }
}
