// SPDX-License-Identifier: Apache-2.0
/** The few system calls that live capture needs, through JNA. The only package that knows JNA. */
@NullMarked
package egret.capture.linux;

import org.jspecify.annotations.NullMarked;
