// SPDX-License-Identifier: Apache-2.0
/**
 * Connections: tracked, named, joined over their copies before and after NAT.
 */
@NullMarked
package egret.capture.flow;

import org.jspecify.annotations.NullMarked;
