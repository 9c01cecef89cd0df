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
    private static final int RECENT_STEP = 5;

    private static final SlidingCounts EMPTY = new SlidingCounts(WINDOWS);

    private final SlidingCounts counts = EMPTY.empty();
    private final long[] most = new long[WINDOWS.length];
    private final long[] mostAt = new long[WINDOWS.length];
    private List<Window> told = List.of();

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

    /** In the 60 s that end with a second. */
    long now(long second) {
        return counts.sumAt(MINUTE, second);
    }

    /** A second, in the 10 s that end with one, or in as much of them as was seen. */
    double pace(long second, double seenSeconds) {
        return counts.sumAt(0, second) / Math.min(WINDOWS[0], seenSeconds);
    }

    /** Of the 60 s that end with a second. */
    Outlook outlook(long second) {
        return counts.outlook(MINUTE, second);
    }

    /** The last {@value SlidingCounts#EXACT_SECONDS} s in steps of {@value #RECENT_STEP} s. */
    List<Long> recent(long second) {
        long[] sums = new long[SlidingCounts.EXACT_SECONDS / RECENT_STEP];
        counts.recent(second, RECENT_STEP, sums);
        Long[] boxed = new Long[sums.length];
        for (int i = 0; i < sums.length; i++) {
            boxed[i] = sums[i];
        }
        return List.of(boxed);
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

    /** Immutable, and the same list as before where nothing has changed: so it is with most sources in most seconds. */
    List<Window> windows(Span span) {
        if (told.isEmpty() || changed(span)) {
            told = made(span);
        }
        return told;
    }

    private boolean changed(Span span) {
        boolean changed = false;
        for (int i = 0; i < WINDOWS.length; i++) {
            Window window = told.get(i);
            changed |= window.most() != most[i] || window.now() != counts.sumAt(i, span.lastSecond());
            changed |= most[i] != 0 && window.mostAtNanos() != span.endOf(mostAt[i]);
        }
        return changed;
    }

    private List<Window> made(Span span) {
        List<Window> windows = new ArrayList<>(WINDOWS.length);
        for (int i = 0; i < WINDOWS.length; i++) {
            long atNanos = most[i] == 0 ? 0 : span.endOf(mostAt[i]);
            windows.add(new Window(WINDOWS[i], counts.sumAt(i, span.lastSecond()), most[i], atNanos));
        }
        return List.copyOf(windows);
    }
}
