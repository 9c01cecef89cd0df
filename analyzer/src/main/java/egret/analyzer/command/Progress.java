// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

/** Hears how far reading is, on the thread that reads, some thousand times a second at most. */
interface Progress {
    /**
     * @param done bytes of all files together, as they are on disk
     * @param total the same at the end, -1 if that is not known
     */
    void read(long done, long total);
}
