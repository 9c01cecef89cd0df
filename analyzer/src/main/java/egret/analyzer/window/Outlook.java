// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

/** What becomes of a sliding window: what it holds leaves it slot by slot, the oldest first, while more may come. */
final class Outlook {
    private final long[] slots;
    private final int slotSeconds;

    /** @param slots what it holds now, the oldest first */
    Outlook(long[] slots, int slotSeconds) {
        this.slots = slots;
        this.slotSeconds = slotSeconds;
    }

    /**
     * Seconds until it holds so much, as much more coming each second from now on; -1 if it never will.
     *
     * @param level more than it holds now
     */
    double reaches(long level, double pace) {
        double held = sum();
        for (int i = 0; i < slots.length; i++) {
            double next = held + pace * slotSeconds - slots[i];
            if (next >= level) {
                return slotSeconds * (i + (level - held) / (next - held));
            }
            held = next;
        }
        return -1;
    }

    /** Seconds until it holds less, nothing more coming. */
    double fallsBelow(long level) {
        long held = sum();
        for (int i = 0; i < slots.length; i++) {
            held -= slots[i];
            if (held < level) {
                return (double) slotSeconds * (i + 1);
            }
        }
        return (double) slotSeconds * slots.length;
    }

    private long sum() {
        long sum = 0;
        for (long slot : slots) {
            sum += slot;
        }
        return sum;
    }
}
