// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.util.List;

/**
 * Reads capture files: pcap in all its variants and pcapng, plain or compressed by gzip or zstd, recognised by their
 * content; {@code -} is standard input.
 */
public final class CaptureFiles {
    /** Two of them and what the sink touches stay inside a core's second-level cache. */
    static final int BLOCK_SIZE = 256 << 10;

    /** Before this, starting threads costs more than they save. */
    private static final long RELAY_FROM_BYTES = 32 << 20;

    /** So long the JVM's compiler needs a core of its own: where there is none to spare, a second reader would delay it. */
    private static final long COMPILED_FROM_BYTES = 3L << 29;

    private CaptureFiles() {}

    /**
     * Gives the packets of one or more captures to the sink, those of several captures and of several interfaces in
     * the order of their timestamps. What cannot be read is told by the results; the rest is delivered all the same.
     *
     * @param threads that may be used, this one included; the sink is called from one at a time, in the same order and
     *     with everything before visible, whatever their number
     * @param progress called as the sink is
     * @return one for each path, in the same order
     * @throws RuntimeException what the sink throws; reading ends there
     */
    public static List<ReadResult> read(List<String> paths, int threads, PacketSink sink, ReadProgress progress) {
        int cores = Runtime.getRuntime().availableProcessors();
        long relayFrom = cores > threads ? RELAY_FROM_BYTES : COMPILED_FROM_BYTES;
        return read(paths, Math.min(threads, cores), sink, progress, BLOCK_SIZE, relayFrom);
    }

    /** @param relayFrom position from which on several threads read one file */
    static List<ReadResult> read(
            List<String> paths, int threads, PacketSink sink, ReadProgress progress, int blockSize, long relayFrom) {
        ProgressSum sum = new ProgressSum(progress, paths);
        TimeOrder order = new TimeOrder(sink);
        if (paths.size() != 1) {
            List<ReadResult> results =
                    new CaptureMerge(paths, Math.min(blockSize, CaptureMerge.BLOCK_SIZE), sum).run(order);
            order.finish();
            return results;
        }
        try (CaptureReader reader = new CaptureReader(paths.get(0), 0, new RecordWindow(blockSize))) {
            PacketSink to = reader.describesInterfaces() ? order : sink;
            if (threads < 2 || !reader.relay(threads, relayFrom, to, sum)) {
                reader.push(to, sum);
            }
            order.finish();
            return List.of(reader.result());
        }
    }
}
