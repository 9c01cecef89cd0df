// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import egret.capture.pcap.CaptureFiles;
import egret.capture.socket.SocketSourceException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Sends the frames of a capture into one end of a veth pair, from inside the kernel ({@link KernelSender}): {@code replay
 * INTERFACE ITS_PEER FILE SECONDS [PACKETS_PER_SECOND]}; with a rate of 0 as fast as one core can, with 0 seconds every frame
 * once. It begins with a second at {@value #SLOW}, once with a quarter of the frames at that rate, for whoever listens to get
 * warm. Prints as one line of JSON how many went and arrived, and the rate without that beginning.
 */
public final class Replay {
    private static final int SLOW = 200_000;
    private static final int MOST_BYTES = 512 << 20;

    /** A call costs up to some hundredths of a second before its first packet; it ends only after so many. */
    private static final int RUNS = 1_000_000;

    private static final long SECOND = 1_000_000_000L;

    private final KernelSender sender;
    private long begun;
    private long sentBefore;

    private Replay(KernelSender sender) {
        this.sender = sender;
    }

    private void send(double seconds, long rate) {
        sender.pace(rate, true);
        begin();
        long end = begun + (long) (seconds * SECOND);
        while (System.nanoTime() - end < 0) {
            sender.run(RUNS);
        }
    }

    /** Every frame once, a quarter of them slowly. */
    private void once(long rate) {
        sender.pace(SLOW, false);
        while (sender.sent() < sender.frames() / 4) {
            sender.run(RUNS / 10);
        }
        sender.pace(rate, false);
        begin();
        while (sender.sent() < sender.frames()) {
            sender.run(RUNS);
        }
    }

    /** From here on the rate is measured. */
    private void begin() {
        begun = System.nanoTime();
        sentBefore = sender.sent();
    }

    private double packetsPerSecond() {
        return (sender.sent() - sentBefore) * (double) SECOND / (System.nanoTime() - begun);
    }

    /** Packets that an interface of this namespace received so far. */
    private static long received(String device) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
            String[] words = line.trim().split("[: ]+", -1);
            if (words[0].equals(device)) {
                return Long.parseLong(words[2]);
            }
        }
        throw new IOException("no interface " + device);
    }

    /** Exits with 2 if the arguments are wrong. */
    public static void main(String[] arguments) throws IOException, SocketSourceException {
        if (arguments.length < 4 || arguments.length > 5) {
            System.err.println("usage: replay INTERFACE ITS_PEER FILE SECONDS [PACKETS_PER_SECOND]");
            System.exit(2);
        }
        String peer = arguments[1];
        double seconds = Double.parseDouble(arguments[3]);
        long rate = arguments.length == 5 ? Long.parseLong(arguments[4]) : 0;
        int room = (int) Math.min(MOST_BYTES, new File(arguments[2]).length() * 51 / 50);
        try (KernelSender sender = new KernelSender(arguments[0], peer, room)) {
            CaptureFiles.read(
                    List.of(arguments[2]),
                    1,
                    packet -> sender.add(packet.bytes, packet.offset, packet.capturedLength),
                    (read, size) -> {});
            Replay replay = new Replay(sender);
            long before = received(peer);
            if (seconds == 0) {
                replay.once(rate);
            } else {
                if (rate == 0 || rate > SLOW) {
                    replay.send(1, SLOW);
                }
                replay.send(seconds, rate);
            }
            double mpps = replay.packetsPerSecond() / 1e6;
            System.out.printf(
                    Locale.ROOT,
                    "{\"packets\": %d, \"arrived\": %d, \"mpps\": %.3f, \"gbps\": %.2f}%n",
                    sender.sent(),
                    received(peer) - before,
                    mpps,
                    mpps * sender.bytesPerFrame() * 8 / 1e3);
        }
    }
}
