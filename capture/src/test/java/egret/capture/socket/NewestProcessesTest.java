// SPDX-License-Identifier: Apache-2.0
package egret.capture.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NewestProcessesTest {
    private static final int STEPS = 20_000;

    /** A fork as the slow model remembers it; pid 0 when it is over. */
    private static final class Fork {
        private int pid;
        private int parent;
        private long nanos;
        private boolean holding;
    }

    @Test
    void remembersAsASimpleListDoes() {
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            NewestProcesses newest = new NewestProcesses();
            List<Fork> model = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                int pid = 1 + random.nextInt(3000);
                Fork known = find(model, pid);
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        if (known == null) {
                            newest.forked(pid + 1, pid, step);
                            add(model, pid + 1, pid, step, newest.size());
                        }
                    }
                    case 2 -> {
                        newest.executed(pid);
                        if (known == null) {
                            add(model, 0, pid, 0, newest.size());
                        }
                    }
                    case 3 -> {
                        newest.exited(pid);
                        if (known != null) {
                            known.pid = 0;
                        }
                    }
                    default -> {
                        newest.holds(pid);
                        if (known != null) {
                            known.holding = true;
                        }
                    }
                }
                Fork now = find(model, pid);
                assertThat(newest.parent(pid)).as("seed " + seed).isEqualTo(now == null ? 0 : now.parent);
                assertThat(newest.forkedNanos(pid)).as("seed " + seed).isEqualTo(now == null ? 0 : now.nanos);
                int ago = random.nextInt(newest.size());
                Fork old = ago < model.size() ? model.get(model.size() - 1 - ago) : null;
                assertThat(newest.fresh(ago))
                        .as("seed " + seed + " ago " + ago)
                        .isEqualTo(old == null || old.holding ? 0 : old.pid);
            }
        }
    }

    private static Fork find(List<Fork> model, int pid) {
        for (int i = model.size() - 1; i >= 0; i--) {
            if (model.get(i).pid == pid) {
                return model.get(i);
            }
        }
        return null;
    }

    private static void add(List<Fork> model, int parent, int pid, long nanos, int most) {
        Fork fork = new Fork();
        fork.pid = pid;
        fork.parent = parent;
        fork.nanos = nanos;
        model.add(fork);
        if (model.size() > most) {
            model.remove(0);
        }
    }
}
