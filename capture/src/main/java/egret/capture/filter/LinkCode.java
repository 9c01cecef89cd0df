// SPDX-License-Identifier: Apache-2.0
package egret.capture.filter;

/**
 * Finds the IP header: the beginning of a program. What it discards it jumps away with, as the kernel's check of the
 * scratch memory takes what is stored before a return for all that is stored behind it.
 *
 * <p> It leaves the header's position in X and in {@link Cells#NETWORK}.
 */
final class LinkCode {
    /** SKF_AD_OFF + SKF_AD_PROTOCOL: the EtherType as the kernel knows it, whatever the device. */
    private static final int KERNEL_PROTOCOL = -0x1000;

    /** SKF_NET_OFF: positions from here on count from where the kernel sees the network header. */
    private static final int KERNEL_NETWORK = -0x100000;

    /** Tags in the bytes; the outermost one of a live packet is not among them. */
    private static final int MAX_TAGS = 2;

    private final Assembler code;
    private final Exits exits;
    private final int ipv4;
    private final int ipv6;

    LinkCode(Assembler code, Exits exits, int ipv4, int ipv6) {
        this.code = code;
        this.exits = exits;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    void emit(KernelFilter.Link link) {
        switch (link) {
            case ETHERNET -> {
                code.load(Assembler.HALF, 12);
                etherType(14, 0);
            }
            case ANY -> {
                code.load(Assembler.WORD, KERNEL_PROTOCOL);
                etherType(KERNEL_NETWORK, 0);
            }
            case RAW_IP -> version(0);
        }
    }

    /** A is the type of what begins at {@code base}. */
    private void etherType(int base, int tags) {
        int notIpv4 = code.label();
        int notIpv6 = code.label();
        int tagged = code.label();
        int session = code.label();
        code.equal(0x0800, Assembler.NEXT, notIpv4);
        goTo(ipv4, base);
        code.place(notIpv4);
        code.equal(0x86dd, Assembler.NEXT, notIpv6);
        goTo(ipv6, base);
        code.place(notIpv6);
        boolean mayBeTagged = tags < MAX_TAGS;
        if (mayBeTagged) {
            code.equal(0x8100, tagged, Assembler.NEXT);
            code.equal(0x88a8, tagged, Assembler.NEXT);
            code.equal(0x9100, tagged, Assembler.NEXT);
            code.equal(0x9200, tagged, Assembler.NEXT);
        }
        code.equal(0x8864, session, Assembler.NEXT);
        others();
        code.place(session);
        pointToPoint(base);
        if (mayBeTagged) {
            code.place(tagged);
            code.load(Assembler.HALF, base + 2);
            etherType(base + 4, tags + 1);
        }
    }

    private void goTo(int protocol, int base) {
        code.constantX(base);
        code.storeX(Cells.NETWORK);
        code.jump(protocol);
    }

    /** Frames in which IP cannot be found with a few instructions; further tags, as the last of them is tested for IP only. */
    private void others() {
        if (exits.tunnels()) {
            code.equal(0x8100, exits.whole(), Assembler.NEXT);
            code.equal(0x88a8, exits.whole(), Assembler.NEXT);
            code.equal(0x8847, exits.whole(), Assembler.NEXT);
            code.equal(0x8848, exits.whole(), Assembler.NEXT);
            code.equal(0x8926, exits.whole(), Assembler.NEXT);
            code.equal(0x880b, exits.whole(), Assembler.NEXT);
            code.equal(0x6558, exits.whole(), Assembler.NEXT);
            code.greater(1500, Assembler.NEXT, exits.whole());
        }
        code.jump(exits.nothing());
    }

    /** A PPPoE session (RFC 2516): six bytes, then the PPP protocol in two bytes, or in one where that was agreed. */
    private void pointToPoint(int base) {
        code.load(Assembler.HALF, base + 6);
        pointToPoint(base, 8);
        code.right(8);
        pointToPoint(base, 7);
        code.jump(exits.nothing());
    }

    private void pointToPoint(int base, int header) {
        int notIpv4 = code.label();
        int notIpv6 = code.label();
        code.equal(0x0021, Assembler.NEXT, notIpv4);
        goTo(ipv4, base + header);
        code.place(notIpv4);
        code.equal(0x0057, Assembler.NEXT, notIpv6);
        goTo(ipv6, base + header);
        code.place(notIpv6);
    }

    private void version(int base) {
        int notIpv4 = code.label();
        int neither = code.label();
        code.load(Assembler.BYTE, base);
        code.and(0xf0);
        code.equal(0x40, Assembler.NEXT, notIpv4);
        goTo(ipv4, base);
        code.place(notIpv4);
        code.equal(0x60, Assembler.NEXT, neither);
        goTo(ipv6, base);
        code.place(neither);
        code.jump(exits.nothing());
    }
}
