// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Machine;
import egret.analyzer.watch.Status;
import egret.capture.CapturePipeline;
import egret.capture.count.CountSink;
import egret.capture.count.SourceCounter;
import egret.capture.count.Vantage;
import egret.capture.decode.PacketTotals;
import egret.capture.flow.NameTable;
import egret.capture.origin.Origins;
import egret.capture.pcap.CaptureFiles;
import egret.capture.pcap.PacketSink;
import egret.rules.Clients;
import egret.rules.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Live capture without an interface: the bundled incident goes through the real pipeline, at the pace of its packets. */
final class ReplayLive implements Live {
    static final String INCIDENT = "../src-test-data/incident/incident.pcap.gz";

    private final String file;
    private final double speed;
    private final boolean goesOn;
    final List<LiveRequest> requests = new ArrayList<>();
    volatile @Nullable RuntimeException bug;

    /**
     * @param speed times as fast as it was
     * @param goesOn whether it keeps running when there are no more packets
     */
    ReplayLive(String file, double speed, boolean goesOn) {
        this.file = file;
        this.speed = speed;
        this.goesOn = goesOn;
    }

    @Override
    public LiveSession open(LiveRequest request) throws LiveException {
        requests.add(request);
        if (request.interfaces().contains("nosuch0")) {
            throw new LiveException("there is no interface 'nosuch0'; egret interfaces lists what there is");
        }
        return new Session(request);
    }

    @Override
    public Machine machine() {
        return new Machine(
                List.of(
                        new Machine.Device(
                                "eth0",
                                "up",
                                List.of("192.0.2.7", "2001:db8::7"),
                                "nat-outside",
                                true,
                                "default route"),
                        new Machine.Device("eth1", "up", List.of("10.0.1.1"), "nat-inside", true, ""),
                        new Machine.Device("any", "", List.of(), "", true, "all of them")),
                List.of(
                        new Machine.Method("ring", true, ""),
                        new Machine.Method("pcap", false, "libpcap is not installed")),
                List.of(
                        new Machine.Method("bpf-connect", false, "the kernel refuses BPF programs without CAP_BPF"),
                        new Machine.Method(
                                "sock-diag", true, "misses processes that live less than a few milliseconds"),
                        new Machine.Method("proc", true, "")),
                List.of(new Machine.Missing(
                        "CAP_BPF and CAP_PERFMON, to know the process of every connection",
                        "sudo setpriv --inh-caps=+bpf,+perfmon --ambient-caps=+bpf,+perfmon")));
    }

    private final class Session implements LiveSession, PacketSink {
        private final LiveRequest request;
        private final PacketTotals totals = new PacketTotals();
        private volatile long packets;
        private volatile long firstNanos;
        private volatile long nowNanos;
        private volatile boolean running = true;
        private volatile boolean stopped;
        private long beganNanos;
        private @Nullable CapturePipeline pipeline;
        private @Nullable Thread thread;

        Session(LiveRequest request) {
            this.request = request;
        }

        @Override
        public void start(CountSink sink) {
            NameTable names = new NameTable();
            SourceCounter counter = new SourceCounter(
                    new SourceCounter.Agent("replay", "0", Vantage.HOST),
                    request.rules(),
                    Clients.builtin(),
                    request.inside(),
                    names,
                    totals,
                    Origins.NONE,
                    sink);
            CapturePipeline capture = new CapturePipeline(names, totals, counter);
            pipeline = capture;
            thread = new Thread(
                    () -> {
                        CaptureFiles.read(List.of(file), 1, this, (done, total) -> {});
                        while (goesOn && !stopped) {
                            LockSupport.parkNanos(10_000_000);
                        }
                        capture.finish();
                        running = false;
                    },
                    "capture");
            thread.start();
        }

        @Override
        public void packet(egret.capture.pcap.RawPacket raw) {
            if (stopped) {
                return;
            }
            long now = System.nanoTime();
            if (firstNanos == 0) {
                firstNanos = raw.timestampNanos;
                beganNanos = now;
            }
            long due = beganNanos + (long) ((raw.timestampNanos - firstNanos) / speed);
            while (due - System.nanoTime() > 0 && !stopped) {
                LockSupport.parkNanos(Math.min(10_000_000, due - System.nanoTime()));
            }
            packets++;
            nowNanos = raw.timestampNanos;
            pipeline.packet(raw);
        }

        @Override
        public void stop() {
            stopped = true;
            Thread running = thread;
            if (running != null) {
                try {
                    running.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public Status status() {
            RuntimeException thrown = bug;
            if (thrown != null && packets > 0) {
                throw thrown;
            }
            List<Status.Interface> interfaces = new ArrayList<>();
            for (String name : request.interfaces()) {
                boolean first = interfaces.isEmpty();
                interfaces.add(new Status.Interface(name, "host", "ring", first ? packets : 0, 0));
            }
            List<String> inside = new ArrayList<>();
            for (IpPrefix prefix : request.inside().prefixes()) {
                inside.add(prefix.toString());
            }
            return new Status(
                    interfaces,
                    "NAT, inside",
                    "",
                    "",
                    inside,
                    request.inside().guessed(),
                    List.of(),
                    request.write() == null ? "" : request.write().path(),
                    List.of(),
                    firstNanos,
                    nowNanos,
                    running,
                    null);
        }
    }
}
