// SPDX-License-Identifier: Apache-2.0
/**
 * Windows: slots of one second, sliding windows, distributions, onset and cadence of every source.
 */
@NullMarked
package egret.analyzer.window;

import org.jspecify.annotations.NullMarked;
