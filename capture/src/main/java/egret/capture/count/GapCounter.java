// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.decode.Decoded;
import egret.capture.decode.PacketTotals;
import egret.capture.flow.Connection;
import egret.capture.origin.Owner;
import egret.capture.origin.Quality;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts what was not seen or not used, between one reading and the next. One thread. */
public final class GapCounter {
    private final PacketTotals totals;
    private final Map<String, Long> hellosWithoutName = new HashMap<>();
    private final Map<String, Long> before = new HashMap<>();
    private final Map<String, Long> exact = new HashMap<>();
    private final Map<String, Long> inferred = new HashMap<>();
    private long unattributed;
    private long packetsBefore;
    private long droppedBefore;
    private long connections;
    private long named;
    private long midStream;
    private long withoutHello;
    private long failed;
    private long relayed;
    private long copies;

    public GapCounter(PacketTotals totals) {
        this.totals = totals;
    }

    public void opened(Connection connection) {
        if (connection.midStream()) {
            midStream++;
        } else {
            connections++;
        }
    }

    /** The SYN of one in mid-stream came after all. */
    public void begun() {
        midStream--;
        connections++;
    }

    /** Its hello or request was read; {@code ech} when the hello hides its server name. */
    public void named(Connection connection, boolean ech) {
        takeBack(connection);
        if (connection.name() != 0) {
            named++;
            return;
        }
        String reason = connection.snapped() ? "cut" : connection.helloCut() ? "gap" : ech ? "ech" : "no-sni";
        Long before = hellosWithoutName.get(reason);
        hellosWithoutName.put(reason, before == null ? 1 : before + 1);
    }

    public void unnamed(Connection connection) {
        takeBack(connection);
        if (!connection.midStream()) {
            withoutHello++;
        }
    }

    public void failed() {
        failed++;
    }

    /** @param byHello it was opened before its hello told */
    public void copied(Connection connection, boolean byHello) {
        copies++;
        if (byHello && !connection.quic()) {
            takeBack(connection);
            relayed++;
        }
    }

    /** So many watched connections are this owner's. */
    public void owned(Owner owner, long count) {
        if (count <= 0) {
            return;
        }
        if (owner.quality() == Quality.UNKNOWN) {
            unattributed += count;
            return;
        }
        Map<String, Long> methods = owner.quality() == Quality.EXACT ? exact : inferred;
        Long before = methods.get(owner.method());
        methods.put(owner.method(), count + (before == null ? 0 : before));
    }

    private void takeBack(Connection connection) {
        if (connection.failedBefore()) {
            failed--;
        } else if (connection.unnamedBefore() && !connection.midStream()) {
            withoutHello--;
        }
    }

    /** All since the last reading. */
    public EvidenceGaps rollUp() {
        Map<String, Long> undecodable = new HashMap<>();
        for (Map.Entry<Decoded, Long> entry : totals.undecodable().entrySet()) {
            more(undecodable, word(entry.getKey()), entry.getValue());
        }
        Map<String, Long> shed = new HashMap<>();
        for (Map.Entry<String, Long> entry : totals.shed().entrySet()) {
            more(shed, entry.getKey(), entry.getValue());
        }
        long packets = totals.packets();
        long dropped = totals.dropped();
        EvidenceGaps.Coverage owners = unattributed == 0 && exact.isEmpty() && inferred.isEmpty()
                ? EvidenceGaps.Coverage.NONE
                : new EvidenceGaps.Coverage(unattributed, exact, inferred);
        EvidenceGaps gaps = new EvidenceGaps(
                packets - packetsBefore,
                dropped - droppedBefore,
                undecodable,
                connections,
                named,
                midStream,
                withoutHello,
                failed,
                relayed,
                hellosWithoutName,
                copies,
                shed,
                owners);
        packetsBefore = packets;
        droppedBefore = dropped;
        unattributed = 0;
        exact.clear();
        inferred.clear();
        connections = 0;
        named = 0;
        midStream = 0;
        withoutHello = 0;
        failed = 0;
        relayed = 0;
        copies = 0;
        hellosWithoutName.clear();
        return gaps;
    }

    private void more(Map<String, Long> into, String key, long total) {
        Long last = before.put(key, total);
        long more = total - (last == null ? 0 : last);
        if (more != 0) {
            into.put(key, more);
        }
    }

    /** {@code TOO_DEEP} as {@code too-deep}. */
    private static String word(Decoded outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
