// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Events of all processors in the order of time. Each processor has a buffer of its own, so that an event of another one
 * may still be unread; what is younger than the moment at which reading began is kept until the next time.
 */
final class TraceOrder {
    /** Takes events in order; an event is good during the call. */
    interface Taker {
        void take(TraceEvent event);
    }

    /** Events held: several rings full of the smallest. Then reading stops, and the kernel counts what it overwrites. */
    static final int MOST = 1 << 16;

    private static final int PAGE_EVENTS = 4096;

    private TraceEvent[] events = new TraceEvent[256];
    private int size;

    /** No room for another page, the largest with the smallest of the events that are taken (40 bytes and a header). */
    boolean isFull() {
        return size > MOST - PAGE_EVENTS;
    }

    /** A place for one more event, to be filled in; not when it is full. */
    TraceEvent add() {
        if (size == events.length) {
            events = Arrays.copyOf(events, Math.min(MOST, 2 * size));
        }
        TraceEvent event = events[size];
        if (event == null) {
            event = new TraceEvent();
            events[size] = event;
        }
        size++;
        return event;
    }

    /** Takes back the place that was given last. */
    void removeLast() {
        size--;
    }

    /** Hands on what is not younger than the given time. */
    void deliver(long until, Taker taker) {
        // Few runs that are sorted already: nearly linear, and stable.
        Arrays.sort(events, 0, size, BY_TIME);
        int done = 0;
        while (done < size && events[done].time <= until) {
            taker.take(events[done++]);
        }
        for (int at = done; at < size; at++) {
            TraceEvent kept = events[at];
            events[at] = events[at - done];
            events[at - done] = kept;
        }
        size -= done;
    }

    private static final Comparator<TraceEvent> BY_TIME = new Comparator<>() {
        @Override
        public int compare(TraceEvent one, TraceEvent other) {
            return Long.compare(one.time, other.time);
        }
    };
}
