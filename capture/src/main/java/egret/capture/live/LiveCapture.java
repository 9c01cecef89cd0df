// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.linux.Libc;
import egret.capture.linux.NetworkDevice;
import egret.capture.live.LiveException.Problem;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A running capture of network interfaces. It is opened by one thread, which must be in the network namespace of the
 * interfaces, and run by one thread, perhaps another; {@link #stop}, {@link #statistics} and {@link #close} are for any.
 */
public final class LiveCapture implements AutoCloseable {
    /** In place of an interface's index: all that are captured. */
    public static final int ALL = -1;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

    private final LiveEngine engine;
    private final String description;
    private @Nullable Thread runner;
    private boolean ended;
    private boolean closed;

    private LiveCapture(LiveEngine engine, String description) {
        this.engine = engine;
        this.description = description;
    }

    /** Packets wait in the kernel from here on, until {@link #run}. */
    public static LiveCapture open(LiveOptions options) throws LiveException {
        if (!isLinux()) {
            if (options.engine() == LiveOptions.Engine.RING) {
                throw new LiveException(Problem.OTHER, "The ring is Linux' own: choose the engine pcap here.");
            }
            PcapEngine pcap = PcapEngine.open(options);
            return new LiveCapture(pcap, pcap.description());
        }
        checkNames(options.interfaces());
        if (!CaptureRight.granted()) {
            throw new LiveException(
                    Problem.NO_PERMISSION, CaptureRight.missing().sentence());
        }
        String why = "";
        if (options.engine() != LiveOptions.Engine.PCAP) {
            List<long[]> filters = UserFilter.compile(options);
            try {
                RingEngine ring = RingEngine.open(options, filters);
                return new LiveCapture(ring, ring.description());
            } catch (LiveException problem) {
                if (options.engine() == LiveOptions.Engine.RING || problem.problem() != Problem.OTHER) {
                    throw problem;
                }
                why = " (" + problem.getMessage() + ")";
            }
        }
        PcapEngine pcap = PcapEngine.open(options);
        return new LiveCapture(pcap, pcap.description() + why);
    }

    static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    private static void checkNames(List<String> names) throws LiveException {
        int fd = Libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        try {
            for (String name : names) {
                if (fd >= 0 && !name.equals(LiveOptions.ANY) && NetworkDevice.index(fd, name) == 0) {
                    throw new LiveException(Problem.NO_SUCH_INTERFACE, noSuch(name));
                }
            }
        } finally {
            if (fd >= 0) {
                Libc.close(fd);
            }
        }
    }

    private static String noSuch(String name) {
        try (DeviceTable table = new DeviceTable()) {
            return "There is no interface \"" + name + "\": choose among " + String.join(", ", table.names())
                    + " and any.";
        }
    }

    /**
     * Hands packets and time to the listener, on this thread, until {@link #stop} or until all interfaces are gone for three
     * seconds. Once only. What the listener throws comes out of here.
     */
    public LiveOutcome run(LiveListener listener) {
        synchronized (this) {
            if (closed || runner != null) {
                throw new IllegalStateException("A capture runs once");
            }
            runner = Thread.currentThread();
        }
        try {
            return engine.run(listener);
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    /** As {@link #run}, but leaves out the packets that waited since the interfaces were opened. */
    public LiveOutcome runFromNow(LiveListener listener) {
        return run(new FromNow(listener));
    }

    /**
     * Lets {@link #run} return: at once without traffic, else after what waits and what the kernel is still
     * gathering, at most twice {@link LiveOptions#waitMillis} and 10 ms later. From any thread.
     */
    public void stop() {
        engine.stop();
    }

    public LiveStatistics statistics() {
        return engine.statistics();
    }

    /**
     * Puts a program into the kernel that takes or discards each packet, in the place of the one before; a filter of the user
     * stays in front of it. On the capturing thread, or before {@link #run}.
     *
     * @param interfaceIndex the kernel's number, or {@link #ALL}
     * @param program of the classic BPF machine, an instruction in a long as {@code struct sock_filter}: code in bits 0-15,
     *     jumps if true and false in 16-23 and 24-31, operand in 32-63; it returns how many bytes of a packet are kept
     * @return false if the engine cannot do it or the kernel refuses the program: all is as before then
     */
    public boolean attach(int interfaceIndex, long[] program) {
        return engine.attach(interfaceIndex, program);
    }

    /** What captures, for people: the engine, and why it is not the better one. */
    public String description() {
        return description;
    }

    /** Stops, waits until {@link #run} has returned, and gives everything back. Not from inside a listener. */
    @Override
    public void close() {
        engine.stop();
        boolean interrupted = false;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (runner == Thread.currentThread() && !ended) {
                throw new IllegalStateException("A listener stops a capture; who opened it closes it");
            }
            closed = true;
            while (runner != null && !ended) {
                try {
                    wait();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        engine.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
