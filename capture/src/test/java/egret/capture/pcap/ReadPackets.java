// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a sink got to see, copied, and the results that went with it. */
record ReadPackets(List<Seen> packets, List<ReadResult> results) {
    /** One packet as it was; the frame as text, one character per byte. */
    record Seen(
            int file,
            long number,
            long timestampNanos,
            int linkType,
            int interfaceIndex,
            int capturedLength,
            int originalLength,
            String frame) {}

    static final ReadProgress NO_PROGRESS = (done, total) -> {};

    static ReadPackets of(Path... files) {
        return of(1, CaptureFiles.BLOCK_SIZE, files);
    }

    /** With a block size, and with the relay whatever the size of the file if there is more than one thread. */
    static ReadPackets of(int threads, int blockSize, Path... files) {
        List<String> paths = new ArrayList<>();
        for (Path file : files) {
            paths.add(file.toString());
        }
        List<Seen> seen = new ArrayList<>();
        List<ReadResult> results =
                CaptureFiles.read(paths, threads, packet -> seen.add(copy(packet)), NO_PROGRESS, blockSize, 0);
        return new ReadPackets(seen, results);
    }

    private static Seen copy(RawPacket packet) {
        byte[] frame = new byte[packet.capturedLength];
        packet.bytes.get(packet.offset, frame);
        return new Seen(
                packet.file,
                packet.number,
                packet.timestampNanos,
                packet.linkType,
                packet.interfaceIndex,
                packet.capturedLength,
                packet.originalLength,
                new String(frame, java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    ReadResult result() {
        return results.get(0);
    }

    List<String> frames() {
        return packets.stream().map(Seen::frame).toList();
    }

    List<Long> timestamps() {
        return packets.stream().map(Seen::timestampNanos).toList();
    }
}
