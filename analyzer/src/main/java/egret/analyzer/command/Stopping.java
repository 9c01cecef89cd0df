// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.command;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** When a capture is to end: by signal, by the clock, by itself, or because nobody reads or something failed. */
final class Stopping implements BooleanSupplier {
    private final LiveSession session;
    private final LiveAnalysis analysis;
    private final StandardOutput out;
    private final long endNanos;
    private final boolean timed;
    private volatile boolean asked;

    /** @param seconds until it ends, 0 for never */
    Stopping(LiveSession session, LiveAnalysis analysis, StandardOutput out, long seconds) {
        this.session = session;
        this.analysis = analysis;
        this.out = out;
        timed = seconds > 0;
        endNanos = System.nanoTime() + seconds * 1_000_000_000L;
    }

    /** By any thread; returns when nothing is captured any more. Who polls this hears of it up to a wait later. */
    void ask() {
        asked = true;
        session.stop();
    }

    @Override
    public boolean getAsBoolean() {
        return asked
                || (timed && System.nanoTime() - endNanos >= 0)
                || analysis.failure() != null
                || out.abandoned()
                || !session.status().running();
    }

    /** What ended it that should not have, null if all is well. */
    @Nullable
    String failure() {
        return session.status().failure();
    }
}
