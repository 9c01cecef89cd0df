// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/**
 * IP headers: from X at the header to X at that of TCP or UDP. Fragments are taken all, as only the first says what it
 * belongs to, and so are IPv6 packets with extension headers, which this machine, without loops, cannot step over.
 */
final class NetworkCode {
    private static final int TCP = 6;
    private static final int UDP = 17;

    /** More fragments, or an offset. */
    private static final int FRAGMENT_BITS = 0x3fff;

    private static final int[] EXTENSIONS = {0, 43, 44, 51, 60, 135, 139, 140};

    /** IP, GRE, EtherIP, MPLS and Ethernet in IP. */
    private static final int[] TUNNELS = {4, 41, 47, 97, 137, 143};

    private final Assembler code;
    private final Exits exits;
    private final int tcp;
    private final int udp;

    NetworkCode(Assembler code, Exits exits, int tcp, int udp) {
        this.code = code;
        this.exits = exits;
        this.tcp = tcp;
        this.udp = udp;
    }

    void emit(int ipv4, int ipv6) {
        int tunnels = code.label();
        code.place(ipv4);
        ipv4(tunnels);
        code.place(ipv6);
        ipv6(tunnels);
        code.place(tunnels);
        if (exits.tunnels()) {
            for (int protocol : TUNNELS) {
                code.equal(protocol, exits.whole(), Assembler.NEXT);
            }
        }
        code.jump(exits.nothing());
    }

    private void ipv4(int tunnels) {
        int fragment = code.label();
        int isTcp = code.label();
        int isUdp = code.label();
        code.loadAtX(Assembler.HALF, 6);
        code.anyBit(FRAGMENT_BITS, fragment, Assembler.NEXT);
        code.loadAtX(Assembler.BYTE, 9);
        code.equal(TCP, isTcp, Assembler.NEXT);
        code.equal(UDP, isUdp, tunnels);
        code.place(fragment);
        code.loadAtX(Assembler.BYTE, 9);
        code.equal(TCP, exits.whole(), Assembler.NEXT);
        code.equal(UDP, exits.whole(), tunnels);
        code.place(isTcp);
        length(2);
        headerLength();
        code.toX();
        code.recall(Cells.TRANSPORT_LENGTH);
        code.subtractX();
        code.store(Cells.TRANSPORT_LENGTH);
        code.recall(Cells.NETWORK);
        toTransport(tcp);
        code.place(isUdp);
        headerLength();
        toTransport(udp);
    }

    private void headerLength() {
        code.loadAtX(Assembler.BYTE, 0);
        code.and(0x0f);
        code.left(2);
    }

    /** A and X add up to the position of the next header. */
    private void toTransport(int protocol) {
        code.addX();
        code.store(Cells.TRANSPORT);
        code.toX();
        code.jump(protocol);
    }

    private void ipv6(int tunnels) {
        int isTcp = code.label();
        int isUdp = code.label();
        code.loadAtX(Assembler.BYTE, 6);
        code.equal(TCP, isTcp, Assembler.NEXT);
        code.equal(UDP, isUdp, Assembler.NEXT);
        for (int extension : EXTENSIONS) {
            code.equal(extension, exits.whole(), Assembler.NEXT);
        }
        code.jump(tunnels);
        code.place(isTcp);
        length(4);
        code.loadConstant(40);
        toTransport(tcp);
        code.place(isUdp);
        code.loadConstant(40);
        toTransport(udp);
    }

    /** A length of 0 stands for one beyond 65,535, as the kernel's own segments have it (BIG TCP). */
    private void length(int offset) {
        int given = code.label();
        code.loadAtX(Assembler.HALF, offset);
        code.equal(0, Assembler.NEXT, given);
        code.loadLength();
        code.place(given);
        code.store(Cells.TRANSPORT_LENGTH);
    }
}
