// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets to pcapng files while they are captured, without ever making the capture wait: packets are copied into
 * buffers, a thread of its own writes those. When the disk is too slow for all buffers packets are lost here and counted;
 * when it is full or fails, writing ends with a line and the capture goes on.
 *
 * <p>A buffer holds whole blocks and is written within a second, so that a file is readable at any time; what a full disk
 * cut is taken off. Called by the thread that captures; {@link #counts} by any.
 */
public final class CaptureWriter implements PacketSink, AutoCloseable {
    /** More than the largest frame that a capture hands over. */
    static final int BUFFER_BYTES = 1 << 20;

    /** 16 MiB together: 16 ms of 10 Gb/s, or a second of what a filter leaves of it. Taken when needed. */
    static final int BUFFERS = 16;

    /** Of a frame that is kept; the snaplen of tcpdump. */
    private static final int LONGEST_FRAME = 262_144;

    private static final long FLUSH_NANOS = 1_000_000_000L;

    /** A disk that hangs shall not keep the program from ending. */
    private static final long CLOSE_SECONDS = 5;

    /** Opens one file after the other. */
    @FunctionalInterface
    interface Opener {
        WritableByteChannel open(String name) throws IOException;
    }

    /** Whole blocks on their way to the disk. */
    private static final class Buffer {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int length;
        int packets;
        long firstNanos;

        /** Begins with the header of the next file. */
        boolean startsFile;

        boolean last;

        void clear() {
            length = 0;
            packets = 0;
            startsFile = false;
        }
    }

    private final String name;
    private final List<CapturedInterface> interfaces;
    private final Rotation rotation;
    private final PacketComments comments;
    private final Opener files;
    private final ArrayBlockingQueue<Buffer> free = new ArrayBlockingQueue<>(BUFFERS);
    private final ArrayBlockingQueue<Buffer> full = new ArrayBlockingQueue<>(BUFFERS);
    private final Thread thread;

    /** The capturing thread's. */
    private @Nullable Buffer current;

    private int buffers;
    private long fileBytes;
    private boolean closed;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** The writing thread's. */
    private @Nullable WritableByteChannel channel;

    private final AtomicLong writtenPackets = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();
    private final AtomicLong begunFiles = new AtomicLong();
    private volatile @Nullable String problem;
    private volatile boolean ended;

    private CaptureWriter(
            String name, List<CapturedInterface> interfaces, Rotation rotation, PacketComments comments, Opener files)
            throws IOException {
        this.name = name;
        this.interfaces = List.copyOf(interfaces);
        this.rotation = rotation;
        this.comments = comments;
        this.files = files;
        if (PcapngBlocks.headerBytes(interfaces.size()) > BUFFER_BYTES / 2) {
            throw new IllegalArgumentException(interfaces.size() + " interfaces");
        }
        channel = files.open(rotation.name(name, 0));
        count(begunFiles, 1);
        thread = new Thread(this::write, "egret-writer");
        thread.setDaemon(true);
    }

    /**
     * Opens the first file and writes its beginning. The writing thread keeps the rights that the caller has now: those that
     * the capturing thread gives up later are not missed when the next file is created.
     *
     * @param name of the file, or what the names of several begin with
     * @throws IOException if it cannot be created, or the one after it could not
     */
    public static CaptureWriter open(
            String name, List<CapturedInterface> interfaces, Rotation rotation, PacketComments comments)
            throws IOException {
        CaptureWriter writer = open(name, interfaces, rotation, comments, CaptureWriter::create);
        try {
            tryNext(name, rotation);
            return writer;
        } catch (IOException refused) {
            writer.close();
            throw refused;
        }
    }

    /** Who may not create files there is told now, and not when the first is full; what there is stays as it is. */
    private static void tryNext(String name, Rotation rotation) throws IOException {
        if (rotation.fileBytes() == 0 || rotation.files() == 1) {
            return;
        }
        Path next = Path.of(rotation.name(name, 1));
        boolean there = Files.exists(next, LinkOption.NOFOLLOW_LINKS);
        try {
            FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            if (!there) {
                Files.delete(next);
            }
        } catch (IOException e) {
            throw new IOException("the next file, " + next + ", cannot be written (" + reason(e) + ")", e);
        }
    }

    static CaptureWriter open(
            String name, List<CapturedInterface> interfaces, Rotation rotation, PacketComments comments, Opener files)
            throws IOException {
        CaptureWriter writer = new CaptureWriter(name, interfaces, rotation, comments, files);
        writer.startFile(false);
        writer.handOver();
        writer.thread.start();
        return writer;
    }

    private static WritableByteChannel create(String name) throws IOException {
        return FileChannel.open(
                Path.of(name),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }

    /** Copies the packet; what comes with it is described by the list of interfaces. */
    @Override
    public void packet(RawPacket packet) {
        String comment = comments.of(packet);
        if (problem != null || closed || !put(packet, comment)) {
            count(refused, 1);
        }
    }

    private boolean put(RawPacket packet, @Nullable String text) {
        int index = packet.interfaceIndex;
        if (index < 0 || index >= interfaces.size() || interfaces.get(index).linkType() != packet.linkType) {
            return false;
        }
        if (rotation.isFull(fileBytes)) {
            handOver();
            if (!startFile(true)) {
                return false;
            }
        }
        byte[] comment = PcapngBlocks.comment(text);
        int captured = Math.min(packet.capturedLength, LONGEST_FRAME);
        int needed = PcapngBlocks.packetBytes(captured, comment);
        Buffer into = room(needed);
        if (into == null) {
            return false;
        }
        if (into.packets == 0) {
            into.firstNanos = packet.timestampNanos;
        }
        into.length = PcapngBlocks.packet(into.bytes, into.length, packet, captured, comment);
        into.packets++;
        fileBytes += needed;
        count(accepted, 1);
        time(packet.timestampNanos);
        return true;
    }

    /** Time goes on, also without packets: what has waited for a second is written. Nanoseconds since the epoch. */
    public void time(long nanos) {
        Buffer waiting = current;
        // Of a clock that was set back, too.
        if (waiting != null && waiting.packets > 0 && Math.abs(nanos - waiting.firstNanos) >= FLUSH_NANOS) {
            handOver();
        }
    }

    private @Nullable Buffer room(int bytes) {
        if (current != null && BUFFER_BYTES - current.length < bytes) {
            handOver();
        }
        if (current == null) {
            current = free.poll();
            if (current == null && buffers < BUFFERS) {
                buffers++;
                current = new Buffer();
            }
        }
        return current;
    }

    private boolean startFile(boolean another) {
        Buffer into = room(BUFFER_BYTES);
        if (into == null) {
            return false;
        }
        into.startsFile = another;
        into.length = PcapngBlocks.header(into.bytes, 0, interfaces);
        fileBytes = into.length;
        return true;
    }

    private void handOver() {
        Buffer done = current;
        if (done != null) {
            current = null;
            full.add(done);
        }
    }

    private void write() {
        boolean last = false;
        while (!last) {
            Buffer buffer;
            try {
                buffer = full.take();
            } catch (InterruptedException e) {
                problem = "writing " + name + " ended: interrupted";
                break;
            }
            if (problem == null) {
                write(buffer);
            }
            last = buffer.last;
            buffer.clear();
            free.add(buffer);
        }
        closeChannel();
        ended = true;
    }

    private void write(Buffer buffer) {
        String file = rotation.name(name, begunFiles.get() - 1);
        ByteBuffer bytes = buffer.bytes;
        bytes.limit(buffer.length).position(0);
        try {
            if (buffer.startsFile) {
                file = rotation.name(name, begunFiles.get());
                nextFile(file);
            }
            while (bytes.hasRemaining() && channel != null) {
                channel.write(bytes);
            }
            count(writtenBytes, buffer.length);
            count(writtenPackets, buffer.packets);
        } catch (IOException e) {
            int whole = PcapngBlocks.wholeBlocks(bytes, 0, bytes.position());
            takeOff(bytes.position() - whole);
            count(writtenBytes, whole);
            count(writtenPackets, PcapngBlocks.packets(bytes, 0, whole));
            problem = "writing " + file + " ended: " + reason(e);
            closeChannel();
        } finally {
            bytes.clear();
        }
    }

    private void nextFile(String file) throws IOException {
        WritableByteChannel before = channel;
        channel = null;
        if (before != null) {
            before.close();
        }
        channel = files.open(file);
        count(begunFiles, 1);
    }

    /** Takes a cut block off the end of the file. */
    private void takeOff(int bytes) {
        if (channel instanceof SeekableByteChannel file) {
            try {
                file.truncate(file.position() - bytes);
            } catch (IOException ignored) {
                // The block stays cut: readers stop there.
            }
        }
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void closeChannel() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            if (problem == null) {
                problem = "writing " + name + " ended: " + reason(e);
            }
        }
        channel = null;
    }

    /** Each counter is written by one thread. */
    private static void count(AtomicLong counter, long more) {
        counter.lazySet(counter.get() + more);
    }

    /** As far as writing has come; once closed or ended, what was not written is lost. */
    public WriteCounts counts() {
        String why = problem;
        long packets = writtenPackets.get();
        long lost = refused.get() + (why != null || ended ? accepted.get() - packets : 0);
        return new WriteCounts(packets, lost, writtenBytes.get(), begunFiles.get(), why);
    }

    /** Writes what is there and ends; waits for a slow disk some seconds. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Buffer last = room(0);
            if (last == null) {
                last = free.poll(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
            if (last != null) {
                current = last;
                last.last = true;
                handOver();
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended && problem == null) {
            problem = "writing " + name + " ended: the disk did not take it in " + CLOSE_SECONDS + " s";
        }
    }
}
