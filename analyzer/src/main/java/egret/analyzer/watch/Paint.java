// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

/** How a run of text looks, by what it means. */
enum Paint {
    PLAIN,
    /** What is there to be found, not to be read. */
    FAINT,
    STRONG,
    /** Titles of columns. */
    TITLE,
    GOOD,
    WARNING,
    CRITICAL,
    /** The line under the cursor. */
    SELECTED
}
