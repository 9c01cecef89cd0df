// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.linux.Libc;
import egret.capture.linux.NetworkDevice;
import egret.capture.live.LiveException.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A packet socket (packet(7)) with a mapped ring of blocks, bound to one interface or to all. It outlives its interface: when
 * one of the same name comes, the same socket is bound to it, in the network namespace it was opened in.
 */
final class RingSocket implements AutoCloseable {
    /**
     * Holds the largest frame of segmentation offload. A block is handed over after {@link LiveOptions#waitMillis} however
     * little is in it, so small blocks are what bridges a pause of the reader: at 10 ms 32 MiB of them are 2.5 s.
     */
    static final int BLOCK_BYTES = 128 << 10;

    private static final int FEWEST_BLOCKS = 8;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int ETH_P_ALL = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int TPACKET_V3 = 2;
    private static final int PACKET_MR_PROMISC = 1;
    private static final int READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int ENOMEM = 12;

    private enum State {
        RUNNING,
        DOWN,
        GONE
    }

    private final ByteBuffer value = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
    private final ByteBuffer valueLength = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
    private final boolean promiscuous;
    private final int waitMillis;
    private int fd;
    private int index;
    private String name;
    private State state = State.RUNNING;
    private long address;
    private int blocks;
    private long packets;
    private long drops;
    private long freezes;

    private RingSocket(int fd, String name, LiveOptions options) {
        this.fd = fd;
        this.name = name;
        this.promiscuous = options.promiscuous();
        this.waitMillis = options.waitMillis();
    }

    /**
     * Opens it, in the network namespace of the calling thread.
     *
     * @param name of an interface that is there; any problem but a missing permission is {@link Problem#OTHER}
     * @param filter what is taken from the first packet on
     */
    static RingSocket open(String name, LiveOptions options, int blocks, long[] filter) throws LiveException {
        int fd = Libc.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
            int errno = Libc.errno();
            throw errno == Libc.EPERM || errno == Libc.EACCES
                    ? new LiveException(
                            Problem.NO_PERMISSION, CaptureRight.missing().sentence())
                    : failed("a packet socket", errno);
        }
        RingSocket socket = new RingSocket(fd, name, options);
        try {
            socket.prepare(blocks, filter);
            return socket;
        } catch (LiveException problem) {
            socket.close();
            throw problem;
        }
    }

    private static LiveException failed(String what, int errno) {
        return new LiveException(Problem.OTHER, "The kernel gives no " + what + " (error " + errno + ").");
    }

    private void prepare(int wanted, long[] filter) throws LiveException {
        value.putInt(0, TPACKET_V3);
        if (Libc.setsockopt(fd, SOL_PACKET, PACKET_VERSION, value, 4) != 0) {
            throw failed("ring of version 3", Libc.errno());
        }
        if (!SocketFilter.attach(fd, filter)) {
            throw failed("packet filter", Libc.errno());
        }
        blocks = Math.max(FEWEST_BLOCKS, wanted);
        while (!ring()) {
            int errno = Libc.errno();
            if (errno != ENOMEM || blocks <= FEWEST_BLOCKS) {
                throw failed("ring of " + (length() >> 20) + " MiB", errno);
            }
            blocks = Math.max(FEWEST_BLOCKS, blocks / 2);
        }
        address = Libc.mmap(0, length(), READ_WRITE, MAP_SHARED, fd, 0);
        if (address == -1) {
            address = 0;
            throw failed("mapping of " + (length() >> 20) + " MiB", Libc.errno());
        }
        int found = name.equals(LiveOptions.ANY) ? 0 : NetworkDevice.index(fd, name);
        if (!bindTo(found)) {
            throw failed("packets of " + name, Libc.errno());
        }
    }

    private boolean ring() {
        int frame = 2048; // only has to divide the block
        value.putInt(0, BLOCK_BYTES).putInt(4, blocks).putInt(8, frame).putInt(12, BLOCK_BYTES / frame * blocks);
        value.putInt(16, waitMillis).putInt(20, 0).putInt(24, 0);
        return Libc.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, value, 28) == 0;
    }

    private boolean bindTo(int newIndex) {
        ByteBuffer link = ByteBuffer.allocateDirect(20).order(ByteOrder.nativeOrder());
        link.putShort(0, (short) AF_PACKET).put(3, (byte) ETH_P_ALL).putInt(4, newIndex);
        if (Libc.bind(fd, link, 20) != 0) {
            return false;
        }
        index = newIndex;
        if (promiscuous && newIndex != 0) {
            // Refused where an interface cannot: what is for this host is captured all the same.
            value.putInt(0, newIndex)
                    .putShort(4, (short) PACKET_MR_PROMISC)
                    .putShort(6, (short) 0)
                    .putLong(8, 0);
            Libc.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, value, 16);
        }
        return true;
    }

    int descriptor() {
        return fd;
    }

    String name() {
        return name;
    }

    /** The kernel's number of the interface; 0 for all. */
    int index() {
        return index;
    }

    int length() {
        return blocks * BLOCK_BYTES;
    }

    /** The blocks, one behind the other; not to be touched after {@link #close}. */
    ByteBuffer memory() {
        return Libc.memory(address, length());
    }

    boolean gone() {
        return state == State.GONE;
    }

    boolean attach(long[] filter) {
        return SocketFilter.attach(fd, filter);
    }

    /** Whether the interface went down or away since this was asked last. */
    boolean failed() {
        valueLength.putInt(0, 4);
        return Libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, valueLength) == 0 && value.getInt(0) == Libc.ENETDOWN;
    }

    /**
     * What happened to the interface.
     *
     * @param failed {@link #failed()} was true
     */
    InterfaceChange.@Nullable Kind look(boolean failed) {
        if (state == State.RUNNING && !failed) {
            return null;
        }
        if (state == State.GONE) {
            return lookForReturn();
        }
        String present = NetworkDevice.name(fd, index);
        if (present == null) {
            state = State.GONE;
            return InterfaceChange.Kind.GONE;
        }
        name = present; // it may have been renamed
        if (state == State.RUNNING) {
            state = State.DOWN;
            return InterfaceChange.Kind.DOWN;
        }
        if (up()) {
            state = State.RUNNING;
            return InterfaceChange.Kind.UP;
        }
        return null;
    }

    private InterfaceChange.@Nullable Kind lookForReturn() {
        int found = NetworkDevice.index(fd, name);
        if (found == 0 || !bindTo(found)) {
            return null;
        }
        state = up() ? State.RUNNING : State.DOWN;
        return InterfaceChange.Kind.BACK;
    }

    private boolean up() {
        int flags = NetworkDevice.flags(fd, name);
        return flags >= 0 && (flags & NetworkDevice.UP) != 0;
    }

    /** Adds what the kernel counted since the last time: asking sets its counters to zero. */
    void count() {
        valueLength.putInt(0, 12);
        if (Libc.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, value, valueLength) == 0) {
            packets += Integer.toUnsignedLong(value.getInt(0));
            drops += Integer.toUnsignedLong(value.getInt(4));
            freezes += Integer.toUnsignedLong(value.getInt(8));
        }
    }

    long packets() {
        return packets;
    }

    long drops() {
        return drops;
    }

    long freezes() {
        return freezes;
    }

    @Override
    public void close() {
        if (address != 0) {
            Libc.munmap(address, length());
            address = 0;
        }
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
