// SPDX-License-Identifier: Apache-2.0
package egret.capture.pcap;

/**
 * An interface as a capture file describes it; its position in the list is {@link RawPacket#interfaceIndex}.
 *
 * @param linkType libpcap's LINKTYPE_ value of its packets
 * @param snaplen bytes of a frame that are kept at most, 0 for no limit
 */
public record CapturedInterface(String name, int linkType, int snaplen) {}
