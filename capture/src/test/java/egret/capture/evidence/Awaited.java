// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Evidence that comes from another thread, and is waited for. */
final class Awaited implements EvidenceSink {
    private static final long DEADLINE = 20_000_000_000L;

    private final LinkedBlockingQueue<Evidence> queue = new LinkedBlockingQueue<>();
    private final List<Evidence> all = new ArrayList<>();

    @Override
    public void evidence(Evidence evidence) {
        queue.add(evidence);
    }

    /** The first of it that is so. */
    Evidence first(Predicate<Evidence> so) throws InterruptedException {
        for (Evidence before : all) {
            if (so.test(before)) {
                return before;
            }
        }
        long end = System.nanoTime() + DEADLINE;
        while (System.nanoTime() < end) {
            Evidence next = queue.poll(100, TimeUnit.MILLISECONDS);
            if (next != null) {
                all.add(next);
                if (so.test(next)) {
                    return next;
                }
            }
        }
        throw new AssertionError("not among " + all);
    }

    /** All so far. */
    List<Evidence> all() {
        queue.drainTo(all);
        return all;
    }

    static void until(String what, BooleanSupplier so) {
        long end = System.nanoTime() + DEADLINE;
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
