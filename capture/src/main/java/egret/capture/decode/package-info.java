// SPDX-License-Identifier: Apache-2.0
/**
 * Packets: a record's link, network and transport headers become one reused view.
 */
@NullMarked
package egret.capture.decode;

import org.jspecify.annotations.NullMarked;
