// SPDX-License-Identifier: Apache-2.0
/** Asks registries what they say of their own limits, when that is wanted: the only package that connects to anything. */
@NullMarked
package egret.analyzer.registry;

import org.jspecify.annotations.NullMarked;
