// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link CaptureWriter} has done so far.
 *
 * @param packets written
 * @param lost packets that were not: the disk was too slow, or writing had ended
 * @param bytes written to all files
 * @param files begun
 * @param problem why writing ended, in one line; null while it goes on
 */
public record WriteCounts(
        long packets,
        long lost,
        long bytes,
        long files,
        @Nullable String problem) {}
