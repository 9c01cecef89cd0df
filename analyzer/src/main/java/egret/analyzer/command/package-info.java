// SPDX-License-Identifier: Apache-2.0
/**
 * The command line.
 */
@NullMarked
package egret.analyzer.command;

import org.jspecify.annotations.NullMarked;
