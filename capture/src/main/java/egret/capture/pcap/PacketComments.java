// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

import org.jspecify.annotations.Nullable;

/** Words to write beside a packet, as Wireshark shows them. */
@FunctionalInterface
public interface PacketComments {
    PacketComments NONE = packet -> null;

    /** Called once for each packet on the capturing thread; null for most: for the owner, once in a connection. */
    @Nullable
    String of(RawPacket packet);
}
