// SPDX-License-Identifier: Apache-2.0
package egret.capture.count;

import egret.capture.evidence.Evidence;
import egret.capture.origin.Owner;
import egret.rules.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one agent counted in one interval: the message between the capturing and the analyzing half, and the place where
 * the hot path ends. Immutable; the arrays of its rows belong to it and must not be changed.
 *
 * @param agent who counted
 * @param boot changes when the agent starts anew
 * @param sequence counts the messages of one boot from 0, so that one that arrives twice counts once
 * @param startSecond start of the interval, seconds since the epoch of packet time
 * @param seconds length of the interval, ≥ 1
 * @param vantage where the packets were seen
 * @param rows what is watched
 * @param others what is not, summed by source
 * @param gaps what was not seen or not used in the interval
 * @param evidence what daemons said, as it came in during the interval; it may be of seconds before. Empty in captures
 *     from files, whose logs are read beside them
 * @param local the machine of the agent, to which the evidence belongs that bears its name
 */
public record SourceCounts(
        String agent,
        String boot,
        long sequence,
        long startSecond,
        int seconds,
        Vantage vantage,
        List<Row> rows,
        List<Other> others,
        EvidenceGaps gaps,
        List<Evidence> evidence,
        Local local) {

    public SourceCounts {
        rows = List.copyOf(rows);
        others = List.copyOf(others);
        evidence = List.copyOf(evidence);
    }

    /** Without evidence. */
    public SourceCounts(
            String agent,
            String boot,
            long sequence,
            long startSecond,
            int seconds,
            Vantage vantage,
            List<Row> rows,
            List<Other> others,
            EvidenceGaps gaps) {
        this(agent, boot, sequence, startSecond, seconds, vantage, rows, others, gaps, List.of(), Local.NONE);
    }

    /** The same with evidence. */
    public SourceCounts with(List<Evidence> said, Local by) {
        return new SourceCounts(agent, boot, sequence, startSecond, seconds, vantage, rows, others, gaps, said, by);
    }

    /**
     * A machine that evidence is from.
     *
     * @param host its name, as in {@link Evidence#host}; "" if there is no evidence
     * @param addresses under which its daemons may be seen as a source; those of ways out come first
     */
    public record Local(String host, List<IpAddress> addresses) {
        public static final Local NONE = new Local("", List.of());

        public Local {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * The connections of one source to one server name of a watched endpoint, of one client and one owner.
     *
     * @param source the inside host that is accounted to: the address before NAT, where that is known
     * @param egress the address that the remote side sees, where the connection or a copy was seen behind the NAT
     * @param endpoint name of the watched endpoint
     * @param serverName as in the ClientHello, the CONNECT or the DNS answer; "" if unknown
     * @param ja4 of the ClientHello; "" if none was seen whole
     * @param clientTraits what tells clients of equal JA4 apart: see {@link ClientTraits}
     * @param owner as far as it was known at the end of the interval; {@link Owner#UNKNOWN} in captures from files
     * @param connections that were named in the interval, each once however often it was seen
     * @param failed connection attempts that were refused, reset or not answered
     * @param requests inside the connections, also those opened in earlier intervals
     * @param pulls image pulls begun
     * @param bytesUp payload bytes from the source
     * @param bytesDown payload bytes to the source
     * @param arrivalMillis for each connection its offset in the interval, in ms, ascending; cut at {@link
     *     #MAX_ARRIVALS}
     * @param pullMillis likewise for each pull
     * @param handshakeMicros ClientHello to first byte of the ServerHello, in µs, unordered; cut at {@link
     *     #MAX_ARRIVALS}
     * @param connectionKeys 8-byte hashes that are equal for one connection at every vantage; cut at {@link
     *     #MAX_ARRIVALS}
     * @param packets where to find the first ClientHellos: file index in the high 16 bits, packet number below; cut at
     *     {@link #MAX_PACKETS}
     * @param firstNanos time of the first connection's first packet, nanoseconds since the epoch
     * @param lastNanos time of the last packet that was counted
     */
    public record Row(
            IpAddress source,
            @Nullable IpAddress egress,
            String endpoint,
            String serverName,
            String ja4,
            ClientTraits clientTraits,
            Owner owner,
            long connections,
            long failed,
            RequestCount requests,
            long pulls,
            long bytesUp,
            long bytesDown,
            int[] arrivalMillis,
            int[] pullMillis,
            int[] handshakeMicros,
            long[] connectionKeys,
            long[] packets,
            long firstNanos,
            long lastNanos) {}

    /**
     * What a source did besides, since the last such row of its agent: one row for its most frequent server name, one
     * for all else.
     *
     * @param serverName "" for the rest
     * @param connections at least so many for a name; the rows of a source together are exact
     */
    public record Other(IpAddress source, String serverName, long connections, long failed) {}

    /** Entries of the per-connection arrays of a row; what is beyond is counted, but not listed. */
    public static final int MAX_ARRIVALS = 1024;

    /** Entries of evidence of one interval; what is beyond comes with the next. */
    public static final int MAX_EVIDENCE = 2048;

    /** Packet numbers kept for a row as evidence. */
    public static final int MAX_PACKETS = 8;
}
