// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import java.util.Arrays;

/**
 * The counts of the last slots of equal length and their sums over several sliding windows. A window of w at slot n
 * holds the slots n - w + 1 to n. Only slots with a count take room: a quiet source has few.
 *
 * <pre>
 *   slots:  ... 7 . . 3 9 . 2        ring, ascending, from head to end
 *               |     |     |
 *               head  from[0]  end   from[i]: the first entry inside window i; sum[i]: from there to the end
 * </pre>
 */
final class Slots {
    private final int[] windows;
    private final long[] sum;
    private final int[] from;
    private long[] at = new long[4];
    private long[] count = new long[4];
    private int head;
    private int end;
    private long now = Long.MIN_VALUE;

    /** @param windows lengths in slots, ascending */
    Slots(int[] windows) {
        this.windows = windows;
        sum = new long[windows.length];
        from = new int[windows.length];
    }

    /** Without a count, of the same windows. */
    Slots empty() {
        return new Slots(windows);
    }

    /** Adds to a slot and moves the windows on to it; a slot before the present one counts where it is still inside. */
    void add(long slot, long value) {
        advance(slot);
        if (slot == now && end > head && at[end - 1] == slot) {
            count[end - 1] += value;
        } else {
            insert(slot, value);
        }
        for (int i = 0; i < windows.length; i++) {
            if (slot > now - windows[i]) {
                sum[i] += value;
            }
        }
    }

    /** Moves the windows on to a slot; never back. */
    void advance(long slot) {
        if (slot <= now) {
            return;
        }
        now = slot;
        for (int i = 0; i < windows.length; i++) {
            long first = slot - windows[i] + 1;
            int entry = from[i];
            while (entry < end && at[entry] < first) {
                sum[i] -= count[entry++];
            }
            from[i] = entry;
        }
        head = from[windows.length - 1];
    }

    long sum(int window) {
        return sum[window];
    }

    /** What the window would hold at a slot that is not before the present one, without moving on. */
    long sumAt(int window, long slot) {
        long held = sum[window];
        for (int entry = from[window]; entry < end && at[entry] <= slot - windows[window]; entry++) {
            held -= count[entry];
        }
        return held;
    }

    /** Adds to each element of {@code sums} the slots that it stands for, the last of which ends with a slot. */
    void sums(long slot, int step, long[] sums) {
        long first = slot - (long) step * sums.length + 1;
        for (int entry = head; entry < end && at[entry] <= slot; entry++) {
            if (at[entry] >= first) {
                sums[(int) ((at[entry] - first) / step)] += count[entry];
            }
        }
    }

    private void insert(long slot, long value) {
        if (slot <= now - windows[windows.length - 1]) {
            return;
        }
        int entry = end;
        while (entry > head && at[entry - 1] > slot) {
            entry--;
        }
        if (entry > head && at[entry - 1] == slot) {
            count[entry - 1] += value;
            return;
        }
        if (end == at.length) {
            int shift = makeRoom();
            entry -= shift;
        }
        System.arraycopy(at, entry, at, entry + 1, end - entry);
        System.arraycopy(count, entry, count, entry + 1, end - entry);
        at[entry] = slot;
        count[entry] = value;
        end++;
        for (int i = 0; i < windows.length; i++) {
            if (slot <= now - windows[i]) {
                from[i]++; // lies before the window, which moved up by one
            }
        }
    }

    /** Moves the entries to the front, or doubles the room when they fill three quarters of it. */
    private int makeRoom() {
        int shift = head;
        int size = end - head;
        int length = size > at.length / 4 * 3 ? at.length * 2 : at.length;
        long[] newAt = length == at.length ? at : Arrays.copyOf(at, length);
        long[] newCount = length == count.length ? count : Arrays.copyOf(count, length);
        System.arraycopy(at, head, newAt, 0, size);
        System.arraycopy(count, head, newCount, 0, size);
        at = newAt;
        count = newCount;
        for (int i = 0; i < from.length; i++) {
            from[i] -= shift;
        }
        head = 0;
        end = size;
        return shift;
    }
}
