// SPDX-License-Identifier: Apache-2.0
/** Programs of the classic BPF machine that let the kernel discard what need not be seen. */
@NullMarked
package egret.capture.filter;

import org.jspecify.annotations.NullMarked;
