// SPDX-License-Identifier: Apache-2.0
package egret.capture.live;

import java.util.List;

/**
 * Of all interfaces together since the start; at most 200 ms old while the capture runs, exact when it is over.
 *
 * @param interfaces one by one, in the order asked for
 * @param received packets that passed the filter, among them those dropped
 * @param dropped of those, by the kernel because the ring was full
 * @param interfaceDropped by the network interfaces themselves, before any filter
 * @param freezes how often a ring was full
 * @param foreign of those received, frames with a link header nobody knows and no IP inside: they are not handed over
 * @param interruptions how often an interface went down or away
 */
public record LiveStatistics(
        List<LiveInterface> interfaces,
        long received,
        long dropped,
        long interfaceDropped,
        long freezes,
        long foreign,
        long interruptions) {
    static final LiveStatistics NONE = new LiveStatistics(List.of(), 0, 0, 0, 0, 0, 0);

    public LiveStatistics {
        interfaces = List.copyOf(interfaces);
    }
}
