// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.decode.PacketTotals;
import egret.capture.evidence.LocalEvidence;
import egret.capture.live.LiveCapture;
import egret.capture.nat.Conntrack;
import egret.capture.nat.ConntrackCounts;
import egret.capture.pcap.WriteCounts;
import egret.capture.process.Coverage;
import egret.capture.process.Owners;
import egret.capture.socket.SocketSources;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a live agent gave up beside the packets, for the answer's account of what was not seen, and what ended for good, once,
 * for its notices. On the capturing thread.
 */
final class Losses {
    private final PacketTotals totals;
    private final Notices notices;
    private final LiveCapture capture;
    private final SocketSources sockets;
    private final Owners owners;
    private final Conntrack conntrack;
    private final LocalEvidence evidence;
    private final @Nullable FollowingFilter filter;
    private final @Nullable WriteAside aside;
    private boolean toldSockets;
    private boolean toldWriting;

    Losses(
            PacketTotals totals,
            Notices notices,
            LiveCapture capture,
            SocketSources sockets,
            Owners owners,
            Conntrack conntrack,
            LocalEvidence evidence,
            @Nullable FollowingFilter filter,
            @Nullable WriteAside aside) {
        this.totals = totals;
        this.notices = notices;
        this.capture = capture;
        this.sockets = sockets;
        this.owners = owners;
        this.conntrack = conntrack;
        this.evidence = evidence;
        this.filter = filter;
        this.aside = aside;
    }

    /** As it is now; some times a second. */
    void count(long nowNanos) {
        Coverage coverage = owners.coverage();
        for (Map.Entry<String, Long> table : coverage.shed().entrySet()) {
            totals.shed(table.getKey(), table.getValue());
        }
        ConntrackCounts translations = conntrack.counts();
        totals.shed("owner-events", coverage.lost());
        totals.shed("owner-reads", coverage.unread());
        totals.shed("translations", translations.shed() + translations.unanswered());
        totals.shed("conntrack-overruns", translations.overruns());
        totals.shed("evidence", evidence.shed());
        if (filter != null) {
            totals.shed("watched-addresses", filter.shed());
        }
        totals.shed("interruptions", capture.statistics().interruptions());
        String silence = sockets.silence();
        if (!silence.isEmpty() && !toldSockets) {
            toldSockets = true;
            notices.add(nowNanos, silence);
        }
        if (aside != null) {
            WriteCounts written = aside.counts();
            totals.shed("written-packets", written.lost());
            if (written.problem() != null && !toldWriting) {
                toldWriting = true;
                notices.add(nowNanos, written.problem() + "; packets are written no more, watching goes on.");
            }
        }
    }
}
