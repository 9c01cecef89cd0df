// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several captures as one stream in the order of their timestamps; packets of the same time in the order of the files.
 * Within a file the order is the file's own, even where its timestamps go back: {@link TimeOrder} sees to interfaces.
 *
 * <p>A binary heap of the files by their next packet. Of many files (a rotated capture) only those are open whose time
 * has come: the others were looked at for their first timestamp and closed again.
 */
final class CaptureMerge {
    /** Smaller than for one file, as there is one per open file. */
    static final int BLOCK_SIZE = 64 << 10;

    /** Up to here all files stay open from the start. */
    private static final int OPEN_FILES = 64;

    private final List<Member> members = new ArrayList<>();
    private final List<RecordWindow> unusedWindows = new ArrayList<>();
    private final int blockSize;
    private final ProgressSum progress;

    /** The first {@link #size} places are a heap by {@link Member#precedes}. */
    private final Member[] heap;

    private int size;

    CaptureMerge(List<String> paths, int blockSize, ProgressSum progress) {
        this.blockSize = blockSize;
        this.progress = progress;
        for (int i = 0; i < paths.size(); i++) {
            members.add(new Member(paths.get(i), i));
        }
        heap = new Member[members.size()];
    }

    List<ReadResult> run(PacketSink sink) {
        try {
            boolean closeAfterLook = members.size() > OPEN_FILES;
            for (Member member : members) {
                if (member.open()) {
                    if (closeAfterLook && new File(member.path).isFile()) {
                        member.close();
                    }
                    heap[size++] = member;
                    siftUp(size - 1);
                }
            }
            while (size > 0 && !progress.stopped()) {
                if (takeRun(heap[0], sink)) {
                    siftDown();
                } else {
                    heap[0] = heap[--size];
                    siftDown();
                }
            }
        } finally {
            for (Member member : members) {
                member.close();
            }
        }
        List<ReadResult> results = new ArrayList<>();
        for (Member member : members) {
            results.add(member.result());
        }
        return results;
    }

    /** Packets of the first file for as long as it is first; false at its end. */
    private boolean takeRun(Member first, PacketSink sink) {
        if (first.reader == null) {
            return first.open();
        }
        Member second = size > 1 ? heap[1] : null;
        if (size > 2 && heap[2].precedes(heap[1])) {
            second = heap[2];
        }
        do {
            sink.packet(first.packet);
            if (!first.advance()) {
                first.close();
                return false;
            }
        } while (second == null || first.precedes(second));
        return true;
    }

    private void siftUp(int from) {
        Member moved = heap[from];
        int at = from;
        while (at > 0 && moved.precedes(heap[(at - 1) / 2])) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = moved;
    }

    private void siftDown() {
        Member moved = heap[0];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && heap[child + 1].precedes(heap[child])) {
                child++;
            }
            if (!heap[child].precedes(moved)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
    }

    /** One file of the merge with its next packet. */
    private final class Member {
        private final String path;
        private final int file;
        private final RawPacket packet = new RawPacket();
        private @Nullable CaptureReader reader;
        private @Nullable ReadResult result;

        Member(String path, int file) {
            this.path = path;
            this.file = file;
        }

        /** Opens the file at its first packet; false if there is none. */
        boolean open() {
            RecordWindow window = unusedWindows.isEmpty()
                    ? new RecordWindow(blockSize)
                    : unusedWindows.remove(unusedWindows.size() - 1);
            reader = new CaptureReader(path, file, window);
            if (advance()) {
                return true;
            }
            close();
            return false;
        }

        boolean advance() {
            return reader != null && reader.next(packet, progress);
        }

        boolean precedes(Member other) {
            return packet.timestampNanos < other.packet.timestampNanos
                    || (packet.timestampNanos == other.packet.timestampNanos && file < other.file);
        }

        void close() {
            if (reader == null) {
                return;
            }
            result = reader.result();
            reader.close();
            reader.window().clear();
            unusedWindows.add(reader.window());
            reader = null;
        }

        ReadResult result() {
            return result == null ? new ReadResult(path, 0, 0, -1, null) : result;
        }
    }
}
