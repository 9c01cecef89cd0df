// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import egret.capture.linux.Libc;
import egret.capture.pcap.CaptureFiles;
import egret.capture.pcap.RawPacket;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;

/**
 * Sends the frames of a capture again and again, as fast as one core can or at a rate: {@code replay INTERFACE FILE SECONDS
 * [PACKETS_PER_SECOND]}. Prints how many went. Linux, 64 bits, needs NET_RAW.
 */
public final class Replay {
    private static final int MOST_BYTES = 512 << 20;
    private static final int MOST_PACKETS = 400_000;
    private static final int LONGEST_FRAME = 1514;

    /** struct mmsghdr, struct iovec. */
    private static final int MESSAGE = 64;

    private static final int VECTOR = 16;
    private static final long SECOND = 1_000_000_000L;

    private final ByteBuffer frames;
    private final ByteBuffer messages =
            ByteBuffer.allocateDirect(MOST_PACKETS * MESSAGE).order(ByteOrder.nativeOrder());
    private final ByteBuffer vectors =
            ByteBuffer.allocateDirect(MOST_PACKETS * VECTOR).order(ByteOrder.nativeOrder());
    private int packets;

    private Replay(long fileBytes) {
        frames = ByteBuffer.allocateDirect((int) Math.min(fileBytes, MOST_BYTES));
    }

    private void add(RawPacket packet) {
        int length = packet.capturedLength;
        if (packets == MOST_PACKETS || length > LONGEST_FRAME || length > frames.remaining()) {
            return;
        }
        vectors.putLong(packets * VECTOR, Libc.address(frames) + frames.position());
        vectors.putLong(packets * VECTOR + 8, length);
        messages.putLong(packets * MESSAGE + 16, Libc.address(vectors) + (long) packets * VECTOR);
        messages.putLong(packets * MESSAGE + 24, 1);
        frames.put(frames.position(), packet.bytes, packet.offset, length);
        frames.position(frames.position() + length);
        packets++;
    }

    private long send(String device, long nanos, long rate) {
        int fd = PacketSocket.open(device);
        long start = System.nanoTime();
        long now = start;
        long sent = 0;
        int next = 0;
        while (now - start < nanos) {
            long due = rate == 0 ? Long.MAX_VALUE : (now - start) / 1000 * rate / 1_000_000L;
            if (sent < due) {
                int count = (int) Math.min(Math.min(PacketSocket.BATCH, packets - next), due - sent);
                long result = PacketSocket.send(fd, Libc.address(messages) + (long) next * MESSAGE, count);
                if (result > 0) {
                    sent += result;
                    next = next + (int) result >= packets ? 0 : next + (int) result;
                }
            } else {
                Thread.onSpinWait();
            }
            now = System.nanoTime();
        }
        Libc.close(fd);
        return sent;
    }

    /** Exits with 2 if the arguments are wrong. */
    public static void main(String[] arguments) {
        if (arguments.length < 3 || arguments.length > 4) {
            System.err.println("usage: replay INTERFACE FILE SECONDS [PACKETS_PER_SECOND]");
            System.exit(2);
        }
        Replay replay = new Replay(new File(arguments[1]).length());
        CaptureFiles.read(List.of(arguments[1]), 1, replay::add, (read, size) -> {});
        long nanos = (long) (Double.parseDouble(arguments[2]) * SECOND);
        long rate = arguments.length == 4 ? Long.parseLong(arguments[3]) : 0;
        long sent = replay.send(arguments[0], nanos, rate);
        System.out.printf(
                Locale.ROOT,
                "sent %d packets in %.1f s: %.3f Mpps, %.2f Gbps%n",
                sent,
                nanos / 1e9,
                sent * 1e3 / nanos,
                sent * 8.0 * replay.frames.position() / replay.packets / nanos);
    }
}
