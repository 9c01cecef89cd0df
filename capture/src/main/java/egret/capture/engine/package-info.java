// SPDX-License-Identifier: Apache-2.0
/** Asks container engines over their Unix socket, with GET only. */
@NullMarked
package egret.capture.engine;

import org.jspecify.annotations.NullMarked;
