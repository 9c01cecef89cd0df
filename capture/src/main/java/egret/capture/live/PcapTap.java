// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.live.LiveException.Problem;
import egret.capture.pcap.PacketSink;
import egret.capture.pcap.RawPacket;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.PcapStat;
import org.pcap4j.core.RawPacketListener;

/** One interface through pcap4j, never waiting. It outlives its interface: it is opened again when that is back. */
final class PcapTap implements RawPacketListener {
    static final int READ_TIMEOUT_MILLIS = 10;

    /** Packets a time, some milliseconds' worth; a listener that failed sees no more of them. */
    private static final int BATCH = 2048;

    private static final long SECOND = 1_000_000_000L;

    private final String name;
    private final LiveOptions options;
    private final int index;
    private final RawPacket packet;
    private @Nullable PcapHandle handle;
    private @Nullable PacketSink sink;
    private @Nullable Throwable failure;
    private int linkType;
    private ByteBuffer copy = ByteBuffer.allocateDirect(64 << 10);
    private long receivedNow;
    private long droppedNow;
    private long receivedBefore;
    private long droppedBefore;

    PcapTap(String name, LiveOptions options, int index, RawPacket packet) {
        this.name = name;
        this.options = options;
        this.index = index;
        this.packet = packet;
    }

    String name() {
        return name;
    }

    boolean isOpen() {
        return handle != null;
    }

    void open() throws LiveException {
        PcapHandle opened;
        try {
            opened = new PcapHandle.Builder(name)
                    .snaplen(options.snaplen())
                    .promiscuousMode(
                            options.promiscuous() ? PromiscuousMode.PROMISCUOUS : PromiscuousMode.NONPROMISCUOUS)
                    .timeoutMillis(READ_TIMEOUT_MILLIS)
                    .bufferSize(options.bufferBytes() / options.interfaces().size())
                    .timestampPrecision(PcapHandle.TimestampPrecision.NANO)
                    .build();
        } catch (PcapNativeException problem) {
            throw cannotOpen(String.valueOf(problem.getMessage()));
        }
        try {
            String filter = options.filter();
            if (filter != null && !filter.isBlank()) {
                filter(opened, filter);
            }
            opened.setBlockingMode(PcapHandle.BlockingMode.NONBLOCKING);
            linkType = opened.getDlt().value();
            handle = opened;
        } catch (PcapNativeException | NotOpenException problem) {
            throw cannotOpen(String.valueOf(problem.getMessage()));
        } finally {
            if (handle == null) {
                opened.close();
            }
        }
    }

    private static void filter(PcapHandle opened, String text) throws LiveException, NotOpenException {
        try {
            opened.setFilter(text, BpfCompileMode.OPTIMIZE);
        } catch (PcapNativeException problem) {
            throw UserFilter.badFilter(text, problem.getMessage());
        }
    }

    private LiveException cannotOpen(String problem) {
        String words = problem.toLowerCase(Locale.ROOT);
        return words.contains("permi")
                ? new LiveException(Problem.NO_PERMISSION, "No permission to capture on " + name + ": use sudo.")
                : new LiveException(Problem.OTHER, "libpcap cannot open " + name + ": " + problem + ".");
    }

    /**
     * Hands over packets that are there; how many, or -1 when the interface failed and was closed.
     *
     * @throws RuntimeException or Error that the sink threw
     */
    int read(PacketSink to) {
        PcapHandle open = handle;
        if (open == null) {
            return 0;
        }
        sink = to;
        int count;
        try {
            count = open.dispatch(BATCH, this);
        } catch (PcapNativeException | NotOpenException | InterruptedException problem) {
            close();
            count = -1;
        }
        Throwable thrown = failure;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        return count;
    }

    /** Called by pcap4j, which would only log what is thrown. */
    @Override
    public void gotPacket(byte[] bytes) {
        PcapHandle open = handle;
        PacketSink to = sink;
        if (failure != null || open == null || to == null) {
            return;
        }
        try {
            if (bytes.length > copy.capacity()) {
                copy = ByteBuffer.allocateDirect(bytes.length);
            }
            copy.put(0, bytes);
            Timestamp stamp = open.getTimestamp();
            packet.bytes = copy;
            packet.offset = 0;
            packet.capturedLength = bytes.length;
            packet.originalLength = Math.max(bytes.length, open.getOriginalLength());
            packet.linkType = linkType;
            packet.timestampNanos = Math.floorDiv(stamp.getTime(), 1000L) * SECOND + stamp.getNanos();
            packet.interfaceIndex = index;
            packet.number++;
            to.packet(packet);
        } catch (RuntimeException | Error thrown) {
            failure = thrown;
        }
    }

    /** Asks libpcap what was received and dropped; its counters have 32 bits and are zero after opening. */
    void count() {
        PcapHandle open = handle;
        if (open == null) {
            return;
        }
        try {
            PcapStat stat = open.getStats();
            receivedNow += (stat.getNumPacketsReceived() - receivedNow) & 0xffff_ffffL;
            droppedNow += (stat.getNumPacketsDropped() - droppedNow) & 0xffff_ffffL;
        } catch (PcapNativeException | NotOpenException unknown) {
            return; // the next time
        }
    }

    long received() {
        return receivedBefore + receivedNow;
    }

    long dropped() {
        return droppedBefore + droppedNow;
    }

    void close() {
        PcapHandle open = handle;
        if (open != null) {
            count();
            handle = null;
            open.close();
            receivedBefore += receivedNow;
            droppedBefore += droppedNow;
            receivedNow = 0;
            droppedNow = 0;
        }
    }
}
