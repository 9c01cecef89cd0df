// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/**
 * Somebody set the machine's clock while packets were captured.
 *
 * @param nanos by how much; less than 0 if it was set back
 * @param aheadNanos how far the times of packets are ahead of that clock from here on, in whole seconds; 0 if they follow it
 */
public record ClockStep(long nanos, long aheadNanos) {
    /** A sentence for people. */
    public String sentence() {
        String seconds = Math.round(Math.abs(nanos) / 1e9) + " s";
        if (nanos > 0) {
            return "The machine's clock was set forward by " + seconds + ", or it slept; times follow.";
        }
        return "The machine's clock was set back by " + seconds
                + (aheadNanos > 0
                        ? "; times go on and are " + aheadNanos / 1_000_000_000L + " s ahead of it."
                        : "; times follow, and counting begins anew.");
    }
}
