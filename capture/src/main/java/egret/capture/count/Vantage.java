// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

/** Where packets were seen. */
public enum Vantage {
    HOST,
    NAT_INSIDE,
    NAT_OUTSIDE,
    MIRROR,
    FILE
}
