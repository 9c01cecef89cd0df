// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/** Ctrl-C, kill and a terminal that goes away: the first asks to stop, the second ends at once. */
public final class StopSignals {
    private static final String[] SIGNALS = {"INT", "TERM", "HUP"};

    private final AtomicInteger received = new AtomicInteger();
    private final Runnable stop;
    private final Runnable end;

    StopSignals(Runnable stop, Runnable end) {
        this.stop = stop;
        this.end = end;
    }

    /** Both are run on a thread of the JVM's; where there are no signals, nothing comes. */
    public static void install(Runnable stop, Runnable end) {
        StopSignals signals = new StopSignals(stop, end);
        for (String name : SIGNALS) {
            Signals.register(name, signals::received);
        }
    }

    void received() {
        if (received.incrementAndGet() == 1) {
            stop.run();
        } else {
            end.run();
        }
    }
}
