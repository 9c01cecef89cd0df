// SPDX-License-Identifier: Apache-2.0
/**
 * The answer: immutable records of what was found, in the shape of the JSON contract.
 */
@NullMarked
package egret.analyzer.answer;

import org.jspecify.annotations.NullMarked;
