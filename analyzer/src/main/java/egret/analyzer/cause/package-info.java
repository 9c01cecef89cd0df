// SPDX-License-Identifier: Apache-2.0
/**
 * Cause: joins what the daemons' logs say with the pulls that the wire shows, service by service.
 */
@NullMarked
package egret.analyzer.cause;

import org.jspecify.annotations.NullMarked;
