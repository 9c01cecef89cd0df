// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/**
 * Of all interfaces together since the start.
 *
 * @param received packets that passed the filter
 * @param dropped of those, by the kernel because the ring was full
 * @param interfaceDropped by the network interfaces themselves
 * @param freezes how often a ring was full
 */
public record LiveStatistics(long received, long dropped, long interfaceDropped, long freezes) {}
