// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/** The last that a listener was told of a connection. */
enum Told {
    NOTHING,
    FAILED,
    UNNAMED,
    /** Named, or known as a copy. */
    NAMED
}
