// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.flow.Connection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts what was not seen or not used since it was last asked. */
final class GapCounter {
    long packets;
    long connections;
    long named;
    long midStream;
    long withoutHello;
    long copies;
    private final Map<String, Long> hellosWithoutName = new HashMap<>();

    void helloWithoutName(Connection connection, boolean ech) {
        String reason = connection.snapped() ? "snaplen" : connection.helloCut() ? "gap" : ech ? "ech" : "no-sni";
        hellosWithoutName.merge(reason, 1L, Long::sum);
    }

    /** All since the last call; {@code undecodable} and {@code shed} are counted elsewhere. */
    EvidenceGaps rollUp(Map<String, Long> undecodable, Map<String, Long> shed) {
        EvidenceGaps gaps = new EvidenceGaps(
                packets, 0, undecodable, connections, named, midStream, withoutHello, hellosWithoutName, copies, shed);
        packets = 0;
        connections = 0;
        named = 0;
        midStream = 0;
        withoutHello = 0;
        copies = 0;
        hellosWithoutName.clear();
        return gaps;
    }

    /** {@code TOO_DEEP} as {@code too-deep}. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What has been added to a running total since the last call, by key; zeros are left out. */
    static final class Running {
        private final Map<String, Long> before = new HashMap<>();

        void put(Map<String, Long> into, String key, long total) {
            Long last = before.put(key, total);
            long more = total - (last == null ? 0 : last);
            if (more != 0) {
                into.put(key, more);
            }
        }
    }
}
