// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.evidence.EvidenceQueue;
import org.jspecify.annotations.Nullable;

/** What daemons of the agent's machine say, on its way into the messages. Used by the capturing thread. */
public final class EvidenceFeed {
    /** Nobody says anything. */
    public static final EvidenceFeed NONE = new EvidenceFeed(null, SourceCounts.Local.NONE);

    private final @Nullable EvidenceQueue queue;
    private final SourceCounts.Local local;

    /** @param local whose evidence it is */
    public EvidenceFeed(@Nullable EvidenceQueue queue, SourceCounts.Local local) {
        this.queue = queue;
        this.local = local;
    }

    boolean waits() {
        return queue != null && !queue.isEmpty();
    }

    /** The message with what waits, up to its bound. */
    SourceCounts into(SourceCounts counts) {
        return queue == null ? counts : counts.with(queue.take(SourceCounts.MAX_EVIDENCE), local);
    }
}
