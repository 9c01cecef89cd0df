// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import egret.analyzer.answer.Answer;
import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.PullLimit;
import egret.analyzer.pipeline.AnalyzerPipeline;
import egret.analyzer.watch.Moment;
import egret.analyzer.watch.Recent;
import egret.analyzer.watch.Status;
import egret.capture.count.CountSink;
import egret.capture.count.EvidenceGaps;
import egret.capture.count.SourceCounts;
import egret.rules.Clients;
import egret.rules.IpAddress;
import egret.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The analyzing half while capturing goes on, on a thread of its own: takes intervals as they come and publishes what is
 * known, an immutable {@link Moment}, once a second and at once when an alert fires. Whoever draws reads the latest moment
 * and is never waited for.
 *
 * <p>The answer in it is what costs. It is of that second where rates are shown; who only waits for causes gets one each
 * second while logs say something, and until then the one before: no cause can have become known.
 */
final class LiveAnalysis {
    private static final long NANOS = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** Moments are due once a second; a bit less, so that none of one interval a second is missed. */
    private static final long DUE_NANOS = 900_000_000L;

    /** So long after a log's last line its cause may become clearer, as pulls go on. */
    private static final long TELLING_NANOS = 60 * NANOS;

    /** Of the thread's time, answers take at most a fifth, so that counts of a flood do not wait for them. */
    private static final long COST_FACTOR = 4;

    /** So long it waits for intervals that are still to be taken, so that the answer has them all. */
    private static final long MOST_OVERDUE_NANOS = 4 * NANOS;

    /** What is further back than this is no late interval, but a clock that was set back. */
    private static final long MOST_DISORDER_SECONDS = 60;

    private final IntervalQueue queue = new IntervalQueue();
    private final AnalyzerPipeline pipeline;
    private final Supplier<Status> status;
    private final Supplier<List<PullLimit>> pullLimits;
    private final boolean rates;
    private final Recent recent = new Recent();
    private final Thread thread = new Thread(this::run, "analyze");
    private final CountDownLatch finished = new CountDownLatch(1);

    private long countedUntil; // seconds before this one are complete
    private long number;
    private long dueNanos = System.nanoTime();
    private long toldNanos = dueNanos - TELLING_NANOS;
    private Answer answer;
    private List<Alert> alerts = List.of();
    private volatile @Nullable Moment latest;
    private volatile @Nullable Throwable failure;

    /**
     * @param pullLimits what registries said by now
     * @param rates whether rates are shown, so that each moment needs an answer of its own
     */
    LiveAnalysis(
            Rules rules,
            Clients clients,
            Supplier<Status> status,
            Supplier<List<PullLimit>> pullLimits,
            boolean rates) {
        this.rates = rates;
        this.pipeline = AnalyzerPipeline.live(rules, clients, 0);
        this.status = status;
        this.pullLimits = pullLimits;
        Status now = status.get();
        answer =
                new Answer(input(now, now.firstNanos()), List.of(), List.of(), List.of(), List.of(), EvidenceGaps.NONE);
        latest = new Moment(0, now.nowNanos(), answer, alerts, List.of(), now);
        thread.setDaemon(true);
    }

    /** Where the counts go. */
    CountSink sink() {
        return queue;
    }

    /** A log that is followed: before the start. */
    void log(LogFile log) {
        IpAddress source = log.source();
        if (source != null) {
            pipeline.logOf(log.path(), source);
        }
    }

    void start() {
        thread.start();
    }

    Moment latest() {
        Moment moment = latest;
        if (moment == null) {
            throw new IllegalStateException("no moment"); // the constructor makes the first
        }
        return moment;
    }

    /** Waits until a moment other than that is known, for so long at most; the latest. */
    synchronized Moment await(long than, long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (latest().number() == than && failure == null) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return latest();
    }

    /** What went wrong on the thread; null if nothing did. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** No more counts come; the thread ends when it has taken those that did. */
    void close() {
        queue.close();
    }

    /** The answer when all that was given has been taken; called once capturing has ended. */
    Answer finish() throws InterruptedException {
        close();
        finished.await();
        return latest().answer();
    }

    private void run() {
        try {
            while (!queue.finished()) {
                SourceCounts counts = queue.take(1 + Math.max(0, dueNanos - System.nanoTime()) / NANOS_PER_MILLI);
                if (counts != null) {
                    pipeline.accept(counts);
                    if (rates) {
                        recent.add(counts);
                    }
                    if (!counts.evidence().isEmpty()) {
                        toldNanos = System.nanoTime();
                    }
                    long until = counts.startSecond() + Math.max(1, counts.seconds());
                    boolean setBack = countedUntil - until > MOST_DISORDER_SECONDS;
                    countedUntil = setBack ? until : Math.max(countedUntil, until);
                }
                publish(counts != null);
            }
            Status end = status.get();
            answer = withShed(pipeline.finish(input(end, end.nowNanos())));
            alerts = answer.alerts();
            publish(end);
        } catch (InterruptedException | RuntimeException | Error e) {
            failure = e;
            queue.close();
        } finally {
            finished.countDown();
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private void publish(boolean news) {
        long begin = System.nanoTime();
        long overdue = begin - dueNanos;
        boolean due = overdue >= 0 && (queue.isEmpty() || overdue > MOST_OVERDUE_NANOS);
        if (!news && !due) {
            return;
        }
        Status now = status.get();
        if (due) {
            pipeline.time((countedUntil(now) - 1) * NANOS); // counts of the last second may be on their way
        }
        List<Alert> before = alerts;
        alerts = pipeline.alerts();
        if (due && answerDue(begin)) {
            answer = withShed(pipeline.current(input(now, countedUntil(now) * NANOS - 1)));
        }
        if (due) {
            dueNanos = Math.max(begin + DUE_NANOS, System.nanoTime() + COST_FACTOR * (System.nanoTime() - begin));
        }
        if (due || !alerts.equals(before)) {
            publish(now);
        }
    }

    private boolean answerDue(long now) {
        return rates || now - toldNanos < TELLING_NANOS;
    }

    private void publish(Status now) {
        long until = countedUntil(now) * NANOS;
        Moment moment = new Moment(++number, until, answer, alerts, recent.until(until / NANOS - 1), now);
        synchronized (this) {
            latest = moment;
            notifyAll();
        }
    }

    /** The end of the last second that can be told of: counts come only for seconds in which there was something. */
    private long countedUntil(Status now) {
        return Math.max(countedUntil, Math.floorDiv(now.nowNanos(), NANOS) - 1);
    }

    private Answer.Input input(Status now, long lastNanos) {
        List<Answer.InputInterface> interfaces = new ArrayList<>();
        for (Status.Interface each : now.interfaces()) {
            interfaces.add(new Answer.InputInterface(
                    each.name(), each.vantage(), each.received(), each.dropped(), each.engine(), now.ownerMethod()));
        }
        long last = now.firstNanos() == 0 ? 0 : Math.max(now.firstNanos(), lastNanos);
        return new Answer.Input(
                List.of(),
                interfaces,
                now.firstNanos(),
                last,
                now.inside(),
                now.insideGuessed(),
                List.of(),
                pullLimits.get());
    }

    private Answer withShed(Answer answer) {
        long shed = queue.shed();
        if (shed == 0) {
            return answer;
        }
        EvidenceGaps gaps = answer.gaps().plus(EvidenceGaps.ofShed(Map.of("intervals", shed)));
        return new Answer(answer.input(), answer.watched(), answer.others(), answer.findings(), answer.alerts(), gaps);
    }
}
