// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.feed;

import egret.capture.count.SourceCounts;

/** What takes the intervals, in ascending order of their start. */
public interface IntervalSink {
    /**
     * @param late came after later intervals had been passed on: it may be added to totals, but not to anything that
     *     depends on order
     */
    void interval(SourceCounts counts, boolean late);
}
