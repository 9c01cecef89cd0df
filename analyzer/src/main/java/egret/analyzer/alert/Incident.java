// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.alert;

import egret.analyzer.answer.Answer.Alert;
import egret.analyzer.answer.Answer.Top;
import egret.rules.Threshold;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One crossing of a threshold, from when it fired until it is resolved. */
final class Incident {
    private static final long SECOND = 1_000_000_000L;

    private final Threshold threshold;
    private final Counter counter;
    private final Group group;
    private final int window;
    private final long atNanos;
    private long most;
    private long mostSecond;
    private boolean topDue = true; // the top is of an earlier second than the most
    private List<Top> top = List.of();
    private @Nullable Long resolvedNanos;

    Incident(Threshold threshold, Counter counter, Group group, int window, long value, long second, long nanos) {
        this.threshold = threshold;
        this.counter = counter;
        this.group = group;
        this.window = window;
        most = value;
        mostSecond = second;
        atNanos = nanos;
    }

    /** A time of packets, held within the second that it was counted in. */
    static long within(long nanos, long second) {
        return Math.max(second * SECOND, Math.min(nanos, (second + 1) * SECOND - 1));
    }

    boolean firing() {
        return resolvedNanos == null;
    }

    /** The window holds so much now. */
    void rise(long value, long second) {
        if (value > most) {
            most = value;
            mostSecond = second;
            topDue = true;
        }
    }

    /** Takes a second as complete. Returns whether the alert is over with it. */
    boolean resolve(long second) {
        if (topDue && mostSecond == second) {
            takeTop();
        }
        if (group.counts.sumAt(window, second) >= threshold.resolveValue()) {
            return false;
        }
        resolvedNanos = (second + 1) * SECOND;
        return true;
    }

    private void takeTop() {
        top = counter.top(group, window, mostSecond);
        topDue = false;
    }

    Alert alert() {
        return new Alert(
                threshold.id(),
                threshold.endpoint(),
                threshold.severity().word(),
                firing(),
                group.name(),
                atNanos,
                resolvedNanos,
                most,
                threshold.value(),
                threshold.windowSeconds(),
                topDue ? counter.top(group, window, mostSecond) : top);
    }
}
