// SPDX-License-Identifier: Apache-2.0
/**
 * Counts: requests inside connections, and the counts of each source in one-second intervals.
 */
@NullMarked
package egret.capture.count;

import org.jspecify.annotations.NullMarked;
