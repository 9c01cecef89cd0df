// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.capture.count.Basis;
import egret.capture.count.RequestCount;

/** A sum of request counts that is added to in place. */
final class Requests {
    private long count;
    private long low;
    private long high;
    private Basis basis = Basis.EXACT;

    void add(RequestCount more) {
        count += more.count();
        low += more.low();
        high += more.high();
        if (more.basis().compareTo(basis) > 0) {
            basis = more.basis();
        }
    }

    long count() {
        return count;
    }

    RequestCount sum() {
        return new RequestCount(count, low, high, basis);
    }
}
