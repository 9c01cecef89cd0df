// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

/** Hears how far reading is, once per block of some 256 KiB, on the thread that then holds the sink. */
@FunctionalInterface
public interface ReadProgress {
    /**
     * @param bytesDone of all files together, as they are on disk (compressed if they are)
     * @param bytesTotal the same at the end, or -1 when a pipe is among them; a growing file may pass it
     */
    void read(long bytesDone, long bytesTotal);

    /** Asked after each block: true ends the reading there, without an error. */
    default boolean stop() {
        return false;
    }
}
