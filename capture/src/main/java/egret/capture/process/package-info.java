// SPDX-License-Identifier: Apache-2.0
/** Processes, containers and services: who stands behind a process number, also after it died. */
@NullMarked
package egret.capture.process;

import org.jspecify.annotations.NullMarked;
