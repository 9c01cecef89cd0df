// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import static egret.capture.socket.BpfAssembler.FRAME;
import static egret.capture.socket.BpfAssembler.R0;
import static egret.capture.socket.BpfAssembler.R1;
import static egret.capture.socket.BpfAssembler.R2;
import static egret.capture.socket.BpfAssembler.R3;
import static egret.capture.socket.BpfAssembler.R4;
import static egret.capture.socket.BpfAssembler.R6;
import static egret.capture.socket.BpfAssembler.R7;
import static egret.capture.socket.BpfAssembler.R8;
import static egret.capture.socket.BpfAssembler.R9;

import egret.capture.linux.Libc;
import egret.capture.linux.NetworkDevice;
import egret.capture.socket.BpfAssembler;
import egret.capture.socket.BpfCalls;
import egret.capture.socket.BpfFunction;
import egret.capture.socket.SocketSourceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Sends frames that lie in a BPF map into one end of a veth pair from inside the kernel: an XDP program, which the kernel
 * runs over and over (Documentation/bpf/bpf_prog_run.rst, "Running XDP programs in live frame mode"), writes the next frame
 * and redirects it. A system call and a socket buffer for each packet, as with a packet socket, cost two to three times as
 * much. The other end takes redirected frames once it has an XDP program too, one that lets all pass. Linux 5.18, as root.
 */
final class KernelSender implements AutoCloseable {
    private static final int XDP = 6;
    private static final int ATTACHED_TO_XDP = 37;
    private static final int ARRAY = 2;
    private static final int MAPPABLE = 1 << 10;
    private static final int READ_WRITE = 3;
    private static final int SHARED = 1;
    private static final int RUN = 10;
    private static final int LIVE_FRAMES = 2;

    /** Frames on their way at a time; the queue of a veth holds 256. */
    private static final int BATCH = 64;

    /** With a VLAN tag. */
    private static final int LONGEST = 1518;

    /** The map's values are blocks of frames. Before each frame stand its length and where the next is, 0 in the next block. */
    private static final int BLOCK_BYTES = 64 << 10;

    private static final int HEADER_BYTES = 8;
    private static final int LAST_OFFSET = BLOCK_BYTES - HEADER_BYTES - LONGEST;

    /** What program and sender share: numbers of eight bytes. */
    private static final int BLOCK = 0;

    private static final int OFFSET = 8;

    /** This block is the first one. */
    private static final int END = 16;

    private static final int SENT = 24;
    private static final int DUE = 32;
    private static final int PERIOD = 40;
    private static final int SHARED_BYTES = 48;

    private static final int XDP_DROP = 1;
    private static final int XDP_PASS = 2;

    private final ByteBuffer frame = ByteBuffer.allocateDirect(LONGEST);
    private final ByteBuffer attributes = BpfCalls.attributes();
    private final ByteBuffer shared;
    private final ByteBuffer blocks;
    private final int[] descriptors = new int[5];
    private int opened;
    private int last = -1;
    private int frames;
    private long bytes;

    /** @param room bytes for frames, of which a fiftieth remains unused; taken at once */
    KernelSender(String device, String peer, int room) throws SocketSourceException {
        int count = room / BLOCK_BYTES + 1;
        int state = keep(BpfCalls.createMap(ARRAY, 4, SHARED_BYTES, 1, MAPPABLE, "bench_state"));
        int store = keep(BpfCalls.createMap(ARRAY, 4, BLOCK_BYTES, count, MAPPABLE, "bench_frames"));
        shared = map(state, SHARED_BYTES);
        blocks = map(store, count * BLOCK_BYTES);
        int pass = keep(BpfCalls.load(XDP, ATTACHED_TO_XDP, pass(), "bench_pass"));
        keep(BpfCalls.link(pass, index(peer), ATTACHED_TO_XDP, "bench_pass"));
        int program = keep(BpfCalls.load(XDP, ATTACHED_TO_XDP, program(state, store, index(device)), "bench_send"));
        attributes.putInt(0, program).putInt(8, LONGEST).putLong(16, Libc.address(frame));
        attributes.putInt(64, LIVE_FRAMES).putInt(72, BATCH);
    }

    private int keep(int descriptor) {
        descriptors[opened++] = descriptor;
        return descriptor;
    }

    private static int index(String device) {
        int socket = Libc.socket(2, 2, 0);
        int index = NetworkDevice.index(socket, device);
        Libc.close(socket);
        return index;
    }

