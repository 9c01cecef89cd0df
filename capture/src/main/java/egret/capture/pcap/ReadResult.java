// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import org.jspecify.annotations.Nullable;

/**
 * What came out of one capture file.
 *
 * @param path as given by the caller
 * @param packets delivered to the sink
 * @param bytes of the capture up to where reading ended, after decompression
 * @param truncatedAt where the record begins that the end of the file cuts (after decompression), or -1
 * @param error one sentence that names the file, the place and the reason, if the file could not be read to its end;
 *     the packets before that place were delivered
 */
public record ReadResult(
        String path,
        long packets,
        long bytes,
        long truncatedAt,
        @Nullable String error) {}
