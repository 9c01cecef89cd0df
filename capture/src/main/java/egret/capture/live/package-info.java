// SPDX-License-Identifier: Apache-2.0
/** Packets from network interfaces. */
@NullMarked
package egret.capture.live;

import org.jspecify.annotations.NullMarked;
