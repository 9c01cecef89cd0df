// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.flow.Connection;
import egret.rules.Role;
import org.jspecify.annotations.Nullable;

/** What the counter keeps for a followed connection: its estimator, and what of its estimate was counted already. */
final class FollowedConnection {
    final RequestEstimator estimator = new RequestEstimator();

    @Nullable
    OpenRow row;

    Role role = Role.OTHER;
    boolean onePerConnection;
    boolean answered;
    private boolean pullChecked;
    private int count;
    private int low;
    private int high;

    void reset(OpenRow newRow) {
        estimator.reset();
        row = newRow;
        newRow.followed++;
        answered = false;
        pullChecked = false;
        count = 0;
        low = 0;
        high = 0;
    }

    /** The connection is over: its row may go. */
    void release() {
        OpenRow of = row;
        if (of != null) {
            of.followed--;
            row = null;
        }
    }

    /** Adds to the row what the estimate has changed by; false if it has not. */
    boolean settle(long nowNanos) {
        int newCount = estimator.count();
        int newLow = estimator.low();
        int newHigh = estimator.high();
        OpenRow to = row;
        if (to == null || (newCount == count && newLow == low && newHigh == high)) {
            return false;
        }
        to.requests(newCount - count, newLow - low, newHigh - high, estimator.basis(), nowNanos);
        count = newCount;
        low = newLow;
        high = newHigh;
        pull(to, nowNanos);
        return true;
    }

    /** Its first request tells whether it begins a pull. */
    private void pull(OpenRow to, long nowNanos) {
        if (!pullChecked && count > 0) {
            pullChecked = true;
            if (to.pulls.begins(role == Role.REGISTRY, onePerConnection, estimator.firstRequestSize(), nowNanos)) {
                to.pull(nowNanos);
            }
        }
    }

    static @Nullable FollowedConnection of(Connection connection) {
        return (FollowedConnection) connection.attachment;
    }
}
