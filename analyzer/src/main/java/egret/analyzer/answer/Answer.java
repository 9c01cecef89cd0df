// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.answer;

import egret.capture.count.EvidenceGaps;
import egret.capture.count.RequestCount;
import egret.capture.origin.Owner;
import egret.rules.IpAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole answer: who made the requests, how fast, since when, and what was not seen. Names follow the JSON contract.
 * Times are nanoseconds since the epoch, of packet time.
 */
public record Answer(
        Input input,
        List<Watched> watched,
        List<OtherSource> others,
        List<Finding> findings,
        List<Alert> alerts,
        EvidenceGaps gaps) {

    /**
     * @param interfaces those that are captured from, empty for captures from files
     * @param insideGuessed whether the inside networks were guessed rather than given
     * @param pullLimits what registries say themselves, if they were asked
     */
    public record Input(
            List<InputFile> files,
            List<InputInterface> interfaces,
            long firstNanos,
            long lastNanos,
            List<String> inside,
            boolean insideGuessed,
            List<InputLog> logs,
            List<PullLimit> pullLimits) {

        /** Without logs, and without asking anybody. */
        public Input(
                List<InputFile> files,
                List<InputInterface> interfaces,
                long firstNanos,
                long lastNanos,
                List<String> inside,
                boolean insideGuessed) {
            this(files, interfaces, firstNanos, lastNanos, inside, insideGuessed, List.of(), List.of());
        }

        public boolean live() {
            return !interfaces.isEmpty();
        }

        /** The same, but what was before that time is forgotten. */
        public Input since(long nanos) {
            return new Input(
                    files, interfaces, Math.max(firstNanos, nanos), lastNanos, inside, insideGuessed, logs, pullLimits);
        }
    }

    /**
     * @param vantage where its packets are seen: host, nat-inside, nat-outside, mirror
     * @param received packets that passed the filter in the kernel
     * @param dropped of those, by kernel, ring and interface
     * @param engine what captures, such as ring or pcap
     * @param ownerMethod what tells of whom connections are, as in {@link Owner#method}; "" for nothing
     */
    public record InputInterface(
            String name, String vantage, long received, long dropped, String engine, String ownerMethod) {}

    /** @param truncatedAt offset where the file ended in mid-packet, null if it ended well */
    public record InputFile(
            String path,
            long packets,
            long bytes,
            @Nullable Long truncatedAt,
            @Nullable String error) {}

    /**
     * A daemon's log.
     *
     * @param used lines that tell of pulls or of tasks that fail
     * @param inTime how often they tell of what happened in the time of the captures, or shortly before
     * @param undated lines that would, but do not tell their time
     * @param overlong lines that were cut
     * @param shed lines that were too many to tell apart
     * @param zoneAssumed local times were taken for UTC
     */
    public record InputLog(
            String path,
            long bytes,
            long lines,
            long used,
            long inTime,
            long undated,
            long overlong,
            long shed,
            boolean zoneAssumed,
            @Nullable String error) {}

    /**
     * One watched endpoint; sources by requests, most first.
     *
     * @param requestsPerSecond one entry per {@code timelineStepSeconds} from {@code timelineStartSecond} on
     * @param recent live: requests in the last 300 s, in steps of 5 s; else empty
     * @param egress by egress address, most requests first
     * @param windows of all sources together, shortest first
     * @param budgets what is used of the limits
     */
    public record Watched(
            String endpoint,
            long connections,
            long failed,
            RequestCount requests,
            long pulls,
            Peak peak,
            @Nullable Limit limit,
            Map<String, Long> serverNames,
            List<Source> sources,
            List<Long> requestsPerSecond,
            List<Long> recent,
            long timelineStartSecond,
            int timelineStepSeconds,
            List<Egress> egress,
            List<Window> windows,
            List<BudgetUse> budgets) {

        /** Without budgets. */
        public Watched(
                String endpoint,
                long connections,
                long failed,
                RequestCount requests,
                long pulls,
                Peak peak,
                @Nullable Limit limit,
                Map<String, Long> serverNames,
                List<Source> sources,
                List<Long> requestsPerSecond,
                List<Long> recent,
                long timelineStartSecond,
                int timelineStepSeconds,
                List<Egress> egress,
                List<Window> windows) {
            this(
                    endpoint,
                    connections,
                    failed,
                    requests,
                    pulls,
                    peak,
                    limit,
                    serverNames,
                    sources,
                    requestsPerSecond,
                    recent,
                    timelineStartSecond,
                    timelineStepSeconds,
                    egress,
                    windows,
                    List.of());
        }
    }

    /**
     * What the remote side counts together: all sources behind one address.
     *
     * @param ip null if it was not seen
     */
    public record Egress(@Nullable IpAddress ip, long connections, RequestCount requests, Peak peak) {}

    /**
     * Requests within a sliding window.
     *
     * @param now at the last second
     * @param most that the window ever held
     * @param mostAtNanos when it first held that many, at the end of the window
     */
    public record Window(int seconds, long now, long most, long mostAtNanos) {}

    /** The most requests within any 60 s, and when those 60 s ended; scaled up from {@code seconds} if less was seen. */
    public record Peak(long perMinute, long atNanos, int seconds, boolean extrapolated) {}

    /** @param used peak per minute of the busiest egress address over the limit, 1.0 = at the limit */
    public record Limit(long perMinute, double used) {}

    /**
     * @param share of the endpoint's requests
     * @param peakShare of those around the endpoint's peak, where the time is so long that this is something else
     * @param onsetNanos when it left its own baseline, null if it did not
     * @param onsetAtStart it was at it when the capture began, so that the onset may be earlier
     * @param owners most requests first; empty where nobody could know them, as in captures from files
     * @param requestsPerSecond along the endpoint's timeline; empty for sources that are far down the list
     * @param recent live: requests in the last 300 s, in steps of 5 s; empty for sources that make few of them
     */
    public record Source(
            IpAddress ip,
            @Nullable String name,
            List<IpAddress> egress,
            double share,
            double peakShare,
            long connections,
            long failed,
            RequestCount requests,
            long pulls,
            long bytesUp,
            long bytesDown,
            Peak peak,
            long firstNanos,
            long lastNanos,
            @Nullable Long onsetNanos,
            Map<String, Long> serverNames,
            @Nullable Cadence cadence,
            Percentiles perSecond,
            Percentiles gapMicros,
            Percentiles handshakeMicros,
            List<Client> clients,
            List<OwnerCount> owners,
            List<PacketReference> packets,
            List<Long> requestsPerSecond,
            List<Long> recent,
            boolean onsetAtStart,
            List<Window> windows) {}

    /**
     * Retry loops seen in the arrivals.
     *
     * @param loops how many run side by side
     * @param confidence 0 to 1
     */
    public record Cadence(double periodSeconds, int loops, double confidence) {}

    /** Of an HdrHistogram; all 0 when {@code count} is 0. */
    public record Percentiles(long count, long p50, long p90, long p99, long max) {}

    public record Client(String label, String ja4, long connections) {}

    /**
     * @param owner as it was described last; of unknown quality for connections without an owner; null for those that are
     *     too many to be told apart, which stand last
     * @param owners how many they are at most, 1 unless {@code owner} is null
     */
    public record OwnerCount(@Nullable Owner owner, long owners, long connections, RequestCount requests) {}

    public record PacketReference(int file, long number) {}

    public record OtherSource(IpAddress ip, long connections, long failed, Map<String, Long> serverNames) {}

    /**
     * @param owner who makes most of the source's requests, null if that is not known
     * @param pattern the kind of cause, a word such as unpinned-failing-tasks; null if none is known
     * @param stopCommand for a shell, whole however long it is; null if none is known
     * @param culprits services behind it, most requests first; empty without a log
     * @param acquitted services that fail too, but ask nobody for their images
     */
    public record Finding(
            String severity,
            String title,
            @Nullable IpAddress source,
            @Nullable Owner owner,
            long sinceNanos,
            double share,
            @Nullable String cause,
            @Nullable String stop,
            boolean exact,
            List<String> evidence,
            @Nullable String pattern,
            @Nullable String stopCommand,
            List<Culprit> culprits,
            List<Culprit> acquitted,
            @Nullable WhatIf whatIf) {

        /** Without services. */
        public Finding(
                String severity,
                String title,
                @Nullable IpAddress source,
                @Nullable Owner owner,
                long sinceNanos,
                double share,
                @Nullable String cause,
                @Nullable String stop,
                boolean exact,
                List<String> evidence) {
            this(
                    severity,
                    title,
                    source,
                    owner,
                    sinceNanos,
                    share,
                    cause,
                    stop,
                    exact,
                    evidence,
                    null,
                    null,
                    List.of(),
                    List.of(),
                    null);
        }
    }

    /**
     * The smallest set of services that has to stop for the limit to be kept; all of them if that is not enough.
     *
     * @param remainingPerMinute requests to the endpoint without them
     * @param withoutAllPerMinute requests without any of the culprits
     */
    public record WhatIf(List<String> stop, long remainingPerMinute, long withoutAllPerMinute, boolean enough) {}

    /** @param group what the rule was counted by: an address, or an owner in short */
    public record Alert(
            String rule,
            String endpoint,
            String severity,
            boolean firing,
            String group,
            long atNanos,
            @Nullable Long resolvedNanos,
            long value,
            long threshold,
            int windowSeconds,
            List<Top> top) {}

    /**
     * @param owner who has most of the source's part, null if that is not known
     * @param ownerValue of the value, what is that owner's
     */
    public record Top(
            IpAddress source, long value, @Nullable Owner owner, long ownerValue) {}
}
