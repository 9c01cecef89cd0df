// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.inspect;

import egret.capture.count.EvidenceGaps;
import egret.capture.count.RequestCount;
import egret.rules.IpAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was seen in one capture. Addresses are those of the innermost IP header; a source is the side that sent
 * the ClientHello, the CONNECT or the SYN. Lists are in the order of the packets. Times are nanoseconds since the epoch, of
 * packet time.
 *
 * @param file the path as it was given, "-" for standard input
 * @param packets read
 * @param connections TCP connections of which a SYN was seen, each once for its addresses, ports and incarnation
 * @param connectionsBySource the same by the side that sent the SYN
 * @param copies sightings of a connection that was already counted
 * @param truncatedAt offset where the file ended in mid-packet, null if it ended well
 * @param error why the file could not be read to its end, null if it could
 */
public record Inspection(
        String file,
        long packets,
        long connections,
        Map<IpAddress, Long> connectionsBySource,
        List<Hello> hellos,
        List<Connect> connects,
        List<Connect> socks,
        Dns dns,
        List<Requests> requests,
        long copies,
        EvidenceGaps gaps,
        @Nullable Long truncatedAt,
        @Nullable String error) {

    public Inspection {
        connectionsBySource = Map.copyOf(connectionsBySource);
        hellos = List.copyOf(hellos);
        connects = List.copyOf(connects);
        socks = List.copyOf(socks);
        requests = List.copyOf(requests);
    }

    /** A file of which nothing could be read. */
    public static Inspection unreadable(String file, String error) {
        return new Inspection(
                file,
                0,
                0,
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                new Dns(0, 0),
                List.of(),
                0,
                EvidenceGaps.NONE,
                null,
                error);
    }

    public enum Transport {
        TCP,
        QUIC
    }

    /**
     * One ClientHello.
     *
     * @param serverName null if it has none or it was not seen
     * @param alpn all protocols offered, in order
     * @param ja3 md5 in lower-case hex, null if the hello was not seen whole; likewise {@code ja4}
     * @param random 64 hex digits, null if it was not seen
     * @param ech an encrypted ClientHello was offered, so the server name may be a cover
     * @param cut the hello was not seen whole
     * @param packet number of the packet in which it began, from 1
     */
    public record Hello(
            Transport transport,
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            @Nullable String serverName,
            List<String> alpn,
            @Nullable String ja3,
            @Nullable String ja4,
            @Nullable String random,
            boolean ech,
            boolean cut,
            long packet,
            long timeNanos) {

        public Hello {
            alpn = List.copyOf(alpn);
        }
    }

    /**
     * A tunnel asked of a proxy, by HTTP CONNECT or SOCKS.
     *
     * @param target as host:port
     * @param packet number of the packet in which the request began, from 1
     */
    public record Connect(
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            String target,
            long packet,
            long timeNanos) {}

    /** Records in the answer sections of unicast DNS over UDP and TCP. */
    public record Dns(long a, long aaaa) {}

    /**
     * Requests inside one connection.
     *
     * @param alpnChosen the protocol that the server chose, "" if none, null if it could not be told
     */
    public record Requests(
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            @Nullable String alpnChosen,
            RequestCount requests) {}
}
