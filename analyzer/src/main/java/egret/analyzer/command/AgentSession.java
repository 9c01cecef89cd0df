// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.watch.Status;
import egret.capture.LiveAgent;
import egret.capture.Notice;
import egret.capture.count.CountSink;
import egret.capture.count.SourceCounts;
import egret.capture.count.Vantage;
import egret.capture.live.LiveInterface;
import egret.capture.live.LiveOutcome;
import egret.capture.pcap.WriteCounts;
import egret.rules.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@link LiveAgent} with a thread of its own. */
final class AgentSession implements LiveSession {
    private final LiveAgent agent;
    private final Relay relay;
    private final LiveRequest request;
    private final Thread thread = new Thread(this::capture, "capture");
    private volatile @Nullable Throwable failure;
    private boolean started;
    private boolean stopped;

    /** Stands for the sink until that is known; no counts come before. */
    static final class Relay implements CountSink {
        private volatile @Nullable CountSink target;

        @Override
        public void counts(SourceCounts interval) {
            CountSink sink = target;
            if (sink != null) {
                sink.counts(interval);
            }
        }
    }

    AgentSession(LiveAgent agent, Relay relay, LiveRequest request) {
        this.agent = agent;
        this.relay = relay;
        this.request = request;
        thread.setDaemon(true);
    }

    @Override
    public synchronized void start(CountSink sink) {
        relay.target = sink;
        started = true;
        thread.start();
    }

    private void capture() {
        try {
            agent.run();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    @Override
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        agent.stop();
        boolean interrupted = false;
        while (started && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        agent.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Status status() {
        LiveAgent.Status now = agent.status();
        LiveOutcome outcome = now.outcome();
        Throwable thrown = failure;
        List<String> inside = new ArrayList<>();
        for (IpPrefix prefix : request.inside().prefixes()) {
            inside.add(prefix.toString());
        }
        return new Status(
                interfaces(now),
                words(now.vantage()),
                now.hidden(),
                now.ownerMethod().equals("off") ? "" : now.ownerMethod(),
                inside,
                request.inside().guessed(),
                now.evidence(),
                writing(now.writing()),
                notices(now.notices()),
                now.firstNanos(),
                now.nowNanos(),
                outcome == null && thrown == null,
                thrown != null
                        ? "capturing failed: " + thrown
                        : outcome == null || outcome.stopped() ? null : LiveMachine.withoutStop(outcome.reason()));
    }

    private List<Status.Interface> interfaces(LiveAgent.Status now) {
        List<Status.Interface> interfaces = new ArrayList<>();
        String vantage = word(now.vantage());
        String engine = (now.engine().startsWith("kernel ring") ? "ring" : "pcap")
                + (request.kernelFilter() && !now.filtered() ? ", unfiltered" : "");
        for (LiveInterface each : now.statistics().interfaces()) {
            interfaces.add(new Status.Interface(
                    each.name(), vantage, engine, each.received(), each.dropped() + each.interfaceDropped()));
        }
        return interfaces;
    }

    private static List<Status.Notice> notices(List<Notice> all) {
        List<Status.Notice> notices = new ArrayList<>(all.size());
        for (Notice each : all) {
            notices.add(new Status.Notice(each.number(), each.nanos(), LiveMachine.withoutStop(each.sentence())));
        }
        return notices;
    }

    private static String words(Vantage vantage) {
        return switch (vantage) {
            case HOST -> "host";
            case NAT_INSIDE -> "NAT, inside";
            case NAT_OUTSIDE -> "NAT, outside";
            case MIRROR -> "mirror";
            case FILE -> "file";
        };
    }

    private static String word(Vantage vantage) {
        return vantage.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String writing(@Nullable WriteCounts counts) {
        LiveRequest.Write write = request.write();
        if (counts == null || write == null) {
            return "";
        }
        String problem = counts.problem();
        return write.path() + ": " + counts.packets() + " packets"
                + (counts.lost() > 0 ? ", " + counts.lost() + " lost" : "")
                + (problem == null ? "" : " (" + problem + ")");
    }
}
