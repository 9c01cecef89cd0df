// SPDX-License-Identifier: Apache-2.0
/**
 * Pipeline: the analyzing half from message to answer.
 */
@NullMarked
package egret.analyzer.pipeline;

import org.jspecify.annotations.NullMarked;
