// SPDX-License-Identifier: Apache-2.0
/**
 * Captures made to measure: realistic TLS traffic whose truth is known, the same bytes for the same seed.
 */
@NullMarked
package egret.bench;

import org.jspecify.annotations.NullMarked;
