// SPDX-License-Identifier: Apache-2.0
/**
 * Attribution: says in words who is behind a burst, and why.
 */
@NullMarked
package egret.analyzer.attribution;

import org.jspecify.annotations.NullMarked;
