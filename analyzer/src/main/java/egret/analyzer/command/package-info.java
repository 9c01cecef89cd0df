// SPDX-License-Identifier: Apache-2.0
/**
 * The command line. Data goes to standard output, talk and progress to standard error.
 */
@NullMarked
package egret.analyzer.command;

import org.jspecify.annotations.NullMarked;
