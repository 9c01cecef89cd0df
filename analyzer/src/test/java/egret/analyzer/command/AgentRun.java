// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.capture.LiveAgent;
import egret.capture.LiveSetup;
import egret.capture.count.CountSink;
import egret.capture.count.SourceCounts;
import egret.capture.evidence.LocalEvidence;
import egret.capture.linux.Privileges;
import egret.capture.live.LiveOptions;
import egret.capture.live.LiveOutcome;
import egret.capture.process.Places;
import egret.rules.Clients;
import egret.rules.InsideNetworks;
import egret.rules.IpPrefix;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A {@link LiveAgent} on its thread in a namespace, with the analyzing half behind it on the same thread. */
final class AgentRun implements AutoCloseable, CountSink {
    private static final long PATIENCE_SECONDS = 20;

    /** On a machine with more to do than it can, the capturing thread waits its turn for a second. */
    private static final int BUFFER_BYTES = 64 << 20;

    private static final String RULES = """
            {thresholds: [{id: "of-a-test", endpoint: "docker-hub", measure: "connections", by: "source", window: "10s",
              value: 30, severity: "warning", text: "-"}]}
            """;

    final LiveAgent agent;
    final CompletableFuture<LiveOutcome> outcome = new CompletableFuture<>();
    final AnalyzerPipeline pipeline;
    private final List<SourceCounts> counts = new ArrayList<>();
    private @Nullable Alert first;
    private long firstKnownNanos;
    private long held;

    /** How to capture; the rest is the same in all tests. */
    record Form(
            String where,
            LiveOptions.Engine engine,
            boolean filter,
            String owner,
            long packets,
            LiveSetup.@Nullable Write write,
            List<String> interfaces) {
        static Form on(String where, String... interfaces) {
            return new Form(where, LiveOptions.Engine.RING, true, "auto", 0, null, List.of(interfaces));
        }

        Form with(LiveOptions.Engine other) {
            return new Form(where, other, filter, owner, packets, write, interfaces);
        }

        Form filtered(boolean on) {
            return new Form(where, engine, on, owner, packets, write, interfaces);
        }

        Form owners(String method) {
            return new Form(where, engine, filter, method, packets, write, interfaces);
        }

        Form ending(long after) {
            return new Form(where, engine, filter, owner, after, write, interfaces);
        }

        Form writing(LiveSetup.Write to) {
            return new Form(where, engine, filter, owner, packets, to, interfaces);
        }
    }

    AgentRun(NatSite site, Form form) throws Exception {
        Rules rules = Rules.parse("test", RULES);
        pipeline = AnalyzerPipeline.live(rules, Clients.builtin(), 0);
        LiveSetup setup = new LiveSetup(
                new LiveOptions(form.interfaces, LiveOptions.DEFAULT_SNAPLEN, BUFFER_BYTES, form.engine, true, null),
                "test",
                "boot",
                null,
                form.owner,
                Places.usual().withSockets(List.of()),
                LocalEvidence.Wanted.NOTHING,
                form.filter,
                false,
                form.packets,
                form.write,
                rules,
                Clients.builtin(),
                InsideNetworks.of(List.of(IpPrefix.parse("10.78.0.0/16"))));
        agent = site.in(form.where, () -> LiveAgent.open(setup, this));
        Thread thread = new Thread(
                () -> {
                    try {
                        outcome.complete(agent.run());
                    } catch (RuntimeException | Error e) {
                        outcome.completeExceptionally(e);
                    }
                },
                "capture");
        thread.setDaemon(true);
        thread.start();
        // Who does not run yet captures nothing.
        await(() -> agent.status().firstNanos() != 0 || outcome.isDone());
    }

    @Override
    public synchronized void counts(SourceCounts interval) {
        counts.add(interval);
        held = Privileges.held();
        pipeline.accept(interval);
        List<Alert> alerts = pipeline.alerts();
        if (first == null && !alerts.isEmpty()) {
            first = alerts.get(0);
            firstKnownNanos = (interval.startSecond() + interval.seconds()) * 1_000_000_000L;
        }
    }

    synchronized @Nullable Alert firstAlert() {
        return first;
    }

    /** Of packet time: the end of the interval with which the first alert came. */
    synchronized long firstAlertNanos() {
        return firstKnownNanos;
    }

    /** What the capturing thread may do. */
    synchronized long held() {
        return held;
    }

    /** That the pipeline took. */
    synchronized long packets() {
        long sum = 0;
        for (SourceCounts each : counts) {
            sum += each.gaps().packets();
        }
        return sum;
    }

    /** Connections that were seen another time. */
    synchronized long copies() {
        long sum = 0;
        for (SourceCounts each : counts) {
            sum += each.gaps().copies();
        }
        return sum;
    }

    synchronized List<SourceCounts.Row> rows() {
        List<SourceCounts.Row> rows = new ArrayList<>();
        for (SourceCounts each : counts) {
            rows.addAll(each.rows());
        }
        return rows;
    }

    synchronized SourceCounts last() {
        return counts.get(counts.size() - 1);
    }

    synchronized Map<String, Long> connections() {
        Map<String, Long> connections = new HashMap<>();
        for (SourceCounts.Row row : rows()) {
            if (row.connections() > 0) {
                connections.merge(row.source().toString(), row.connections(), Long::sum);
            }
        }
        return connections;
    }

    long total() {
        return connections().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Polls until it is so, or for 20 s. */
    static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean so = condition.getAsBoolean();
        while (!so && System.nanoTime() < end) {
            LockSupport.parkNanos(2_000_000);
            so = condition.getAsBoolean();
        }
        return so;
    }

    /** Waits until so many connections were counted, and stops: what comes after that was counted twice. */
    LiveOutcome stopAfter(long connections) throws Exception {
        await(() -> total() >= connections || outcome.isDone());
        return stop();
    }

    LiveOutcome stop() throws Exception {
        agent.stop();
        return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        agent.close();
    }
}
