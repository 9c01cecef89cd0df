// SPDX-License-Identifier: Apache-2.0
package egret.capture;

import egret.capture.decode.Decoded;
import egret.capture.decode.Packet;
import egret.capture.decode.PacketDecoder;
import egret.capture.decode.PacketTotals;
import egret.capture.flow.ConnectionListener;
import egret.capture.flow.ConnectionTracker;
import egret.capture.flow.NameTable;
import egret.capture.pcap.PacketSink;
import egret.capture.pcap.RawPacket;

/**
 * The main path of capturing: bytes become packets, packets connections, connections what a listener makes of them,
 * which is counts ({@link egret.capture.count.SourceCounter}) or a list. It takes raw packets from files or an
 * interface; its clock is theirs. One thread at a time; nothing is allocated per packet.
 */
public final class CapturePipeline implements PacketSink {
    private static final long SECOND = 1_000_000_000L;

    /** Packets of one capture may be this much out of order; more than that is a capture that was put together. */
    private static final long DISORDER = 10 * SECOND;

    private final PacketDecoder decoder = new PacketDecoder();
    private final Packet packet = new Packet();
    private final PacketTotals totals;
    private final ConnectionListener listener;
    private final ConnectionTracker tracker;
    private long secondStart = Long.MAX_VALUE;
    private long secondEnd = Long.MIN_VALUE;

    public CapturePipeline(NameTable names, PacketTotals totals, ConnectionListener listener) {
        this.totals = totals;
        this.listener = listener;
        this.tracker = new ConnectionTracker(names, listener);
    }

    @Override
    public void packet(RawPacket raw) {
        if (raw.timestampNanos >= secondEnd || raw.timestampNanos < secondStart - DISORDER) {
            turnTo(raw.timestampNanos);
        }
        Decoded outcome = decoder.decode(raw, packet);
        totals.count(outcome, raw.timestampNanos);
        if (outcome == Decoded.TCP) {
            tracker.tcp(packet);
        } else if (outcome == Decoded.UDP) {
            tracker.udp(packet);
        }
    }

    /** Time goes on without packets, as it does on a quiet interface. */
    public void time(long nanos) {
        if (nanos >= secondEnd) {
            turnTo(nanos);
        }
    }

    /** Another second begins. */
    private void turnTo(long timestampNanos) {
        secondStart = Math.floorDiv(timestampNanos, SECOND) * SECOND;
        secondEnd = secondStart + SECOND;
        shed();
        listener.tick(timestampNanos);
        tracker.tick(timestampNanos);
    }

    /** The capture is over: what is open is closed. */
    public void finish() {
        tracker.finish();
        shed();
        listener.finish();
    }

    private void shed() {
        totals.shed("fragments", decoder.fragmentsShed());
        totals.shed("connections", tracker.shed());
        totals.shed("reassembly", tracker.bytesShed());
    }
}
