// SPDX-License-Identifier: Apache-2.0
package egret.capture.origin;

/** How sure an attribution is. Nothing inferred is ever shown as fact. */
public enum Quality {
    /** The kernel said so, of this very connection. */
    EXACT,
    /** Only one candidate is left. */
    INFERRED,
    UNKNOWN
}
