// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import java.util.ArrayDeque;
import java.util.List;

/** The last {@value #MOST} notices. On the capturing thread, but for what {@link #list} returned. */
final class Notices {
    static final int MOST = 16;

    private final ArrayDeque<Notice> last = new ArrayDeque<>();
    private List<Notice> list = List.of();
    private long number;

    void add(long nanos, String sentence) {
        if (last.size() == MOST) {
            last.removeFirst();
        }
        last.addLast(new Notice(++number, nanos, sentence));
        list = List.copyOf(last);
    }

    /** Oldest first. */
    List<Notice> list() {
        return list;
    }
}
