// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import egret.capture.decode.Packet;
import egret.capture.decode.PacketDecoder;
import egret.capture.live.LiveCapture;
import egret.capture.live.LiveException;
import egret.capture.live.LiveListener;
import egret.capture.live.LiveOptions;
import egret.capture.live.LiveOutcome;
import egret.capture.live.LiveStatistics;
import egret.capture.pcap.RawPacket;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;

/**
 * Captures until standard input ends: {@code receive INTERFACE ring|pcap [--decode] [--drain]}. Prints what came, what was
 * lost and what a packet cost. With {@code --drain} it sleeps first and then measures reading a ring that is full.
 */
public final class Receive implements LiveListener {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Enough for the compiler; not measured. */
    private static final long WARM_PACKETS = 200_000;

    private static final long DRAIN_AFTER = 400_000;

    private final PacketDecoder decoder = new PacketDecoder();
    private final Packet decoded = new Packet();
    private final boolean decode;
    private final long drainAt;
    private long packets;
    private long bytes;
    private long tcp;
    private long blocks;
    private long measuredFrom;
    private long cpuFrom;
    private long measuredTo;
    private long cpuTo;

    private Receive(boolean decode, long drainAt) {
        this.decode = decode;
        this.drainAt = drainAt;
    }

    @Override
    public void beforePackets() {
        blocks++;
        long cpu = THREADS.getCurrentThreadCpuTime();
        if (packets >= Math.max(WARM_PACKETS, drainAt) && measuredFrom == 0) {
            if (drainAt > 0) {
                sleep();
                cpu = THREADS.getCurrentThreadCpuTime();
            }
            measuredFrom = packets;
            cpuFrom = cpu;
        }
        measuredTo = packets;
        cpuTo = cpu;
    }

    private static void sleep() {
        try {
            Thread.sleep(2_000);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void time(long nanos) {}

    @Override
    public void packet(RawPacket packet) {
        packets++;
        bytes += packet.originalLength;
        if (decode) {
            decoder.decode(packet, decoded);
            tcp += decoded.payloadLength;
        }
    }

    private static void stopAtEndOfInput(LiveCapture capture) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {}
                    } catch (java.io.IOException end) {
                        capture.stop();
                    }
                    capture.stop();
                },
                "stop");
        thread.setDaemon(true);
        thread.start();
    }

    /** Exits with 1 if nothing can be captured. */
    public static void main(String[] arguments) {
        List<String> options = List.of(arguments);
        LiveOptions live = LiveOptions.of(options.get(0))
                .with(LiveOptions.Engine.valueOf(options.get(1).toUpperCase(Locale.ROOT)));
        Receive receive = new Receive(options.contains("--decode"), options.contains("--drain") ? DRAIN_AFTER : 0);
        try (LiveCapture capture = LiveCapture.open(live)) {
            System.out.println(capture.description());
            stopAtEndOfInput(capture);
            long cpu = THREADS.getCurrentThreadCpuTime();
            LiveOutcome outcome = capture.run(receive);
            receive.print(outcome, capture.statistics(), THREADS.getCurrentThreadCpuTime() - cpu);
        } catch (LiveException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
        }
    }

    private void print(LiveOutcome outcome, LiveStatistics statistics, long cpuNanos) {
        System.out.printf(
                Locale.ROOT,
                "%s %d packets, %d bytes (payload %d) in %d blocks; %s%n%.3f s of the reading thread%s%n",
                outcome.reason(),
                packets,
                bytes,
                tcp,
                blocks,
                statistics,
                cpuNanos / 1e9,
                measuredTo > measuredFrom
                        ? String.format(
                                Locale.ROOT,
                                "; %.1f ns a packet when warm",
                                (double) (cpuTo - cpuFrom) / (measuredTo - measuredFrom))
                        : "");
    }
}
