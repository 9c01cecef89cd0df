// SPDX-License-Identifier: Apache-2.0
package egret.capture.process;

import egret.capture.engine.EngineAnswer;
import egret.capture.engine.EngineEvents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A container engine that speaks Docker's API on a Unix socket: its list of containers, then its events as they come. It only
 * ever asks with GET. When the engine goes away it is looked for again, after half a second first, then ever longer up to
 * half a minute. On the lookup thread.
 */
final class Engine {
    /** What it tells. */
    interface Listener {
        void container(ContainerNames names);

        void ended(ContainerNames names);

        /** Only these run; those known before that are not among them have ended. */
        void running(Engine engine, List<ContainerNames> list);
    }

    /** Events of containers only: an engine that pulls images tells thousands of others. */
    private static final String EVENTS = "/events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D";

    private static final String LIST = "/containers/json";
    private static final long ANSWER_NANOS = 5_000_000_000L;
    private static final long FIRST_WAIT = 500_000_000L;
    private static final long LONGEST_WAIT = 30_000_000_000L;

    private final Path socket;
    private final String runtime;
    private final Listener listener;
    private @Nullable EngineEvents events;
    private long overlong;
    private boolean seen;
    private long tryNanos;
    private long waitNanos = FIRST_WAIT;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();

    Engine(Path socket, Listener listener, long nowNanos) {
        this.socket = socket;
        this.runtime = socket.toString().contains("podman") ? "podman" : "docker";
        this.listener = listener;
        this.tryNanos = nowNanos;
    }

    /** Connects, if it is time to. */
    void tend(Selector selector, long nowNanos) {
        if (events != null || nowNanos - tryNanos < 0) {
            return;
        }
        if (!seen && !Files.exists(socket)) {
            tryNanos = nowNanos + waitNanos; // There is no such engine, which is no failure.
            waitNanos = Math.min(waitNanos * 2, LONGEST_WAIT);
            return;
        }
        seen = true;
        try {
            // Events first, so that nothing falls between them and the list.
            EngineEvents stream = EngineEvents.open(socket, EVENTS);
            events = stream;
            overlong = 0;
            stream.channel().register(selector, SelectionKey.OP_READ, this);
            try (InputStream in = EngineAnswer.get(socket, LIST, ANSWER_NANOS)) {
                listener.running(this, ContainerJson.list(in, runtime));
            }
            waitNanos = FIRST_WAIT;
        } catch (IOException ignored) {
            failed(nowNanos);
        }
    }

    /** Events are there to be read. */
    void readable(long nowNanos) {
        EngineEvents stream = events;
        if (stream == null) {
            return;
        }
        try {
            boolean more = stream.read(this::event);
            unreadable.addAndGet(stream.overlong() - overlong);
            overlong = stream.overlong();
            if (!more) {
                failed(nowNanos);
            }
        } catch (IOException ignored) {
            failed(nowNanos);
        }
    }

    /** What it says of one container; null if it knows none of that name, or does not answer. */
    @Nullable
    ContainerNames ask(String id) {
        if (events == null || !CgroupText.isId(id)) {
            return null;
        }
        try (InputStream in = EngineAnswer.get(socket, "/containers/" + id + "/json", ANSWER_NANOS)) {
            return ContainerJson.container(in, runtime);
        } catch (IOException ignored) {
            return null; // Mostly a container of another engine. One that is down is noticed by its events.
        }
    }

    void close() {
        EngineEvents stream = events;
        events = null;
        if (stream != null) {
            stream.close();
        }
    }

    boolean connected() {
        return events != null;
    }

    /** How often it went away or did not answer. */
    long failures() {
        return failures.get();
    }

    /** Events that could not be read. */
    long unreadable() {
        return unreadable.get();
    }

    private void event(byte[] line, int length) {
        try {
            ContainerJson.Event event = ContainerJson.event(line, length, runtime);
            if (event != null && event.ended()) {
                listener.ended(event.names());
            } else if (event != null) {
                listener.container(event.names());
            }
        } catch (IOException ignored) {
            unreadable.incrementAndGet();
        }
    }

    private void failed(long nowNanos) {
        close();
        failures.incrementAndGet();
        tryNanos = nowNanos + waitNanos;
        waitNanos = Math.min(waitNanos * 2, LONGEST_WAIT);
    }
}
