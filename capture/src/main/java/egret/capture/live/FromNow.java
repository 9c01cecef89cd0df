// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.pcap.RawPacket;

/**
 * Leaves out the packets that waited since the interfaces were opened: a capture, and its time, begin when somebody runs it.
 * Only at the beginning, as the clock may be set back later.
 */
final class FromNow implements LiveListener {
    private static final long BEGINNING_NANOS = 1_000_000_000L;

    private final LiveListener listener;
    private final long nanos = LiveClock.now();
    private final long begun = System.nanoTime();
    private boolean beginning = true;

    FromNow(LiveListener listener) {
        this.listener = listener;
    }

    @Override
    public void packet(RawPacket packet) {
        if (beginning && packet.timestampNanos < nanos) {
            return;
        }
        listener.packet(packet);
    }

    @Override
    public void beforePackets() {
        beginning = beginning && System.nanoTime() - begun < BEGINNING_NANOS;
        listener.beforePackets();
    }

    @Override
    public void time(long now) {
        listener.time(beginning ? Math.max(now, nanos) : now);
    }

    @Override
    public void clockSet(ClockStep step) {
        listener.clockSet(step);
    }

    @Override
    public void interfaceChanged(InterfaceChange change) {
        listener.interfaceChanged(change);
    }
}
