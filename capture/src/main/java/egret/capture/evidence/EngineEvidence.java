// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import egret.capture.engine.EngineAnswer;
import egret.capture.engine.EngineEvents;
import egret.capture.evidence.Evidence.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What a Docker daemon says over its API, asked with GET only, on a thread of its own: as a manager of a swarm the names and
 * images of all services, and the tasks that failed where no log tells of them; outside of a swarm also which images were
 * pulled. It is asked at the start, when a service changes, and every ten seconds while a burst goes on.
 */
final class EngineEvidence implements AutoCloseable {
    private static final String EVENTS = "/events?filters=%7B%22type%22%3A%5B%22image%22%2C%22service%22%5D%7D";
    private static final long SECOND = 1_000_000_000L;
    private static final long ANSWER_NANOS = 5 * SECOND;
    private static final long ROUND_NANOS = 10 * SECOND;
    private static final long CHANGE_NANOS = SECOND;
    private static final long FIRST_WAIT = SECOND / 2;
    private static final long LONGEST_WAIT = 30 * SECOND;
    private static final long FLUSH_MILLIS = 200;
    private static final int MAX_SERVICES = 16_384;
    private static final int MAX_NODES = 4096;

    /** Failures that were told: more than a manager keeps of some thousand services. */
    private static final int MAX_TASKS = 65_536;

    private final Path socket;
    private final EvidenceSink sink;
    private final EvidenceCounter counter;
    private final BooleanSupplier logTells;
    private final Map<String, SwarmJson.Service> services = new LinkedHashMap<>();
    private final Map<String, String> hostOfNode = new LinkedHashMap<>();
    private final Set<String> told = new LinkedHashSet<>();
    private final Selector selector;
    private final Thread thread;
    private SwarmJson.Info info = new SwarmJson.Info("", false, false);
    private boolean changed;
    private boolean begun;
    private long roundNanos;
    private long unreadable;
    private volatile boolean closing;
    private volatile long burstNanos = System.nanoTime() - ROUND_NANOS;
    private volatile String state;

    private EngineEvidence(Path socket, EvidenceSink sink, BooleanSupplier logTells) throws IOException {
        this.socket = socket;
        this.sink = sink;
        this.logTells = logTells;
        counter = new EvidenceCounter(socket.toString(), sink);
        state = "not asked yet";
        selector = Selector.open();
        thread = new Thread(this::run, "engine-evidence");
        thread.setDaemon(true);
    }

    /**
     * Begins to ask.
     *
     * @param logTells whether a log is read that tells of the failures on this machine; asked on another thread
     * @throws IOException if the system gives no selector
     */
    static EngineEvidence open(Path socket, EvidenceSink sink, BooleanSupplier logTells) throws IOException {
        EngineEvidence engine = new EngineEvidence(socket, sink, logTells);
        engine.thread.start();
        return engine;
    }

    /** A burst is on. Any thread. */
    void burst() {
        burstNanos = System.nanoTime();
    }

    /** One line for people. Any thread. */
    String state() {
        return socket + " " + state;
    }

    private void run() {
        long wait = FIRST_WAIT;
        try (selector) {
            while (!closing) {
                long begin = System.nanoTime();
                if (Files.exists(socket)) {
                    try (EngineEvents events = EngineEvents.open(socket, EVENTS)) {
                        listen(events);
                    } catch (IOException e) {
                        state = "does not answer: " + e.getMessage();
                    }
                } else {
                    state = "is not there";
                }
                counter.flush();
                wait = System.nanoTime() - begin > LONGEST_WAIT ? FIRST_WAIT : wait;
                if (!closing) {
                    selector.select(wait / 1_000_000);
                }
                wait = Math.min(wait * 2, LONGEST_WAIT);
            }
        } catch (IOException e) {
            state = "cannot be waited for: " + e.getMessage();
        }
    }

    /** Events are asked for first, so that nothing falls between them and the lists. */
    private void listen(EngineEvents events) throws IOException {
        events.channel().register(selector, SelectionKey.OP_READ);
        round();
        while (!closing) {
            selector.select(FLUSH_MILLIS);
            selector.selectedKeys().clear();
            if (!events.read(this::event)) {
                throw new IOException("it went away");
            }
            if (counter.isOpen() && counter.second() < wallSecond()) {
                counter.flush();
            }
            long now = System.nanoTime();
            boolean burst = now - burstNanos < ROUND_NANOS;
            if (now - roundNanos >= (changed ? CHANGE_NANOS : ROUND_NANOS) && (changed || burst)) {
                round();
            }
        }
    }

    private void event(byte[] line, int length) {
        try {
            SwarmJson.Event event = SwarmJson.event(line, length);
            if (event.type().equals("service")) {
                changed = true;
            } else if (event.type().equals("image") && event.action().equals("pull")) {
                pulled(event);
            }
        } catch (IOException torn) {
            unreadable++;
        }
    }