    private static ByteBuffer map(int descriptor, int length) {
        long address = Libc.mmap(0, length, READ_WRITE, SHARED, descriptor, 0);
        if (address == -1) {
            throw new IllegalStateException("cannot map a BPF map: " + Libc.strerror(Libc.errno()));
        }
        return Libc.memory(address, length).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer pass() {
        return new BpfAssembler().set(R0, XDP_PASS).exit().assemble();
    }

    /** R6: the frame to fill; R7: what is shared; R8: a number; R9: what it is filled from. */
    private static ByteBuffer program(int state, int store, int device) {
        return new BpfAssembler()
                .move(R6, R1)
                .mapValue(R7, state)
                // Not before it is due.
                .load8(R8, R7, PERIOD)
                .jumpIfEqual(R8, 0, "due")
                .call(BpfFunction.KTIME_GET_NANOS)
                .load8(R1, R7, DUE)
                .jumpIfGreater(R1, R0, "drop")
                .atomicAdd8(R7, DUE, R8)
                .label("due")
                // The next frame; past the last block there is none.
                .load8(R8, R7, BLOCK)
                .store4(FRAME, -4, R8)
                .map(R1, store)
                .move(R2, FRAME)
                .plus(R2, -4)
                .call(BpfFunction.MAP_LOOKUP_ELEMENT)
                .jumpIfEqual(R0, 0, "drop")
                .move(R9, R0)
                .load8(R1, R7, OFFSET)
                .set(R2, LAST_OFFSET)
                .jumpIfGreater(R1, R2, "drop")
                .add(R9, R1)
                .load4(R1, R9, 4)
                .store8(R7, OFFSET, R1)
                .jumpIfNotEqual(R1, 0, "same block")
                .plus(R8, 1)
                .load8(R1, R7, END)
                .jumpIfGreater(R1, R8, "not the end")
                .set(R8, 0)
                .label("not the end")
                .store8(R7, BLOCK, R8)
                .label("same block")
                .load4(R8, R9, 0)
                .jumpIfEqual(R8, 0, "drop")
                .set(R1, LONGEST)
                .jumpIfGreater(R8, R1, "drop")
                // Its length, its bytes, and out.
                .load4(R3, R6, 4)
                .load4(R1, R6, 0)
                .minus(R3, R1)
                .move(R2, R8)
                .minus(R2, R3)
                .move(R1, R6)
                .call(BpfFunction.XDP_ADJUST_TAIL)
                .move(R1, R6)
                .set(R2, 0)
                .move(R3, R9)
                .plus(R3, HEADER_BYTES)
                .move(R4, R8)
                .call(BpfFunction.XDP_STORE_BYTES)
                .set(R1, 1)
                .atomicAdd8(R7, SENT, R1)
                .set(R1, device)
                .set(R2, 0)
                .call(BpfFunction.REDIRECT)
                .exit()
                .label("drop")
                .set(R0, XDP_DROP)
                .exit()
                .assemble();
    }

    /** Takes a frame, unless it is too long or there is no room. */
    void add(ByteBuffer from, int offset, int length) {
        int at = last < 0 ? 0 : last + HEADER_BYTES + (blocks.getInt(last) + 7) / 8 * 8;
        if (at % BLOCK_BYTES > LAST_OFFSET || at / BLOCK_BYTES > Math.max(0, last) / BLOCK_BYTES) {
            at = (Math.max(0, last) / BLOCK_BYTES + 1) * BLOCK_BYTES;
        }
        if (length > LONGEST || at >= blocks.capacity()) {
            return;
        }
        if (last >= 0) {
            blocks.putInt(last + 4, at % BLOCK_BYTES);
        }
        blocks.putInt(at, length);
        blocks.put(at + HEADER_BYTES, from, offset, length);
        last = at;
        frames++;
        bytes += length;
    }

    int frames() {
        return frames;
    }

    double bytesPerFrame() {
        return (double) bytes / frames;
    }

    long sent() {
        return shared.getLong(SENT);
    }

    /** Frames from now on go in this many packets a second, 0 for as fast as they can; after the last comes the first, or none. */
    void pace(long rate, boolean again) {
        shared.putLong(PERIOD, rate == 0 ? 0 : 1_000_000_000L / rate);
        shared.putLong(DUE, System.nanoTime());
        shared.putLong(END, again ? last / BLOCK_BYTES + 1 : Long.MAX_VALUE);
    }

    /** Runs the program so often; not every time is a frame due. */
    void run(int times) {
        attributes.putInt(32, times);
        if (BpfCalls.bpf(RUN, attributes) < 0 && Libc.errno() != Libc.EINTR) {
            throw new IllegalStateException("cannot send from the kernel: " + Libc.strerror(Libc.errno()));
        }
    }

    @Override
    public void close() {
        while (opened > 0) {
            Libc.close(descriptors[--opened]);
        }
    }
}
