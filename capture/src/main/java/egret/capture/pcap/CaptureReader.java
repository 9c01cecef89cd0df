// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One open capture: recognised by its first bytes, read in blocks. Failures of the file end up in the result; nothing
 * is thrown for them.
 */
final class CaptureReader implements Closeable {
    private static final String STANDARD_INPUT = "-";

    /** The shortest thing that tells a format. */
    private static final int MAGIC = 4;

    private final String path;
    private final int file;
    private RecordWindow window;
    private @Nullable ByteInput input;
    private @Nullable RecordFormat format;
    private boolean finished;

    /** Position in the file up to which progress knows. */
    private long reported;

    private long truncatedAt = -1;
    private @Nullable String error;

    /**
     * @param file index of the file among those read together
     * @param window empty, for this reader alone until it is closed
     */
    CaptureReader(String path, int file, RecordWindow window) {
        this.path = path;
        this.file = file;
        this.window = window;
        try {
            open();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void open() throws IOException {
        PlainInput plain;
        if (path.equals(STANDARD_INPUT)) {
            plain = PlainInput.ofStandardInput();
        } else {
            if (new File(path).isDirectory()) {
                fail(path + " is a directory, not a capture file");
                return;
            }
            try {
                plain = PlainInput.ofFile(path);
            } catch (FileNotFoundException e) {
                fail(notOpened(e));
                return;
            }
        }
        input = plain;
        ByteInput first = plain;
        if (!fillTo(first, MAGIC)) {
            tooShort(MAGIC);
            return;
        }
        int magic = window.bytes.getInt(window.offset);
        if (isGzip(magic) || isZstd(magic)) {
            CompressedBytes compressed = new CompressedBytes(
                    plain, window.bytes.duplicate().position(window.offset).limit(window.limit));
            window.clear();
            first = isGzip(magic) ? new GzipInput(compressed) : new ZstdInput(compressed);
            input = first;
            if (!fillTo(first, MAGIC)) {
                tooShort(MAGIC);
                return;
            }
            magic = window.bytes.getInt(window.offset);
        }
        boolean pcapng = magic == PcapngFormat.SECTION;
        int header = pcapng ? PcapngFormat.SHORTEST_SECTION : PcapFormat.headerLength(magic);
        if (header == 0) {
            fail(name() + " is not a capture that is read (pcap or pcapng, also compressed by gzip or zstd): it begins"
                    + " with 0x" + Integer.toHexString(magic));
        } else if (!fillTo(first, header)) {
            tooShort(header);
        } else if (pcapng) {
            format = new PcapngFormat();
        } else {
            format = new PcapFormat(window.bytes, window.offset, window.limit);
            window.offset += header;
        }
    }

    private static boolean isGzip(int magic) {
        return magic >>> 16 == 0x1f8b;
    }

    /** A frame or a skippable frame. Here and not in ZstdInput, as using that class loads the library. */
    private static boolean isZstd(int magic) {
        return magic == 0x28b52ffd || (magic & 0xf0ffffff) == 0x502a4d18;
    }

    private boolean fillTo(ByteInput from, int count) throws IOException {
        while (window.rest() < count) {
            if (!window.fill(from)) {
                return false;
            }
        }
        return true;
    }

    private void tooShort(int needed) {
        int length = window.rest();
        fail(
                length == 0
                        ? name() + " is empty"
                        : name() + " is not a capture: it ends after " + length + " bytes, inside the first " + needed);
    }

    private String name() {
        return path.equals(STANDARD_INPUT) ? "standard input" : path;
    }

    private String notOpened(FileNotFoundException e) {
        File asked = new File(path);
        if (!asked.exists()) {
            return path + " does not exist, or a directory on the way to it may not be read";
        }
        if (!asked.canRead()) {
            return path + " may not be read: no permission";
        }
        return path + " cannot be opened: " + e.getMessage();
    }

    private void fail(String sentence) {
        error = sentence;
        finished = true;
    }

    private void failed(IOException e) {
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        failedAt(window.position, reason);
    }

    private void failedAt(long position, String reason) {
        fail(name() + ", byte " + position + ": " + reason);
    }

    /** Reads more; false at the end, which may have been a failure. */
    private boolean fill() {
        if (input == null || format == null || finished) {
            return false;
        }
        try {
            if (window.fill(input)) {
                return true;
            }
        } catch (IOException e) {
            failed(e);
            return false;
        }
        ended(input.cut());
        return false;
    }

    /** Notes that the window holds the end of the file. */
    private void ended(boolean cut) {
        finished = true;
        long unused = window.rest();
        if (format != null) {
            unused += format.usedOfIncomplete();
        }
        if (unused > 0 || cut) {
            truncatedAt = window.position - unused;
        }
    }

    /** Whether the file has no more for us: its end, or a failure. */
    boolean finished() {
        return finished;
    }

    private boolean broken(RecordFormat records) {
        String problem = records.problem();
        if (problem == null) {
            return false;
        }
        failedAt(window.offsetPosition(), problem);
        return true;
    }

    /** Whether its packets may be of several interfaces, and each knows of how many. */
    boolean describesInterfaces() {
        return format instanceof PcapngFormat;
    }

    /** Gives all packets to the sink. */
    void push(PacketSink sink, ProgressSum progress) {
        RecordFormat records = format;
        if (records == null) {
            return;
        }
        RawPacket packet = new RawPacket();
        packet.file = file;
        do {
            window.offset = records.walk(window.bytes, window.offset, window.limit, packet, sink);
            if (broken(records) || stopped(progress)) {
                return;
            }
        } while (fill());
    }

    /** The next packet into the view; false at the end. */
    boolean next(RawPacket packet, ProgressSum progress) {
        RecordFormat records = format;
        if (records == null || finished) {
            return false;
        }
        packet.file = file;
        for (; ; ) {
            int next = records.next(window.bytes, window.offset, window.limit, packet);
            if (next >= 0) {
                window.offset = next;
                return true;
            }
            window.offset = ~next;
            if (broken(records) || stopped(progress) || !fill()) {
                return false;
            }
        }
    }

    private boolean stopped(ProgressSum progress) {
        long at = input == null ? 0 : input.position();
        boolean stop = progress.add(at - reported);
        reported = at;
        return stop;
    }

    /** Reads with several threads from a position on, if the file goes on behind it. */
    boolean relay(int threads, long fromBytes, PacketSink sink, ProgressSum progress) {
        if (!(input instanceof PlainInput plain) || format == null || finished) {
            return false;
        }
        try {
            // A pipe has the size 0 and no blocks to choose from.
            if (plain.channel().size() < Math.max(fromBytes, window.position + 1)) {
                return false;
            }
            Relay relay = new Relay(plain.channel(), format, window, threads, fromBytes, file, sink, progress);
            try {
                relay.run();
            } finally {
                window = relay.lastWindow();
            }
        } catch (IOException e) {
            failed(e);
            return true;
        }
        if (!broken(format) && !progress.stopped()) {
            ended(false);
        }
        return true;
    }

    /** The window to read another file with, once this one is closed. */
    RecordWindow window() {
        return window;
    }

    ReadResult result() {
        return new ReadResult(path, format == null ? 0 : format.packets(), window.offsetPosition(), truncatedAt, error);
    }

    @Override
    public void close() {
        if (input == null) {
            return;
        }
        try {
            input.close();
        } catch (IOException ignored) {
            // Nothing was written, and what was read is already delivered.
        }
    }
}
