// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/**
 * The search for the server's address among those that are watched: the end of a program. IPv4 addresses are searched
 * for as they are, IPv6 ones by a hash of 32 bits: another address with the same hash is taken too and counted by nobody.
 */
final class ServerCode {
    /** Odd, so that each word counts with all its bits; of Knuth's multiplicative hash. */
    private static final int FACTOR = 0x9e3779b1;

    private final Assembler code;
    private final Exits exits;
    private final long[] ipv4;
    private final long[] ipv6;
    private final long[] blocks;

    /**
     * @param ipv4 ranges of addresses, as of {@link MemberSearch#range}
     * @param ipv6 ranges of hashes
     * @param blocks of IPv6: two words of the address, then its length
     */
    ServerCode(Assembler code, Exits exits, long[] ipv4, long[] ipv6, long[] blocks) {
        this.code = code;
        this.exits = exits;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.blocks = blocks;
    }

    void emit(int fromServer, int toServer, int serverSnaplen, int clientSnaplen) {
        int search4 = code.label();
        int search6 = code.label();
        int watched = code.label();
        code.place(fromServer);
        side(serverSnaplen, 12, 8, search4, search6);
        code.place(toServer);
        side(clientSnaplen, 16, 24, search4, search6);
        code.place(search4);
        MemberSearch.emit(code, ipv4, watched, exits.otherwise());
        code.place(search6);
        for (int i = 0; i < blocks.length; i += 3) {
            block(blocks[i], blocks[i + 1], (int) blocks[i + 2], watched);
        }
        hash();
        MemberSearch.emit(code, ipv6, watched, exits.otherwise());
        code.place(watched);
        code.recall(Cells.WATCHED);
        code.endWithA();
    }

    /** The server's address to A, or its position to X. */
    private void side(int snaplen, int offset4, int offset6, int search4, int search6) {
        int version6 = code.label();
        code.loadConstant(snaplen);
        code.store(Cells.WATCHED);
        code.recallX(Cells.NETWORK);
        code.loadAtX(Assembler.BYTE, 0);
        code.and(0xf0);
        code.equal(0x40, Assembler.NEXT, version6);
        code.loadAtX(Assembler.WORD, offset4);
        code.jump(search4);
        code.place(version6);
        code.loadConstant(offset6);
        code.addX();
        code.store(Cells.ADDRESS);
        code.toX();
        code.jump(search6);
    }

    private void block(long high, long low, int length, int watched) {
        int next = code.label();
        for (int word = 0; word < 4 && word * 32 < length; word++) {
            int bits = Math.min(32, length - word * 32);
            int value = (int) ((word < 2 ? high : low) >>> (word % 2 == 0 ? 32 : 0));
            int mask = -1 << (32 - bits);
            code.loadAtX(Assembler.WORD, word * 4);
            if (bits < 32) {
                code.and(mask);
            }
            code.equal(value & mask, Assembler.NEXT, next);
        }
        code.jump(watched);
        code.place(next);
    }

    /** As {@link #hash(long, long)}; X is at the address. */
    private void hash() {
        code.loadAtX(Assembler.WORD, 0);
        for (int word = 1; word < 4; word++) {
            code.multiply(FACTOR);
            code.store(Cells.WORK);
            code.loadAtX(Assembler.WORD, word * 4);
            code.recallX(Cells.WORK);
            code.addX();
            code.recallX(Cells.ADDRESS);
        }
    }

    static int hash(long high, long low) {
        int hash = (int) (high >>> 32);
        hash = hash * FACTOR + (int) high;
        hash = hash * FACTOR + (int) (low >>> 32);
        return hash * FACTOR + (int) low;
    }
}
