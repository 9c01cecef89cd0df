// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.analyzer.answer.Answer.Peak;
import egret.analyzer.answer.Answer.Window;
import java.util.ArrayList;
import java.util.List;

/** Requests over 10 s, 60 s, 5 min and 6 h, and the most that each of these ever held. */
final class Rates {
    private static final int[] WINDOWS = {10, 60, 300, 21_600};
    private static final int MINUTE = 1;

    private final SlidingCounts counts = new SlidingCounts(WINDOWS);
    private final long[] most = new long[WINDOWS.length];
    private final long[] mostAt = new long[WINDOWS.length];

    void add(long second, long requests) {
        counts.add(second, requests);
        for (int i = 0; i < WINDOWS.length; i++) {
            long sum = counts.sum(i);
            if (sum > most[i]) {
                most[i] = sum;
                mostAt[i] = second;
            }
        }
    }

    /** The last of the 60 s with the most requests. */
    long peakSecond() {
        return mostAt[MINUTE];
    }

    Peak peak(Span span) {
        long atNanos = most[MINUTE] == 0 ? 0 : span.endOf(mostAt[MINUTE]);
        if (span.nanos() >= 60 * Span.SECOND) {
            return new Peak(most[MINUTE], atNanos, 60, false);
        }
        double seconds = Math.max(1, (double) span.nanos() / Span.SECOND);
        return new Peak(Math.round(most[MINUTE] * 60 / seconds), atNanos, (int) Math.round(seconds), true);
    }

    List<Window> windows(Span span) {
        List<Window> windows = new ArrayList<>(WINDOWS.length);
        for (int i = 0; i < WINDOWS.length; i++) {
            long atNanos = most[i] == 0 ? 0 : span.endOf(mostAt[i]);
            windows.add(new Window(WINDOWS[i], counts.sumAt(i, span.lastSecond()), most[i], atNanos));
        }
        return windows;
    }
}
