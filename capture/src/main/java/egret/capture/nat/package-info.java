// SPDX-License-Identifier: Apache-2.0
/** The kernel's connection tracking: what a connection was before NAT. */
@NullMarked
package egret.capture.nat;

import org.jspecify.annotations.NullMarked;
