// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.window;

import egret.capture.count.SourceCounts;
import org.jspecify.annotations.Nullable;

/** What is the same for one owner in all messages: who numbered it, since when, and the number. */
public final class OwnerKey {
    private final String agent;
    private final String boot;
    private final int id;

    public OwnerKey(SourceCounts counts, int id) {
        agent = counts.agent();
        boot = counts.boot();
        this.id = id;
    }

    /** Whether it is the owner that has this number in a message. */
    public boolean is(SourceCounts counts, int number) {
        return id == number && agent.equals(counts.agent()) && boot.equals(counts.boot());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OwnerKey key && key.id == id && key.agent.equals(agent) && key.boot.equals(boot);
    }

    @Override
    public int hashCode() {
        return (agent.hashCode() * 31 + boot.hashCode()) * 31 + id;
    }
}
