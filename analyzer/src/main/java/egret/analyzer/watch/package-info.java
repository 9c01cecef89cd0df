// SPDX-License-Identifier: Apache-2.0
/**
 * What is seen while capturing: a view on a terminal, or lines. What is drawn is a function of the moment and of what was
 * pressed; only {@code TerminalView} and {@code StopSignals} touch the machine, through JLine.
 */
@NullMarked
package egret.analyzer.watch;

import org.jspecify.annotations.NullMarked;
