// SPDX-License-Identifier: Apache-2.0
/**
 * What is in a capture, connection by connection: immutable records without judgement.
 */
@NullMarked
package egret.analyzer.inspect;

import org.jspecify.annotations.NullMarked;
