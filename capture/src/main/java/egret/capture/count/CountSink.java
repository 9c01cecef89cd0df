// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/** Takes the counts of each interval, in order, on the counting thread. */
@FunctionalInterface
public interface CountSink {
    void counts(SourceCounts counts);
}
