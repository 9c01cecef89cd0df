// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import com.sun.management.ThreadMXBean;
import egret.capture.pcap.RawPacket;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A running capture and what it handed over of the test's datagrams. */
final class Captured implements LiveListener, AutoCloseable {
    static final int IP_AND_UDP = 28;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    final LiveCapture capture;
    final List<InterfaceChange> changes = new CopyOnWriteArrayList<>();
    volatile long datagrams;
    volatile long others;
    volatile long bytes;
    volatile long blocks;
    volatile long times;
    volatile long lastTime;
    volatile long lastStamp;
    volatile long backwards;
    volatile int lastCaptured;
    volatile int lastOriginal;
    volatile int lastLinkType;
    volatile int lastInterface;
    volatile boolean numbered = true;
    /** Of all packets, whatever their order. */
    volatile long digest;

    volatile int longest;
    /** Segments that end a TCP connection. */
    volatile int ends;

    volatile long allocatedWithinBlocks;
    volatile LiveOutcome outcome;
    volatile Throwable thrown;
    /** Run once, on the capturing thread. */
    volatile Runnable errand;

    private final Thread thread;
    private long packets;
    private long allocatedAtFirst;
    private boolean first;

    Captured(LiveCapture capture) {
        this.capture = capture;
        thread = new Thread(
                () -> {
                    try {
                        outcome = capture.run(this);
                    } catch (RuntimeException | Error problem) {
                        thrown = problem;
                    }
                },
                "capture");
        thread.start();
    }

    @Override
    public void beforePackets() {
        blocks++;
        first = true;
    }

    @Override
    public void time(long nanos) {
        backwards += nanos < lastTime ? 1 : 0;
        lastTime = nanos;
        times++;
        Runnable once = errand;
        if (once != null) {
            errand = null;
            once.run();
        }
    }

    @Override
    public void interfaceChanged(InterfaceChange change) {
        changes.add(change);
    }

    @Override
    public void packet(RawPacket packet) {
        if (first) {
            first = false;
            allocatedAtFirst = THREADS.getCurrentThreadAllocatedBytes();
        } else {
            allocatedWithinBlocks =
                    Math.max(allocatedWithinBlocks, THREADS.getCurrentThreadAllocatedBytes() - allocatedAtFirst);
        }
        numbered &= packet.number == ++packets;
        sum(packet);
        int ip = packet.offset + (packet.linkType == 113 ? 16 : packet.linkType == 1 ? 14 : 0);
        if (packet.capturedLength < ip - packet.offset + IP_AND_UDP
                || packet.bytes.get(ip) != 0x45
                || packet.bytes.get(ip + 9) != 17
                || packet.bytes.getShort(ip + 22) != TestNetwork.PORT) {
            others++;
            return;
        }
        lastStamp = packet.timestampNanos;
        lastCaptured = packet.capturedLength;
        lastOriginal = packet.originalLength;
        lastLinkType = packet.linkType;
        lastInterface = packet.interfaceIndex;
        bytes += packet.originalLength;
        datagrams++;
    }

    private void sum(RawPacket packet) {
        longest = Math.max(longest, packet.originalLength);
        int length = Math.min(packet.capturedLength, 60);
        long hash = packet.originalLength; // the kernel stamps each socket's copy for itself
        hash = hash * 31 + packet.capturedLength;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + packet.bytes.get(packet.offset + i);
        }
        digest += hash * hash;
        if (length > 47
                && packet.bytes.get(packet.offset + 23) == 6
                && (packet.bytes.get(packet.offset + 47) & 1) != 0) {
            ends++;
        }
    }

    long all() {
        return datagrams + others;
    }

    /** Waits for something that this capture sees; false if it does not come. */
    static boolean eventually(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(2);
        }
        return true;
    }

    boolean saw(InterfaceChange.Kind kind) throws InterruptedException {
        return eventually(() -> changes.stream().anyMatch(change -> change.kind() == kind));
    }

    /** How long it took, in milliseconds. */
    long stop() throws InterruptedException {
        long start = System.nanoTime();
        capture.stop();
        thread.join(10_000);
        return (System.nanoTime() - start) / 1_000_000L;
    }

    boolean ended() throws InterruptedException {
        thread.join(10_000);
        return !thread.isAlive();
    }

    @Override
    public void close() {
        capture.close();
    }
}
