// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

/** Room that many sources share: who comes when it is used up does without. */
final class Budget {
    private long left;
    private long refused;

    Budget(long room) {
        left = room;
    }

    boolean take(long room) {
        if (room > left) {
            refused++;
            return false;
        }
        left -= room;
        return true;
    }

    long refused() {
        return refused;
    }
}
