// SPDX-License-Identifier: Apache-2.0
/**
 * Bytes: capture files of every format become records in one reused view.
 */
@NullMarked
package egret.capture.pcap;

import org.jspecify.annotations.NullMarked;
