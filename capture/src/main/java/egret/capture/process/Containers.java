// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The names of containers and cgroups, found on a thread of its own: the only place where anything is waited for. One other
 * thread asks, by {@link #names}, {@link #ask} and the like, which neither block nor lock; what is not known yet is there
 * when it asks again.
 *
 * <p>Names are kept for {@value #KEPT_NANOS} ns after a container ended. At most {@value #MAX} are held, and
 * {@value #QUESTIONS} questions wait.
 */
final class Containers implements Engine.Listener, AutoCloseable {
    static final int MAX = 4096;
    static final int QUESTIONS = 256;
    static final long KEPT_NANOS = 300_000_000_000L;

    /** How long a question waits: no lock is needed to be woken. */
    private static final long STEP_MILLIS = 50;

    private static final long SWEEP_NANOS = 1_000_000_000L;
    private static final long CLOSE_MILLIS = 2000;

    private sealed interface Question {
        /** @param runtime as its cgroup tells */
        record OfContainer(String id, String runtime) implements Question {}

        record OfCgroup(long id) implements Question {}
    }

    private final CgroupWalk cgroups;
    private final ContainerFiles files;
    private final List<Engine> engines = new ArrayList<>();
    private final Map<String, ContainerNames> known = new ConcurrentHashMap<>();

    /** When they ended, the first one first. */
    private final Map<String, Long> ended = new LinkedHashMap<>();

    private final Map<Engine, Set<String>> running = new HashMap<>();
    private final AtomicReferenceArray<@Nullable Question> questions = new AtomicReferenceArray<>(QUESTIONS);
    private final Thread thread;

    /** Of the asking thread and of the lookup thread. */
    private int asked;

    private int answered;
    private long now;
    private volatile boolean closed;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong shed = new AtomicLong();
    private volatile @Nullable Throwable failure;

    Containers(Places places) {
        this.cgroups = new CgroupWalk(places.cgroups());
        this.files = new ContainerFiles(places.dockerContainers(), places.containerLogs());
        long nowNanos = System.nanoTime();
        for (var socket : places.sockets()) {
            engines.add(new Engine(socket, this, nowNanos));
        }
        this.thread = new Thread(this::run, "egret-lookup");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** What is known of a container by now. */
    @Nullable
    ContainerNames names(String id) {
        return known.get(id);
    }

    @Nullable
    Cgroup cgroup(long id) {
        return cgroups.find(id);
    }

    void ask(String containerId, String runtime) {
        ask(new Question.OfContainer(containerId, runtime));
    }

    void askCgroup(long id) {
        ask(new Question.OfCgroup(id));
    }

    private void ask(Question question) {
        if (questions.get(asked) != null) {
            refused.incrementAndGet();
            return;
        }
        questions.set(asked, question);
        asked = (asked + 1) % QUESTIONS;
    }

    /** Questions that found the queue full. */
    long refused() {
        return refused.get();
    }

    /** Containers not kept as there were too many. */
    long shed() {
        return shed.get();
    }

    /** How often engines went away or did not answer. */
    long engineFailures() {
        long sum = 0;
        for (Engine engine : engines) {
            sum += engine.failures();
        }
        return sum;
    }

    /** Events of engines that could not be read: what they tell of a container is not known. */
    long unreadableEvents() {
        long sum = 0;
        for (Engine engine : engines) {
            sum += engine.unreadable();
        }
        return sum;
    }

    /** What ended the thread before its time, a bug; null while all is well. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (Selector selector = Selector.open()) {
            long swept = System.nanoTime();
            while (!closed) {
                now = System.nanoTime();
                for (Engine engine : engines) {
                    engine.tend(selector, now);
                }
                answer();
                if (now - swept >= SWEEP_NANOS) {
                    swept = now;
                    sweep();
                }
                selector.select(STEP_MILLIS);
                now = System.nanoTime();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof Engine engine) {
                        engine.readable(now);
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                failure = e;
            }
        } finally {
            for (Engine engine : engines) {
                engine.close();
            }
        }
    }

    private void answer() {
        for (int left = QUESTIONS; left > 0 && !closed; left--) {
            Question question = questions.get(answered);
            if (question == null) {
                return;
            }
            questions.set(answered, null);
            answered = (answered + 1) % QUESTIONS;
            if (question instanceof Question.OfContainer container) {
                answer(container);
            } else if (question instanceof Question.OfCgroup cgroup) {
                cgroups.look(cgroup.id(), now);
            }
        }
    }

    private void answer(Question.OfContainer question) {
        if (known.containsKey(question.id())) {
            return;
        }
        for (Engine engine : engines) {
            ContainerNames names = engine.ask(question.id());
            if (names != null) {
                container(names);
                return;
            }
        }
        ContainerNames names = files.find(question.id(), question.runtime());
        if (names != null) {
            container(names);
        }
    }

    @Override
    public void container(ContainerNames names) {
        String id = names.container().id();
        ended.remove(id);
        put(id, names);
    }

    @Override
    public void ended(ContainerNames names) {
        String id = names.container().id();
        put(id, names);
        ended.putIfAbsent(id, now);
    }

    @Override
    public void running(Engine engine, List<ContainerNames> list) {
        Set<String> ids = new HashSet<>();
        for (ContainerNames names : list) {
            ids.add(names.container().id());
            container(names);
        }
        Set<String> before = running.put(engine, ids);
        if (before != null) {
            for (String id : before) {
                if (!ids.contains(id)) {
                    ended.putIfAbsent(id, now);
                }
            }
        }
    }

    private void put(String id, ContainerNames names) {
        if (known.size() >= MAX && !known.containsKey(id)) {
            shed.incrementAndGet();
            Iterator<String> first = ended.keySet().iterator();
            if (!first.hasNext()) {
                return;
            }
            known.remove(first.next());
            first.remove();
        }
        known.put(id, names);
    }

    private void sweep() {
        Iterator<Map.Entry<String, Long>> each = ended.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Long> entry = each.next();
            if (now - entry.getValue() < KEPT_NANOS) {
                return;
            }
            known.remove(entry.getKey());
            each.remove();
        }
    }
}
