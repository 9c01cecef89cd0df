// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import java.util.Map;
import java.util.TreeMap;

/**
 * What was not seen or not used, over one interval or a whole capture.
 *
 * <p>It adds up: each of the connections and of those in mid-stream is in the end named, a hello without name, without
 * hello, failed, relayed, or in mid-stream without a name ({@link #midStreamWithoutName}). An interval may take back what
 * an earlier one said, so that its part of a sum is negative.
 *
 * @param packets read
 * @param packetsDropped by kernel, ring or interface
 * @param undecodable packets by reason (the names of {@link egret.capture.decode.Decoded}, lower case, '-' for '_')
 * @param connections of all endpoints, watched or not, with a SYN, or with a hello of QUIC
 * @param named of those and of the ones below, how many got a name
 * @param midStream connections whose beginning is not in the capture
 * @param withoutHello of the connections, those with client payload that no parser recognised, or with none at all
 * @param failed of the connections, those that were refused, reset before the client sent anything, or not answered
 * @param relayed of both, those whose hello showed them to be another sighting of a counted one
 * @param hellosWithoutName ClientHellos without a server name, by reason: no-sni, ech, cut, gap, timeout, shed
 * @param copies sightings of a connection that was already counted (behind NAT, in a mirror)
 * @param shed entries that a full table gave up, by table
 * @param owners of whom the watched connections are
 */
public record EvidenceGaps(
        long packets,
        long packetsDropped,
        Map<String, Long> undecodable,
        long connections,
        long named,
        long midStream,
        long withoutHello,
        long failed,
        long relayed,
        Map<String, Long> hellosWithoutName,
        long copies,
        Map<String, Long> shed,
        Coverage owners) {

    public static final EvidenceGaps NONE = ofShed(Map.of());

    /** Nothing but what full tables gave up. */
    public static EvidenceGaps ofShed(Map<String, Long> shed) {
        return new EvidenceGaps(0, 0, Map.of(), 0, 0, 0, 0, 0, 0, Map.of(), 0, shed, Coverage.NONE);
    }

    public EvidenceGaps {
        undecodable = Map.copyOf(undecodable);
        hellosWithoutName = Map.copyOf(hellosWithoutName);
        shed = Map.copyOf(shed);
    }

    /**
     * Connections to watched endpoints by what is known of their owner. All is empty where nobody could know, as in
     * captures from files; else it adds up to all of them.
     *
     * @param unattributed those whose owner was not known when they were counted
     * @param exact those whose owner the kernel told, by method
     * @param inferred those for which one candidate was left, by method
     */
    public record Coverage(long unattributed, Map<String, Long> exact, Map<String, Long> inferred) {
        public static final Coverage NONE = new Coverage(0, Map.of(), Map.of());

        public Coverage {
            exact = Map.copyOf(exact);
            inferred = Map.copyOf(inferred);
        }

        public boolean isEmpty() {
            return unattributed == 0 && exact.isEmpty() && inferred.isEmpty();
        }

        Coverage plus(Coverage other) {
            if (other.isEmpty()) {
                return this;
            }
            return new Coverage(
                    unattributed + other.unattributed, sum(exact, other.exact), sum(inferred, other.inferred));
        }
    }

    /** Of those in mid-stream, the ones that did not show a name. */
    public long midStreamWithoutName() {
        long rest = connections + midStream - named - withoutHello - failed - relayed;
        for (long count : hellosWithoutName.values()) {
            rest -= count;
        }
        return rest;
    }

    public EvidenceGaps plus(EvidenceGaps other) {
        return new EvidenceGaps(
                packets + other.packets,
                packetsDropped + other.packetsDropped,
                sum(undecodable, other.undecodable),
                connections + other.connections,
                named + other.named,
                midStream + other.midStream,
                withoutHello + other.withoutHello,
                failed + other.failed,
                relayed + other.relayed,
                sum(hellosWithoutName, other.hellosWithoutName),
                copies + other.copies,
                sum(shed, other.shed),
                owners.plus(other.owners));
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> both = new TreeMap<>(one);
        for (Map.Entry<String, Long> entry : other.entrySet()) {
            Long before = both.get(entry.getKey());
            both.put(entry.getKey(), entry.getValue() + (before == null ? 0 : before));
        }
        return both;
    }
}
