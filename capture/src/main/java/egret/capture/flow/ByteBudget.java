// SPDX-License-Identifier: Apache-2.0
package egret.capture.flow;

/** How many bytes all connections together may hold back for reassembly. */
final class ByteBudget {
    private final long total;
    private long left;
    private long refused;

    ByteBudget(long total) {
        this.total = total;
        this.left = total;
    }

    boolean has(long bytes) {
        return bytes <= left;
    }

    boolean take(long bytes) {
        if (bytes > left) {
            refused++;
            return false;
        }
        left -= bytes;
        return true;
    }

    void give(long bytes) {
        left = Math.min(total, left + bytes);
    }

    /** Requests that were not met. */
    long refused() {
        return refused;
    }
}
