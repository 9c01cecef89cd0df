// SPDX-License-Identifier: Apache-2.0
/** Which process opened which socket, told by the kernel: BPF, tracefs, sock_diag, the process connector. */
@NullMarked
package egret.capture.socket;

import org.jspecify.annotations.NullMarked;
