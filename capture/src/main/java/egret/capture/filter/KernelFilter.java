// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/**
 * The program that lets the kernel discard the packets that counting never needs. It takes:
 *
 * <ul>
 *   <li>SYN, FIN and RST of all connections, with data or without ({@value #HEADERS} bytes of what has none);
 *   <li>what a client sends first: ClientHellos, HTTP and SOCKS requests, to any port; to the ports of TLS and of proxies
 *       all that clients send, or in {@link Mode#FAST} what has PSH; ServerHellos; payloads of less than six bytes;
 *   <li>DNS, and packets with QUIC's long header;
 *   <li>all payload to and from the addresses in {@link WatchedAddresses};
 *   <li>fragments, IPv6 packets with extension headers, and where it is said, packets inside others.
 * </ul>
 *
 * What goes by: acknowledgments without data, data of servers that are not watched, and to other ports all that a client
 * sends but its first segment. A hello in several segments to such a port is read as far as its first one goes.
 *
 * <p>Programs are for live packets, of which the kernel took the outermost VLAN tag. Immutable.
 */
public final class KernelFilter {
    /** Where a packet's IP header is. */
    public enum Link {
        /** Behind an Ethernet header, and tags or PPPoE. */
        ETHERNET,
        /** At its beginning, as of tun devices. */
        RAW_IP,
        /** Where the kernel says, whatever the device: for packet sockets alone, bound to one interface or to none. */
        ANY
    }

    /** How much of what clients send to TLS ports is taken. */
    public enum Mode {
        /** All of it, so that every hello is whole. */
        NORMAL,
        /** Segments with PSH or that begin a hello: a hello in three and more segments loses its middle. */
        FAST
    }

    /** Holds link header, tags, IPv4 and TCP with all options. */
    static final int HEADERS = 160;

    /**
     * Segments that the kernel put together (GRO) hold many records, and requests are counted by their headers: with 4,096
     * bytes 113 of 180 multiplexed requests are found, with 8,192 169, with these all.
     */
    static final int SERVER_SNAPLEN = 16_384;

    /** Where clients speak to proxies or in clear: 80, SOCKS, Squid, and what else is usual. */
    private static final int[] OPEN_PORTS = {80, 1080, 3128, 8080, 8118, 8888, 9050};

    /** A program as the kernel has it is not to grow with the ports in rules. */
    private static final int MAX_PORTS = 64;

    private final Link link;
    private final Mode mode;
    private final int snaplen;
    private final boolean tunnels;
    private final long[] ports;

    /**
     * @param snaplen bytes at most that are taken of a packet; of a watched server's {@value #SERVER_SNAPLEN} at least
     * @param tlsPorts where clients speak TLS, 443 among them; the first {@value #MAX_PORTS} count
     * @param tunnels take packets inside others whole (VXLAN, GENEVE, GRE, IP in IP, MPLS and others): what a mirror's target
     *     gets
     */
    public KernelFilter(Link link, Mode mode, int snaplen, int[] tlsPorts, boolean tunnels) {
        this.link = link;
        this.mode = mode;
        this.snaplen = snaplen;
        this.tunnels = tunnels;
        int count = Math.min(tlsPorts.length, MAX_PORTS);
        ports = new long[OPEN_PORTS.length + count];
        for (int i = 0; i < OPEN_PORTS.length; i++) {
            ports[i] = MemberSearch.range(OPEN_PORTS[i]);
        }
        for (int i = 0; i < count; i++) {
            ports[OPEN_PORTS.length + i] = MemberSearch.range(tlsPorts[i]);
        }
    }

    /**
     * The program, each instruction in a long as {@code struct sock_filter}: code in bits 0-15, jumps if true and false in
     * 16-23 and 24-31, operand in 32-63. With all addresses and ports that there may be it has
     * less than 3,700 instructions.
     */
    public long[] program(WatchedAddresses watched) {
        Assembler code = new Assembler();
        Exits exits = new Exits(code.label(), code.label(), code.label(), tunnels);
        int ipv4 = code.label();
        int ipv6 = code.label();
        int tcp = code.label();
        int udp = code.label();
        int fromServer = code.label();
        int toServer = code.label();
        new LinkCode(code, exits, ipv4, ipv6).emit(link);
        new NetworkCode(code, exits, tcp, udp).emit(ipv4, ipv6);
        new DatagramCode(code, exits).emit(udp);
        new SegmentCode(code, exits, mode, ports, fromServer, toServer).emit(tcp, snaplen);
        new ServerCode(code, exits, watched.ranges4(), watched.hashes6(), watched.blocks6())
                .emit(fromServer, toServer, Math.max(snaplen, SERVER_SNAPLEN), snaplen);
        code.place(exits.otherwise());
        code.recall(Cells.OTHERWISE);
        code.endWithA();
        code.place(exits.whole());
        code.end(snaplen);
        code.place(exits.nothing());
        code.end(0);
        return code.program();
    }
}
