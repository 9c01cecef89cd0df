// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.BudgetUse.Likely;
import egret.analyzer.window.Streams.Stream;
import egret.rules.Client;
import egret.rules.Clients;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many of the pulls load something, so that a limit on pulls counts them. Clients that look first whether an image has
 * changed make {@value #CHECK} requests to find that it has not, which does not count; what they make beyond these is of pulls
 * that go on. Of other clients any pull may count.
 */
final class PullRequests {
    private static final int CHECK = 3; // the registry's first answer, the token, HEAD

    /** Fewer for each pull is not all that was made. */
    private static final double LEAST_SEEN = 0.8 * CHECK;

    /** So few more requests are of pulls whose beginning was not seen, or of other kinds. */
    private static final double NOTHING = 0.05;

    private long checked;
    private long checkedRequests;
    private long others;

    void add(Streams streams, Clients clients) {
        List<Stream> all = streams.all();
        for (int i = 0; i < all.size(); i++) {
            Stream stream = all.get(i);
            Client client = stream.client(clients);
            if (client != null && client.checksFirst()) {
                checked += stream.pulls;
                checkedRequests += stream.requests;
            } else {
                others += stream.pulls;
            }
        }
    }

    /**
     * Of so many pulls.
     *
     * @return null if all of them may count
     */
    @Nullable
    Likely likely(long pulls) {
        long more = checkedRequests - CHECK * checked;
        long loading = more < NOTHING * checked ? 0 : Math.min(checked, more);
        if (checked == 0 || loading == checked || checkedRequests < LEAST_SEEN * checked) {
            return null;
        }
        double share = (double) (others + loading) / (others + checked);
        return new Likely(Math.round(pulls * share), (double) checkedRequests / checked);
    }
}
