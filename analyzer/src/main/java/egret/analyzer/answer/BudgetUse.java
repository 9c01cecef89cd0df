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
 * @param seenSeconds how much of the window was seen: what came before is not in it
 * @param used within the window; of pulls, those that were begun
 * @param by sources, most first, of their use in the window; a few
 * @param runsOutNanos when it is used up if the pace of the last seconds (of pulls: minutes) holds; null if it is used up,
 *     does not run out, or too little was seen to tell
 * @param freesNanos if it is used up: for requests when the window holds less than the limit again if no more come, for
 *     pulls when the first of them leaves it; the remote side may block for longer. Null if it is not
 * @param note what is known of the limit
 * @param likely which of the pulls count, as far as that can be told; null where all of them may
 * @param told what the registry says of it itself, on which all figures then rest but the pace; null if it is what was seen
 */
public record BudgetUse(
        String limit,
        @Nullable IpAddress ip,
        int windowSeconds,
        int seenSeconds,
        long granted,
        long used,
        List<By> by,
        @Nullable Long runsOutNanos,
        @Nullable Long freesNanos,
        String note,
        @Nullable Likely likely,
        @Nullable PullLimit told) {

    public record By(IpAddress source, long used) {}

    /**
     * Pulls that likely count, at most: clients that look first whether an image has changed make more requests for one that
     * they load.
     *
     * @param requestsPerPull of such clients
     */
    public record Likely(long count, double requestsPerPull) {}

    public double share() {
        return granted == 0 ? 0 : (double) used / granted;
    }

    /** What likely counts. */
    public long counted() {
        return likely == null ? used : likely.count();
    }
}
