// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import egret.capture.evidence.Evidence.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Evidence on its way from those who read it to the one thread that sends it. Whoever puts never waits: what finds no
 * room is counted. What names no host is of this one; what is older than the watching is left out, but for what holds on.
 */
public final class EvidenceQueue implements EvidenceSink {
    static final int ROOM = 8192;

    private static final long SECOND = 1_000_000_000L;

    private final ArrayBlockingQueue<Evidence> queue = new ArrayBlockingQueue<>(ROOM);
    private final AtomicLong shed = new AtomicLong();
    private final String host;
    private final AtomicLong fromSecond;
    private volatile long aheadSeconds;

    /**
     * @param host this machine's name, as logs have it, if what they do not name is its; else ""
     * @param fromSecond failures before it are of no use
     */
    public EvidenceQueue(String host, long fromSecond) {
        this.host = host;
        this.fromSecond = new AtomicLong(fromSecond);
    }

    /**
     * This machine's clock was set, for daemons too.
     *
     * @param stepNanos by how much, less than 0 if it was set back
     * @param aheadNanos how far the times of packets are ahead of it from here on, in whole seconds
     */
    public void clockSet(long stepNanos, long aheadNanos) {
        long ahead = aheadNanos / SECOND;
        fromSecond.addAndGet(Math.min(0, Math.round((double) stepNanos / SECOND) + ahead - aheadSeconds));
        aheadSeconds = ahead;
    }

    @Override
    public void evidence(Evidence evidence) {
        boolean lasting = evidence.kind() == Kind.SERVICE || evidence.kind() == Kind.RESOLVE_FAILED;
        if (evidence.second() + aheadSeconds < fromSecond.get() && !lasting) {
            return;
        }
        if (!queue.offer(ours(evidence))) {
            shed.incrementAndGet();
        }
    }

    /** A host may write its whole name or its first part. */
    private Evidence ours(Evidence evidence) {
        String named = evidence.host();
        if (host.isEmpty() || (!named.isEmpty() && !first(named).equals(first(host)))) {
            return evidence;
        }
        return new Evidence(
                evidence.second() + aheadSeconds,
                evidence.kind(),
                host,
                evidence.service(),
                evidence.name(),
                evidence.image(),
                evidence.problem(),
                evidence.detail(),
                evidence.count(),
                evidence.millis(),
                evidence.source(),
                evidence.line());
    }

    private static String first(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** This machine's name; "" if what is told is of others. */
    public String host() {
        return host;
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Takes what there is, so many at most; the rest waits. */
    public List<Evidence> take(int most) {
        List<Evidence> taken = new ArrayList<>(Math.min(most, queue.size()));
        while (taken.size() < most) {
            @Nullable Evidence next = queue.poll();
            if (next == null) {
                break;
            }
            taken.add(next);
        }
        return taken;
    }

    /** What found no room. */
    public long shed() {
        return shed.get();
    }
}
