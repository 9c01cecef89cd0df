// SPDX-License-Identifier: Apache-2.0
/** What the machine knows of a connection that its packets do not show: who opened it, and where it came from before NAT. */
@NullMarked
package egret.capture.origin;

import org.jspecify.annotations.NullMarked;
