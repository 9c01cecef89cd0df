// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.answer;

import egret.rules.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of what an endpoint grants one egress address is used, as of the last packet.
 *
 * @param limit abuse, on all requests, or pull, on image pulls
 * @param ip the egress address, null if it was not seen
 * @param windowSeconds within which so much is granted
 * @param used within the window; for pulls at most so much, as those of images that are up to date are not counted
 * @param by sources, most first, of their use in the window (of pulls: in all the time that was seen); a few
 * @param runsOutNanos when it is used up if the pace of the last seconds holds; null if it is used up, or does not run out
 * @param freesNanos when the window begins to free if it is used up; the remote side may block for longer. Null if it is not
 * @param note what is known of the limit
 */
public record BudgetUse(
        String limit,
        @Nullable IpAddress ip,
        int windowSeconds,
        long granted,
        long used,
        List<By> by,
        @Nullable Long runsOutNanos,
        @Nullable Long freesNanos,
        String note) {

    public record By(IpAddress source, long used) {}

    public double share() {
        return granted == 0 ? 0 : (double) used / granted;
    }
}
