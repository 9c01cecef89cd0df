// SPDX-License-Identifier: Apache-2.0
@NullMarked
// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import org.jspecify.annotations.NullMarked;
