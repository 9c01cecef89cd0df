// SPDX-License-Identifier: Apache-2.0
package egret.capture.decode;

/** What became of one packet. Every outcome is counted; all but the first two are evidence that was not used. */
public enum Decoded {
    /** A TCP segment; the fields of {@link Packet} are set. */
    TCP,
    /** A UDP datagram; the fields of {@link Packet} are set. */
    UDP,
    /** Well-formed, but neither TCP nor UDP over IP (ARP, ICMP, SCTP, 802.3 …). */
    OTHER,
    /** An IP fragment that is held until its datagram is whole. */
    FRAGMENT_HELD,
    /** The capture ends before the fixed part of the transport header does. */
    TRUNCATED,
    /** A header contradicts itself. */
    MALFORMED,
    /** Encapsulated more deeply than the decoder follows. */
    TOO_DEEP,
    /** A link type that the decoder does not know. */
    UNKNOWN_LINK_TYPE
}
