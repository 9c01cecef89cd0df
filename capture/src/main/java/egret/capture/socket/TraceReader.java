// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import egret.capture.linux.Libc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/** Reads an instance of our own, in binary, all processors' events in order of time. Never blocks. */
final class TraceReader implements AutoCloseable {
    /** Buffers of all processors together, and of one, in KiB: 400 bytes a process and 200 a connection. */
    private static final int BUFFERS = 65_536;

    private static final int LARGEST_BUFFER = 1024;
    private static final int SMALLEST_BUFFER = 128;

    /** Pages of one processor read in one poll: more than its buffer has, unless it is filled while it is read. */
    private static final int PAGES = 512;

    private static final int CLOCK_MONOTONIC = 1;
    private static final short READABLE = 1;
    private static final int WRITE_ONLY_CLOSE_ON_EXEC = 1 | 0x80000;
    private static final int NON_BLOCKING_CLOSE_ON_EXEC = 0x800 | 0x80000;

    private final TraceDirectory directory;
    private final TraceInstance instance;
    private final TraceDecoder decoder;
    private final TracePage pages = new TracePage();
    private final TraceOrder order = new TraceOrder();
    private final ByteBuffer page;
    private final ByteBuffer clock = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());

    private final List<Integer> processors;
    private final int[] descriptors;
    private final Collector[] collectors;

    /** Of poll(2): descriptor, events asked for, events that came. */
    private final ByteBuffer ready;

    /** While it is open the buffers are kept; when it is closed, be it by a kill, tracing stops and gives them back. */
    private int keeper = -1;

    private boolean closed;

    private TraceReader(TraceDirectory directory, TraceInstance instance, boolean sockets)
            throws SocketSourceException {
        this.directory = directory;
        this.instance = instance;
        decoder = new TraceDecoder(directory.events(), sockets);
        checkPages();
        page = ByteBuffer.allocateDirect(TraceFormat.LONGEST).order(ByteOrder.nativeOrder());
        processors = instance.processors();
        descriptors = new int[processors.size()];
        Arrays.fill(descriptors, -1);
        collectors = new Collector[processors.size()];
        ready = ByteBuffer.allocateDirect(8 * descriptors.length).order(ByteOrder.nativeOrder());
    }

    /** @param sockets read TCP's states too, not processes alone */
    static TraceReader open(boolean sockets) throws SocketSourceException {
        return open(sockets, LARGEST_BUFFER);
    }

    /** @param largest size of one processor's buffer, in KiB */
    static TraceReader open(boolean sockets, int largest) throws SocketSourceException {
        TraceDirectory directory = TraceDirectory.open();
        TraceInstance instance = null;
        TraceReader reader = null;
        try {
            instance = TraceInstance.create(directory.path());
            reader = new TraceReader(directory, instance, sockets);
            reader.start(sockets, largest);
            return reader;
        } catch (SocketSourceException refused) {
            if (reader != null) {
                reader.close();
            } else {
                if (instance != null) {
                    instance.remove();
                }
                directory.close();
            }
            throw refused;
        }
    }

    private void start(boolean sockets, int largest) throws SocketSourceException {
        int kibibytes = Math.min(largest, Math.max(SMALLEST_BUFFER, BUFFERS / descriptors.length));
        instance.write("trace_clock", "mono");
        instance.write("buffer_size_kb", Integer.toString(kibibytes));
        instance.write("options/disable_on_free", "1");
        keeper = open("free_buffer", WRITE_ONLY_CLOSE_ON_EXEC);
        if (instance.has("buffer_percent")) {
            instance.write("buffer_percent", "0"); // ready with the first event; before Linux 5.0 it is so anyway
        }
        for (int at = 0; at < descriptors.length; at++) {
            collectors[at] = new Collector();
            descriptors[at] = open("per_cpu/cpu" + processors.get(at) + "/trace_pipe_raw", NON_BLOCKING_CLOSE_ON_EXEC);
            ready.putInt(8 * at, descriptors[at]).putShort(8 * at + 4, READABLE);
        }
        if (sockets) {
            instance.enable(TraceDecoder.STATE, "protocol == 6 && (newstate == 2 || oldstate == 2)");
        }
        instance.enable(TraceDecoder.NEW_TASK, "");
        instance.enable(TraceDecoder.EXECUTED, "");
        instance.enable(TraceDecoder.EXITED, "");
    }

    private int open(String file, int flags) throws SocketSourceException {
        int descriptor = Libc.open(instance.path() + "/" + file, flags);
        if (descriptor < 0) {
            throw new SocketSourceException("tracing's " + file + " cannot be opened (error " + Libc.errno() + ")");
        }
        return descriptor;
    }

    boolean tellsLastExit() {
        return decoder.tellsLastExit();
    }

    /** Events that were not read, or not understood. */
    long lost() {
        return pages.lost() + pages.damaged();
    }

    /** Hands on, in order, what happened before the call. */
    void poll(TraceOrder.Taker taker) {
        if (closed) {
            return;
        }
        long until = now();
        Libc.poll(ready, descriptors.length, 0);
        for (int at = 0; at < descriptors.length; at++) {
            if (ready.getShort(8 * at + 6) != 0 && !drain(descriptors[at], collectors[at])) {
                // The rest of this processor comes later; nothing that is younger may go before it.
                until = Math.min(until, collectors[at].last);
            }
        }
        order.deliver(until, taker);
    }

    /** False if there is more. */
    private boolean drain(int descriptor, Collector collector) {
        for (int count = 0; count < PAGES; count++) {
            if (order.isFull()) {
                return false;
            }
            int length = (int) Libc.read(descriptor, page, page.capacity());
            if (length <= 0) {
                return true;
            }
            pages.read(page, length, collector);
        }
        return false;
    }

    private long now() {
        Libc.clock_gettime(CLOCK_MONOTONIC, clock);
        return clock.getLong(0) * 1_000_000_000L + clock.getLong(8);
    }

    /** What the kernel says of its pages must be what {@link TracePage} expects. */
    private void checkPages() throws SocketSourceException {
        byte[] text = new byte[4096];
        int length;
        // This file is empty from the second read on, however little was read.
        try (InputStream file = Files.newInputStream(directory.events().resolve("header_page"))) {
            length = Math.max(0, file.read(text));
        } catch (IOException missing) {
            throw new SocketSourceException("the kernel does not say what its tracing buffers look like");
        }
        TraceFormat header = new TraceFormat("header_page", new String(text, 0, length, StandardCharsets.ISO_8859_1));
        if (header.offset("commit", 8) != TracePage.COMMIT || header.start("data") != TracePage.DATA) {
            throw new SocketSourceException("the kernel's tracing buffers look different");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (int descriptor : descriptors) {
                close(descriptor);
            }
            close(keeper);
            instance.remove();
            directory.close();
        }
    }

    private static void close(int descriptor) {
        if (descriptor >= 0) {
            Libc.close(descriptor);
        }
    }

    /** Puts one processor's events in line. */
    private final class Collector implements TracePage.Events {
        /** Time of this processor's last event. */
        private long last;

        @Override
        public void event(long monotonicNanos, ByteBuffer bytes, int at, int length) {
            last = Math.max(last, monotonicNanos);
            TraceEvent event = order.add();
            event.time = monotonicNanos;
            if (!decoder.decode(bytes, at, length, event)) {
                order.removeLast();
            }
        }

        @Override
        public void gap(long monotonicNanos) {
            TraceEvent event = order.add();
            event.kind = TraceEvent.Kind.GAP;
            event.time = last;
            event.until = monotonicNanos;
        }
    }
}
