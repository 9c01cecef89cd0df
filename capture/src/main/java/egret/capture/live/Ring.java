// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.pcap.PacketSink;
import egret.capture.pcap.RawPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The blocks of packets that the kernel and this process pass to each other, in the order in which they are filled
 * (linux/if_packet.h, TPACKET_V3; net/packet/af_packet.c). Packets are views of the kernel's memory: nothing is copied.
 *
 * <pre>
 *  block   0 version | 4 private | 8 status | 12 packets | 16 offset of the first | ...
 *  packet  0 offset of the next | 4 s | 8 ns | 12 captured | 16 original | 20 status | 24 frame | 26 IP | 32 tag | 36 its type
 *          48 family | 50 protocol (big-endian) | 52 interface | 56 ARPHRD | 58 direction
 * </pre>
 */
final class Ring {
    private static final int STATUS = 8;
    private static final int PACKETS = 12;
    private static final int FIRST = 16;

    private static final int SECONDS = 4;
    private static final int NANOS = 8;
    private static final int CAPTURED = 12;
    private static final int ORIGINAL = 16;
    private static final int PACKET_STATUS = 20;
    private static final int FRAME = 24;
    private static final int NETWORK = 26;
    private static final int TAG = 32;
    private static final int TAG_TYPE = 36;
    private static final int PROTOCOL = 50;
    private static final int INTERFACE = 52;
    private static final int HARDWARE = 56;
    private static final int DIRECTION = 58;
    private static final int HEADERS_END = 68;

    /** Block: it is ours to read. */
    private static final int USER = 1;

    private static final int TAG_VALID = 1 << 4;
    private static final int TAG_TYPE_VALID = 1 << 6;
    private static final byte OUTGOING = 4;
    private static final int TAG_BYTES = 4;
    private static final int ADDRESSES = 12;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;

    private static final long SECOND = 1_000_000_000L;
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    private final ByteBuffer memory;
    private final ByteBuffer bytes;
    private final int blocks;
    private int current;
    private long duplicates;
    private long foreign;

    /** @param memory blocks of {@link RingSocket#BLOCK_BYTES}, in the machine's byte order */
    Ring(ByteBuffer memory) {
        this.memory = memory;
        this.bytes = memory.duplicate().order(ByteOrder.BIG_ENDIAN);
        this.blocks = memory.capacity() / RingSocket.BLOCK_BYTES;
    }

    /** Whether there is a block to {@link #give}. */
    boolean ready() {
        return ((int) INT.getAcquire(memory, current * RingSocket.BLOCK_BYTES + STATUS) & USER) != 0;
    }

    /** Whether the kernel has put packets into the block that it has not handed over yet. */
    boolean filling() {
        int block = current * RingSocket.BLOCK_BYTES;
        return !ready() && (int) INT.getOpaque(memory, block + PACKETS) > 0;
    }

    /**
     * When the first packet of the block came that is ready; 0 if the block is empty. What the block itself says is when the
     * kernel began it, perhaps long before a packet came.
     */
    long firstNanos() {
        int block = current * RingSocket.BLOCK_BYTES;
        return memory.getInt(block + PACKETS) == 0 ? 0 : nanos(block + memory.getInt(block + FIRST));
    }

    private long nanos(int at) {
        return Integer.toUnsignedLong(memory.getInt(at + SECONDS)) * SECOND
                + Integer.toUnsignedLong(memory.getInt(at + NANOS));
    }

    /** Hands over the packets of the block that is ready, and the block back to the kernel. */
    void give(RawPacket packet, PacketSink sink) {
        int block = current * RingSocket.BLOCK_BYTES;
        int count = memory.getInt(block + PACKETS);
        int at = block + memory.getInt(block + FIRST);
        for (int i = 0; i < count; i++) {
            if (view(at, packet)) {
                packet.number++;
                sink.packet(packet);
            }
            at += memory.getInt(at);
        }
        INT.setRelease(memory, block + STATUS, 0);
        current = current + 1 == blocks ? 0 : current + 1;
    }

    /** False for what is not handed over. */
    private boolean view(int at, RawPacket packet) {
        int hardware = Short.toUnsignedInt(memory.getShort(at + HARDWARE));
        if (hardware == LinkTypes.LOOPBACK_HARDWARE && memory.get(at + DIRECTION) == OUTGOING) {
            duplicates++; // it comes in, too
            return false;
        }
        int frame = Short.toUnsignedInt(memory.getShort(at + FRAME));
        int skipped = 0;
        int linkType = LinkTypes.of(hardware);
        if (linkType == LinkTypes.RAW) {
            int protocol = Short.toUnsignedInt(bytes.getShort(at + PROTOCOL));
            if (protocol != IPV4 && protocol != IPV6) {
                foreign++;
                return false;
            }
            skipped = Math.max(0, Short.toUnsignedInt(memory.getShort(at + NETWORK)) - frame);
        }
        packet.bytes = bytes;
        packet.offset = at + frame + skipped;
        packet.capturedLength = Math.max(0, memory.getInt(at + CAPTURED) - skipped);
        packet.originalLength = Math.max(0, memory.getInt(at + ORIGINAL) - skipped);
        packet.linkType = linkType;
        packet.timestampNanos = nanos(at);
        packet.interfaceIndex = memory.getInt(at + INTERFACE);
        if ((memory.getInt(at + PACKET_STATUS) & TAG_VALID) != 0
                && linkType == LinkTypes.ETHERNET
                && frame - TAG_BYTES >= HEADERS_END
                && packet.capturedLength >= ADDRESSES) {
            putTagBack(at, packet);
        }
        return true;
    }

    /** The kernel took the VLAN tag out of the frame; there is room for it before the frame. */
    private void putTagBack(int at, RawPacket packet) {
        int type = (memory.getInt(at + PACKET_STATUS) & TAG_TYPE_VALID) == 0
                ? 0x8100
                : Short.toUnsignedInt(memory.getShort(at + TAG_TYPE));
        int frame = packet.offset;
        bytes.putLong(frame - TAG_BYTES, bytes.getLong(frame));
        bytes.putInt(frame - TAG_BYTES + 8, bytes.getInt(frame + 8));
        bytes.putInt(frame - TAG_BYTES + ADDRESSES, (type << 16) | (memory.getInt(at + TAG) & 0xffff));
        packet.offset -= TAG_BYTES;
        packet.capturedLength += TAG_BYTES;
        packet.originalLength += TAG_BYTES;
    }

    /** Packets of the loopback interface that were seen on their way out. */
    long duplicates() {
        return duplicates;
    }

    /** Frames without a header that is known and without IP. */
    long foreign() {
        return foreign;
    }
}
