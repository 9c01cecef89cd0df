// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

/** Takes the packets of one or more captures, in order, from one thread at a time. */
@FunctionalInterface
public interface PacketSink {
    /** @param packet valid during the call only */
    void packet(RawPacket packet);
}
