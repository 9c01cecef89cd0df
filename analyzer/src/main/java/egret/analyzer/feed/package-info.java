// SPDX-License-Identifier: Apache-2.0
/**
 * Feed: puts the messages of the capturing half in order of packet time, each once.
 */
@NullMarked
package egret.analyzer.feed;

import org.jspecify.annotations.NullMarked;
