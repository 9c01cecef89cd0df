// SPDX-License-Identifier: Apache-2.0
/** What daemons say of their own pulls and failures: the lines of their logs become counted evidence. */
@NullMarked
package egret.capture.evidence;

import org.jspecify.annotations.NullMarked;
