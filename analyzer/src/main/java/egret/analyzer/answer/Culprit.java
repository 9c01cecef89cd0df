// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.answer;

import org.jspecify.annotations.Nullable;

/**
 * What a log says of one service whose tasks fail, joined with what the wire shows of its pulls.
 *
 * @param service swarm's id, a pod as namespace/name; "" if the log names an image only
 * @param name as people know it; "" if it is not known
 * @param image as it is asked for; "" if it is not known
 * @param attempts in the time that the captures cover
 * @param requests that these made; 0 for a service that asks nobody
 * @param share of its source's requests
 * @param pinned whether its image is pinned to a digest, null if that is not known
 * @param problem why it fails, a word such as bind-source-missing
 * @param pullProblem likewise why its pulls fail, such as not-found; "" if they do not, or hardly ever
 * @param detail the daemon's own words for it
 * @param periodSeconds median time from attempt to attempt, 0 if there is only one
 * @param confidence 0 to 1, of this being behind the requests, or of it not being
 * @param log file that tells of it
 * @param line of the log where it first fails
 * @param lastLine where it last does
 * @param firstNanos time of the first
 */
public record Culprit(
        String service,
        String name,
        String image,
        long attempts,
        long requests,
        double share,
        @Nullable Boolean pinned,
        String problem,
        String pullProblem,
        String detail,
        double periodSeconds,
        double confidence,
        String log,
        long line,
        long lastLine,
        long firstNanos) {

    /** The name, else the id, else the image. */
    public String shown() {
        return !name.isEmpty() ? name : !service.isEmpty() ? service : image;
    }
}