    /** Where there is a swarm its tasks pull as well, and an event does not tell whose pull it was. */
    private void pulled(SwarmJson.Event event) {
        boolean worker = info.swarm() && !info.manager();
        if (worker || event.nanos() == LogLine.UNDATED) {
            return;
        }
        String image = bare(event.id());
        for (SwarmJson.Service service : services.values()) {
            if (bare(service.image()).equals(image)) {
                return;
            }
        }
        LogLine line = new LogLine();
        line.clear();
        line.nanos = event.nanos();
        line.image = event.id();
        counter.add(Kind.PULLED, line, 0);
    }

    /** Without what may be left out, and without digest. */
    static String bare(String image) {
        int digest = image.indexOf('@');
        String bare = digest < 0 ? image : image.substring(0, digest);
        for (String prefix : List.of("docker.io/", "index.docker.io/", "library/")) {
            bare = bare.startsWith(prefix) ? bare.substring(prefix.length()) : bare;
        }
        return bare.lastIndexOf(':') > bare.lastIndexOf('/') ? bare : bare + ":latest";
    }

    private void round() throws IOException {
        changed = false;
        roundNanos = System.nanoTime();
        try (InputStream in = ask("/info")) {
            info = SwarmJson.info(in);
        }
        if (!info.manager()) {
            services.clear();
            state = info.swarm()
                    ? "is a worker of a swarm: it does not know the names of services; a manager does"
                    : "is in no swarm";
            return;
        }
        Set<String> there = new LinkedHashSet<>();
        try (InputStream in = ask("/services")) {
            SwarmJson.services(in, service -> {
                there.add(service.id());
                service(service);
            });
        }
        services.keySet().retainAll(there);
        int pinned = 0;
        for (SwarmJson.Service service : services.values()) {
            pinned += service.image().contains("@sha256:") ? 1 : 0;
        }
        // Logs are read from the beginning on meanwhile: only then it is known whether they tell of failures.
        int failed = begun ? tasks() : 0;
        changed |= !begun;
        begun = true;
        roundNanos = System.nanoTime();
        state = "knows " + services.size() + " services, " + pinned + " of them pinned to a digest, and " + failed
                + " tasks that failed" + (unreadable > 0 ? "; " + unreadable + " events could not be read" : "");
    }

    private void service(SwarmJson.Service service) {
        boolean room = services.size() < MAX_SERVICES || services.containsKey(service.id());
        if (!room || service.equals(services.get(service.id()))) {
            return;
        }
        services.put(service.id(), service);
        counter.named(service.id(), service.name());
        sink.evidence(new Evidence(
                wallSecond(),
                Kind.SERVICE,
                "",
                service.id(),
                service.name(),
                service.image(),
                Problem.NONE,
                service.stack(),
                1,
                new int[0],
                socket.toString(),
                0));
    }

    /** Tells of those that failed since they were asked for last; how many failed are there. */
    private int tasks() throws IOException {
        List<SwarmJson.Task> failed = new ArrayList<>();
        int[] all = {0};
        boolean here = !logTells.getAsBoolean();
        boolean[] strange = {false};
        try (InputStream in = ask("/tasks")) {
            SwarmJson.tasks(in, task -> {
                if (task.failed()) {
                    all[0]++;
                    boolean ours = task.node().isEmpty() || task.node().equals(info.node());
                    if ((here || !ours) && task.nanos() != LogLine.UNDATED && !told.contains(task.id())) {
                        strange[0] |= !ours && !hostOfNode.containsKey(task.node());
                        failed.add(task);
                    }
                }
            });
        }
        if (strange[0]) {
            nodes();
        }
        failed.sort(Comparator.comparingLong(SwarmJson.Task::nanos));
        for (SwarmJson.Task task : failed) {
            told.add(task.id());
            failed(task);
        }
        counter.flush();
        while (told.size() > MAX_TASKS) {
            told.remove(told.iterator().next());
        }
        return all[0];
    }

    private void failed(SwarmJson.Task task) {
        boolean ours = task.node().isEmpty() || task.node().equals(info.node());
        LogLine line = new LogLine();
        line.clear();
        line.nanos = task.nanos();
        line.host = ours ? "" : hostOfNode.getOrDefault(task.node(), "node " + task.node());
        line.service = task.service();
        line.image = task.image();
        line.error = task.error();
        counter.add(Kind.TASK_FAILED, line, 0);
    }

    private void nodes() throws IOException {
        hostOfNode.clear();
        try (InputStream in = ask("/nodes")) {
            SwarmJson.nodes(in, node -> {
                if (hostOfNode.size() < MAX_NODES && !node.host().isEmpty()) {
                    hostOfNode.put(node.id(), node.host());
                }
            });
        }
    }

    private EngineAnswer ask(String path) throws IOException {
        return EngineAnswer.get(socket, path, ANSWER_NANOS);
    }

    private static long wallSecond() {
        return Math.floorDiv(System.currentTimeMillis(), 1000);
    }

    /** Ends soon; waits a little for it. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        thread.interrupt(); // It may wait for an answer.
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
