// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import egret.capture.pcap.PacketSink;

/** Takes live packets, and the passing of time. On the thread that captures. */
public interface LiveListener extends PacketSink {
    /**
     * Packets are about to be handed over: what the kernel told beside them is read first. Under traffic at least every
     * {@link LiveOptions#waitMillis}.
     */
    void beforePackets();

    /**
     * No packet is older than this, also when none came: called at least every 100 ms. Nanoseconds since the epoch. It goes
     * back only after packets that did, when somebody set the clock back by minutes.
     */
    void time(long nanos);

    /** Somebody set the machine's clock; before the packets and times that it concerns. */
    default void clockSet(ClockStep step) {}

    /** Something happened to an interface; capture goes on. */
    default void interfaceChanged(InterfaceChange change) {}
}
