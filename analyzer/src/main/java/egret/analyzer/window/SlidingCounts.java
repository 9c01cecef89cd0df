// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import org.jspecify.annotations.Nullable;

/**
 * Counts over sliding windows that end with the present second. Windows of up to {@value #EXACT_SECONDS} s are made of
 * seconds; longer ones of minutes, the present one included as far as it has come, so that they span up to a minute less
 * than they are long. At most {@value #EXACT_SECONDS} + 1,440 slots, and only as many as had a count.
 */
public final class SlidingCounts {
    static final int EXACT_SECONDS = 300;

    private final int[] windows;
    private final int exact; // how many of the windows are made of seconds
    private final @Nullable Slots seconds;
    private final @Nullable Slots minutes;

    /** @param windows lengths in seconds, ascending, at most a day */
    public SlidingCounts(int... windows) {
        this.windows = windows;
        int count = 0;
        while (count < windows.length && windows[count] <= EXACT_SECONDS) {
            count++;
        }
        exact = count;
        int[] inSeconds = new int[exact];
        int[] inMinutes = new int[windows.length - exact];
        for (int i = 0; i < windows.length; i++) {
            if (i < exact) {
                inSeconds[i] = windows[i];
            } else {
                inMinutes[i - exact] = (windows[i] + 59) / 60;
            }
        }
        seconds = inSeconds.length == 0 ? null : new Slots(inSeconds);
        minutes = inMinutes.length == 0 ? null : new Slots(inMinutes);
    }

    private SlidingCounts(SlidingCounts other) {
        windows = other.windows;
        exact = other.exact;
        seconds = other.seconds == null ? null : other.seconds.empty();
        minutes = other.minutes == null ? null : other.minutes.empty();
    }

    /** Another one without a count, of the same windows: many share the memory that these take. */
    public SlidingCounts empty() {
        return new SlidingCounts(this);
    }

    public void add(long second, long count) {
        if (seconds != null) {
            seconds.add(second, count);
        }
        if (minutes != null) {
            minutes.add(Math.floorDiv(second, 60), count);
        }
    }

    /** What the windows hold at the second of the last addition. */
    public long sum(int window) {
        if (window < exact) {
            return seconds == null ? 0 : seconds.sum(window);
        }
        return minutes == null ? 0 : minutes.sum(window - exact);
    }

    /** What the window holds at a second that is not before the last addition. */
    public long sumAt(int window, long second) {
        if (window < exact) {
            return seconds == null ? 0 : seconds.sumAt(window, second);
        }
        return minutes == null ? 0 : minutes.sumAt(window - exact, Math.floorDiv(second, 60));
    }

    /** The counts of the last seconds, up to {@value #EXACT_SECONDS}: elements of so many seconds, ending with a second. */
    void recent(long second, int step, long[] sums) {
        if (seconds != null) {
            seconds.sums(second, step, sums);
        }
    }

    /** What becomes of what a window holds at a second that is not before the last addition. */
    Outlook outlook(int window, long second) {
        boolean exactly = window < exact;
        Slots slots = exactly ? seconds : minutes;
        int unit = exactly ? 1 : 60;
        long[] held = new long[(windows[window] + unit - 1) / unit];
        if (slots != null) {
            slots.sums(Math.floorDiv(second, unit), 1, held);
        }
        return new Outlook(held, unit);
    }

    /** The index of the longest window. */
    public int longest() {
        return windows.length - 1;
    }

    /** The index of a window of that length. */
    public int window(int lengthSeconds) {
        for (int i = 0; i < windows.length; i++) {
            if (windows[i] == lengthSeconds) {
                return i;
            }
        }
        throw new IllegalArgumentException("no window of " + lengthSeconds + " s");
    }
}
