// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

/** How far the view has gone into the answer. */
enum Level {
    SOURCES,
    /** Who on one source. */
    OWNERS,
    /** What one owner connects to. */
    NAMES
}
