// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/**
 * TCP: what begins and ends connections, what names them, and what a search for the server's address ({@link
 * ServerCode}) is to decide. X is at the header.
 *
 * <p>A load beyond the packet's end discards it, so that the length of the payload is looked at before its bytes.
 */
final class SegmentCode {
    private static final int PUSH = 0x08;
    private static final int SYN = 0x02;
    private static final int SYN_FIN_RST = 0x07;
    private static final int DNS = 53;

    /** A TCP payload so short is taken: part of a beginning, or a SOCKS greeting. */
    private static final int SHORTEST = 6;

    /** User and password of RFC 1929 take no more. */
    private static final int LONGEST_PASSWORD = 513;

    private static final int HTTP = 0x48545450;

    private final Assembler code;
    private final Exits exits;
    private final KernelFilter.Mode mode;
    private final long[] ports;
    private final int fromServer;
    private final int toServer;

    SegmentCode(Assembler code, Exits exits, KernelFilter.Mode mode, long[] ports, int fromServer, int toServer) {
        this.code = code;
        this.exits = exits;
        this.mode = mode;
        this.ports = ports;
        this.fromServer = fromServer;
        this.toServer = toServer;
    }

    void emit(int tcp, int snaplen) {
        int carries = code.label();
        code.place(tcp);
        ends(snaplen);
        code.loadAtX(Assembler.BYTE, 12);
        code.and(0xf0);
        code.right(2);
        code.toX();
        code.recall(Cells.TRANSPORT_LENGTH);
        code.greaterThanX(carries, exits.otherwise());
        code.place(carries);
        code.subtractX();
        code.store(Cells.PAYLOAD_LENGTH);
        code.recall(Cells.TRANSPORT);
        code.addX();
        code.store(Cells.PAYLOAD);
        code.recallX(Cells.TRANSPORT);
        direction();
    }

    /** What is taken for its flags alone; a SYN with data (RFC 7413) carries a hello. */
    private void ends(int snaplen) {
        int noEnd = code.label();
        int keep = code.label();
        int noSyn = code.label();
        code.loadAtX(Assembler.BYTE, 13);
        code.anyBit(SYN_FIN_RST, Assembler.NEXT, noEnd);
        code.anyBit(SYN, Assembler.NEXT, noSyn);
        code.loadConstant(snaplen);
        code.jump(keep);
        code.place(noSyn);
        code.loadConstant(Math.min(KernelFilter.HEADERS, snaplen));
        code.jump(keep);
        code.place(noEnd);
        code.loadConstant(0);
        code.place(keep);
        code.store(Cells.OTHERWISE);
    }

    private void direction() {
        int client = code.label();
        int server = code.label();
        int unknown = code.label();
        int notClient = code.label();
        code.loadAtX(Assembler.HALF, 2);
        code.equal(DNS, exits.whole(), Assembler.NEXT);
        MemberSearch.emit(code, ports, client, notClient);
        code.place(notClient);
        code.loadAtX(Assembler.HALF, 0);
        code.equal(DNS, exits.whole(), Assembler.NEXT);
        MemberSearch.emit(code, ports, server, unknown);
        code.place(client);
        if (mode == KernelFilter.Mode.FAST) {
            code.loadAtX(Assembler.BYTE, 13);
            code.anyBit(PUSH, exits.whole(), Assembler.NEXT);
            beginnings(toServer);
        } else {
            code.jump(exits.whole());
        }
        code.place(server);
        serverHello();
        code.place(unknown);
        int neither = code.label();
        beginnings(neither);
        code.place(neither);
        nearerPort();
    }

    /** Tells the version and protocol that the server chose, also where its address is not known as watched yet. */
    private void serverHello() {
        code.recall(Cells.PAYLOAD_LENGTH);
        code.atLeast(SHORTEST, Assembler.NEXT, fromServer);
        code.recallX(Cells.PAYLOAD);
        code.loadAtX(Assembler.BYTE, 0);
        code.equal(0x16, Assembler.NEXT, fromServer);
        code.loadAtX(Assembler.BYTE, 5);
        code.equal(2, exits.whole(), fromServer);
    }

    /** Servers listen on the lower of two ports. */
    private void nearerPort() {
        code.recallX(Cells.TRANSPORT);
        code.loadAtX(Assembler.HALF, 2);
        code.store(Cells.WORK);
        code.loadAtX(Assembler.HALF, 0);
        code.recallX(Cells.WORK);
        code.greaterThanX(toServer, fromServer);
    }

    /** First bytes of a client: TLS, SOCKS, HTTP. */
    private void beginnings(int none) {
        int hello = code.label();
        int changeCipherSpec = code.label();
        int socks = code.label();
        int password = code.label();
        int text = code.label();
        int shortMethod = code.label();
        code.recall(Cells.PAYLOAD_LENGTH);
        code.atLeast(SHORTEST, Assembler.NEXT, exits.whole());
        code.recallX(Cells.PAYLOAD);
        code.loadAtX(Assembler.WORD, 0);
        code.store(Cells.WORK);
        code.right(16);
        code.equal(0x1603, hello, Assembler.NEXT);
        code.equal(0x1403, changeCipherSpec, Assembler.NEXT);
        code.equal(0x0401, exits.whole(), Assembler.NEXT);
        code.equal(0x0402, exits.whole(), Assembler.NEXT);
        code.right(8);
        code.equal(5, socks, Assembler.NEXT);
        code.equal(1, password, text);

        code.place(hello);
        code.loadAtX(Assembler.BYTE, 5);
        code.equal(1, exits.whole(), Assembler.NEXT);
        code.equal(2, exits.whole(), none);

        code.place(changeCipherSpec);
        code.recall(Cells.PAYLOAD_LENGTH);
        code.atLeast(12, Assembler.NEXT, exits.whole());
        code.loadAtX(Assembler.HALF, 6);
        code.equal(0x1603, Assembler.NEXT, none);
        code.loadAtX(Assembler.BYTE, 11);
        code.equal(1, exits.whole(), none);

        code.place(socks);
        int greeting = code.label();
        code.loadAtX(Assembler.BYTE, 2);
        code.equal(0, Assembler.NEXT, greeting); // reserved, 0 in a request
        code.loadAtX(Assembler.BYTE, 1);
        code.greater(3, greeting, exits.whole());
        code.place(greeting);
        code.loadAtX(Assembler.BYTE, 1);
        code.add(2);
        code.toX();
        code.recall(Cells.PAYLOAD_LENGTH);
        code.branch(0x18, 0, exits.whole(), none); // as long as its methods and their number
        code.place(password);
        code.recall(Cells.PAYLOAD_LENGTH);
        code.greater(LONGEST_PASSWORD, none, exits.whole());

        code.place(text);
        code.recall(Cells.WORK);
        code.equal(HTTP, none, Assembler.NEXT); // an answer
        code.and(0xe0e0e0e0);
        code.equal(0x40404040, exits.whole(), shortMethod);
        code.place(shortMethod);
        code.recall(Cells.WORK);
        code.and(0xe0e0e0ff);
        code.equal(0x40404020, exits.whole(), none);
    }
}
