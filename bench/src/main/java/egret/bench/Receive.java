// SPDX-License-Identifier: Apache-2.0
package egret.bench;

import egret.capture.CapturePipeline;
import egret.capture.decode.Packet;
import egret.capture.decode.PacketDecoder;
import egret.capture.decode.PacketTotals;
import egret.capture.filter.KernelFilter;
import egret.capture.filter.WatchedAddresses;
import egret.capture.flow.NameTable;
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
 * Captures until standard input ends: {@code receive INTERFACE ring|pcap [--decode | --hellos] [--filter] [--drain]}.
 * Prints what came, what was lost and what a packet cost, and with {@code --hellos} what connections it makes of them; with
 * {@code --filter} the kernel discards what counting does not need. With {@code --drain} it sleeps first and then measures reading a ring that is full.
 */
public final class Receive implements LiveListener {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Not measured: the second in which {@link Replay} sends slowly, and a little more. */
    private static final long WARM_NANOS = 1_200_000_000L;

    private static final long DRAIN_AFTER = 400_000;

    private final PacketDecoder decoder = new PacketDecoder();
    private final Packet decoded = new Packet();
    private final HelloCount count = new HelloCount();
    private final CapturePipeline pipeline = new CapturePipeline(new NameTable(), new PacketTotals(), count);
    private final boolean decode;
    private final boolean hellos;
    private final long drainAt;
    private long packets;
    private long bytes;
    private long tcp;
    private long blocks;
    private long measuredFrom;
    private long cpuFrom;
    private long measuredTo;
    private long beganAt;
    private long wallFrom;
    private long wallTo;
    private long cpuTo;

    private Receive(boolean decode, boolean hellos, long drainAt) {
        this.decode = decode;
        this.hellos = hellos;
        this.drainAt = drainAt;
    }

    @Override
    public void beforePackets() {
        blocks++;
        long cpu = THREADS.getCurrentThreadCpuTime();
        if (warm() && measuredFrom == 0) {
            if (drainAt > 0) {
                sleep();
                cpu = THREADS.getCurrentThreadCpuTime();
            }
            measuredFrom = packets;
            cpuFrom = cpu;
            wallFrom = System.nanoTime();
        }
        if (packets != measuredTo) {
            measuredTo = packets;
            cpuTo = cpu;
            wallTo = System.nanoTime();
        }
    }

    private boolean warm() {
        if (packets > 0 && beganAt == 0) {
            beganAt = System.nanoTime();
        }
        return drainAt > 0 ? packets >= drainAt : packets > 0 && System.nanoTime() - beganAt >= WARM_NANOS;
    }

    private static void sleep() {
        try {
            Thread.sleep(2_000);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void time(long nanos) {
        if (hellos) {
            pipeline.time(nanos);
        }
    }

    @Override
    public void packet(RawPacket packet) {
        packets++;
        bytes += packet.originalLength;
        if (hellos) {
            pipeline.packet(packet);
        } else if (decode) {
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
        Receive receive = new Receive(
                options.contains("--decode"),
                options.contains("--hellos"),
                options.contains("--drain") ? DRAIN_AFTER : 0);
        try (LiveCapture capture = LiveCapture.open(live)) {
            System.out.println(capture.description());
            if (options.contains("--filter")) {
                filter(capture);
            }
            stopAtEndOfInput(capture);
            long cpu = THREADS.getCurrentThreadCpuTime();
            LiveOutcome outcome = capture.run(receive);
            receive.pipeline.finish();
            receive.print(outcome, capture.statistics(), THREADS.getCurrentThreadCpuTime() - cpu);
        } catch (LiveException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
        }
    }

    /** As the agent has it once it knows the addresses of Docker Hub. */
    private static void filter(LiveCapture capture) {
        WatchedAddresses watched = new WatchedAddresses();
        for (int choice = 0; choice < 3; choice++) {
            watched.seen(0, 0xffff_0000_0000L | Integer.toUnsignedLong(Network.serverIpv4(0, choice)));
        }
        watched.seen(0x2001_0db8_ffff_0000L, 1);
        KernelFilter filter =
                new KernelFilter(KernelFilter.Link.ANY, KernelFilter.Mode.NORMAL, 4_096, new int[] {443}, false);
        if (!capture.attach(LiveCapture.ALL, filter.program(watched))) {
            throw new IllegalStateException("The kernel refuses the filter.");
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
        System.out.printf(
                Locale.ROOT,
                "{\"packets\": %d, \"dropped\": %d, \"connections\": %d, \"hellos\": %d, \"share\": %.4f}%n",
                packets,
                statistics.dropped(),
                count.connections,
                count.hellos,
                wallTo > wallFrom ? (double) (cpuTo - cpuFrom) / (wallTo - wallFrom) : 0);
    }
}
