// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/** UDP: DNS, the first packets of QUIC connections, and tunnels. X is at the header. */
final class DatagramCode {
    private static final int DNS = 53;

    /** VXLAN and its kin, GENEVE, GTP, Teredo, L2TP, CAPWAP, GRE in UDP. */
    private static final int[] TUNNEL_PORTS = {1701, 2152, 3544, 4754, 4789, 4790, 5247, 6081, 8472};

    private static final int LONG_HEADER = 0x80;
    private static final int HEADER = 8;

    private final Assembler code;
    private final Exits exits;

    DatagramCode(Assembler code, Exits exits) {
        this.code = code;
        this.exits = exits;
    }

    void emit(int udp) {
        code.place(udp);
        port(2);
        port(0);
        code.loadAtX(Assembler.BYTE, HEADER);
        code.anyBit(LONG_HEADER, Assembler.NEXT, exits.nothing());
        code.loadAtX(Assembler.WORD, HEADER + 1);
        code.equal(1, exits.whole(), Assembler.NEXT); // RFC 9000
        code.equal(0x6b3343cf, exits.whole(), Assembler.NEXT); // RFC 9369
        code.store(Cells.WORK);
        code.right(8);
        code.equal(0xff0000, exits.whole(), Assembler.NEXT); // drafts
        code.equal(0xfaceb0, exits.whole(), Assembler.NEXT); // mvfst
        code.equal(0x543035, exits.whole(), Assembler.NEXT); // T050, T051
        code.recall(Cells.WORK);
        code.and(0x0f0f0f0f);
        code.equal(0x0a0a0a0a, exits.whole(), exits.nothing()); // reserved to provoke negotiation
    }

    private void port(int offset) {
        code.loadAtX(Assembler.HALF, offset);
        code.equal(DNS, exits.whole(), Assembler.NEXT);
        if (exits.tunnels()) {
            for (int port : TUNNEL_PORTS) {
                code.equal(port, exits.whole(), Assembler.NEXT);
            }
        }
    }
}
