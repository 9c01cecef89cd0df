// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.filter.KernelFilter;
import egret.capture.filter.Machine;
import egret.capture.filter.WatchedAddresses;
import egret.capture.pcap.PacketSink;
import egret.capture.pcap.RawPacket;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stands for the kernel in front of a pipeline: hands on what a filter takes, and exchanges it when addresses are learned. */
final class FilteredSink implements PacketSink {
    private static final int ETHERNET = 1;
    private static final int COOKED = 113;
    private static final int COOKED_2 = 276;

    private final KernelFilter.Mode mode;
    private final int snaplen;
    private final WatchedAddresses watched;
    private final PacketSink next;
    private final long exchangeNanos;
    private final RawPacket out = new RawPacket();
    private @Nullable Machine machine;
    private int linkType = -1;
    long packets;
    long bytes;
    long passed;
    long passedBytes;
    long steps;
    int most;

    FilteredSink(KernelFilter.Mode mode, int snaplen, long exchangeNanos, WatchedAddresses watched, PacketSink next) {
        this.mode = mode;
        this.snaplen = snaplen;
        this.exchangeNanos = exchangeNanos;
        this.watched = watched;
        this.next = next;
    }

    @Override
    public void packet(RawPacket raw) {
        if (raw.linkType != linkType || watched.due(raw.timestampNanos, exchangeNanos)) {
            linkType = raw.linkType;
            exchange(raw.timestampNanos);
        }
        byte[] frame = new byte[raw.capturedLength];
        raw.bytes.get(raw.offset, frame);
        int start = linkType == COOKED ? 16 : linkType == COOKED_2 ? 20 : 0;
        int protocol = start == 0 || frame.length < start
                ? 0
                : (frame[start == 16 ? 14 : 0] & 0xff) << 8 | frame[start == 16 ? 15 : 1] & 0xff;
        Machine current = Objects.requireNonNull(machine);
        long before = current.steps();
        int takes = (int)
                Math.min(current.run(frame, Math.max(raw.originalLength, frame.length), protocol, start), frame.length);
        int taken = (int) (current.steps() - before);
        steps += taken;
        most = Math.max(most, taken);
        packets++;
        bytes += raw.originalLength;
        if (takes > 0) {
            passed++;
            passedBytes += takes;
            out.bytes = ByteBuffer.allocateDirect(takes).put(0, frame, 0, takes);
            out.offset = 0;
            out.capturedLength = takes;
            out.originalLength = raw.originalLength;
            out.linkType = raw.linkType;
            out.timestampNanos = raw.timestampNanos;
            out.number = raw.number;
            out.file = raw.file;
            out.interfaceIndex = raw.interfaceIndex;
            next.packet(out);
        }
    }

    private void exchange(long nanos) {
        KernelFilter.Link link = switch (linkType) {
            case ETHERNET -> KernelFilter.Link.ETHERNET;
            case COOKED, COOKED_2 -> KernelFilter.Link.ANY;
            default -> KernelFilter.Link.RAW_IP;
        };
        machine = new Machine(new KernelFilter(link, mode, snaplen, new int[] {443}, true).program(watched));
        watched.taken(nanos);
    }
}
