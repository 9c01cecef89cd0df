// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

/**
 * What one captured interface did since the start.
 *
 * @param received packets that passed the filter, among them those dropped
 * @param dropped of those, by the kernel because the ring was full
 * @param interfaceDropped by the interface itself, before any filter
 */
public record LiveInterface(String name, long received, long dropped, long interfaceDropped) {}
