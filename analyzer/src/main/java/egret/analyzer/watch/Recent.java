// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.capture.count.SourceCounts;
import java.util.ArrayDeque;
import java.util.List;

/** The last {@value #SECONDS} seconds of counts. Owned by the thread that analyzes; what it gives away is immutable. */
public final class Recent {
    /** What a line of the view spans, and a bit more to look back at. */
    static final int SECONDS = 120;

    private final ArrayDeque<Beat> beats = new ArrayDeque<>();

    public void add(SourceCounts counts) {
        if (counts.rows().isEmpty()) {
            return;
        }
        if (!beats.isEmpty() && beats.getLast().second() - counts.startSecond() > SECONDS) {
            beats.clear(); // the clock was set back
        }
        if (beats.size() == SECONDS) {
            beats.removeFirst();
        }
        beats.addLast(Beat.of(counts));
    }

    /** Oldest first, none of them older than the span before {@code nowSecond}. */
    public List<Beat> until(long nowSecond) {
        while (!beats.isEmpty() && beats.getFirst().second() <= nowSecond - SECONDS) {
            beats.removeFirst();
        }
        return List.copyOf(beats);
    }
}
